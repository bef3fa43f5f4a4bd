"""Answers to complaints that are withdrawn, several tickets at once, and the pages of Undo."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.utils import timezone

from backoffice.tickets.actions import (
    TicketStateConflict,
    complete_ticket,
    complete_tickets,
    reopen_ticket,
    reopen_tickets,
    take_ticket,
)
from backoffice.tickets.models import Notification, Ticket
from backoffice.tickets.states import TicketState
from frontdesk.complaints.actions.complaints import (
    confirm_complaint,
    forget_told_answers,
    reopen_complaint,
    undo_confirmation,
)
from frontdesk.complaints.models import Complaint, ComplaintCategory
from frontdesk.complaints.states import ComplaintState
from officeflow.company.models import Office
from officeflow.errors import Conflict
from officeflow.handoff.maintenance import periodic_jobs
from officeflow.handoff.models import Handoff
from officeflow.mail.models import Message
from officeflow.mail.states import MessageState
from officeflow.staff.models import User
from tests.races import at_once
from tests.tickets.conftest import deliver

pytestmark = pytest.mark.django_db

ANSWER = {"outcome": "upheld", "message": "We are sorry; the next coffee is on us."}


def complaint_of(ticket: Ticket) -> Complaint:
    return Complaint.objects.get(number=ticket.subject)


@pytest.fixture
def answered(complaint_ticket: Ticket, maya: User, monkeypatch: pytest.MonkeyPatch) -> Ticket:
    """Management's answered complaint, whose message to the customer waits."""
    monkeypatch.setattr(settings, "MAIL_MODE", "mailbox")
    take_ticket(actor=maya, ticket=complaint_ticket)
    complete_ticket(actor=maya, ticket=complaint_ticket, **ANSWER)
    deliver()
    return complaint_ticket


def test_an_answer_is_withdrawn_before_the_customer_is_told(
    answered: Ticket, maya: User, client: Client
) -> None:
    reopen_ticket(actor=maya, ticket=answered)
    deliver()
    complaint = complaint_of(answered)
    assert (complaint.state, complaint.message, complaint.outcome) == ("in_hand", "", "")
    assert Message.objects.get().state == MessageState.WITHDRAWN
    # Whoever answers again does not type it anew.
    client.force_login(maya)
    assert ANSWER["message"] in client.get(f"/office/tickets/{answered.number}/complete/").text
    complete_ticket(actor=maya, ticket=answered, **{**ANSWER, "message": "A better answer."})
    deliver()
    assert complaint_of(answered).message == "A better answer."


@pytest.mark.parametrize("applied", [True, False])
def test_an_answer_stays_when_the_customer_was_told(
    answered: Ticket, maya: User, rita: User, applied: bool
) -> None:
    confirm_complaint(actor=rita, complaint=complaint_of(answered))
    if applied:
        deliver()
    with pytest.raises(TicketStateConflict):
        reopen_ticket(actor=maya, ticket=answered)
    deliver()
    assert complaint_of(answered).state == ComplaintState.CONFIRMED


@pytest.mark.parametrize("act", [confirm_complaint, reopen_complaint])
def test_the_desk_tells_nobody_an_answer_that_was_just_withdrawn(
    answered: Ticket, maya: User, rita: User, act: Callable[..., Complaint]
) -> None:
    reopen_ticket(actor=maya, ticket=answered)
    words = {"reason": "Still cold."} if act is reopen_complaint else {}
    with pytest.raises(Conflict, match="withdrawn its answer"):
        act(actor=rita, complaint=complaint_of(answered), **words)
    deliver()
    assert complaint_of(answered).state == ComplaintState.IN_HAND


@pytest.mark.parametrize("category", [ComplaintCategory.SERVICE, ComplaintCategory.CONDUCT])
def test_an_answer_stays_when_the_desk_has_reopened_the_complaint(
    complain: Callable[..., Ticket],
    maya: User,
    hanna: User,
    rita: User,
    client: Client,
    category: ComplaintCategory,
) -> None:
    first = complain(category)
    who = hanna if category == ComplaintCategory.CONDUCT else maya
    take_ticket(actor=who, ticket=first)
    complete_ticket(actor=who, ticket=first, **ANSWER)
    deliver()
    reopen_complaint(actor=rita, complaint=complaint_of(first), reason="Still cold.")
    deliver()
    client.force_login(who)
    page = client.post(f"/office/tickets/{first.number}/reopen/")
    assert page.status_code == 409
    assert "It has another ticket now." in page.text
    with pytest.raises(TicketStateConflict, match="another ticket"):
        reopen_ticket(actor=who, ticket=first)
    second = Ticket.objects.open().get()
    take_ticket(actor=who, ticket=second)
    complete_ticket(actor=who, ticket=second, **ANSWER)
    deliver()
    assert complaint_of(first).state == ComplaintState.RESOLVED
    assert not Handoff.objects.exclude(state="applied").exclude(destination="mail").exists()


def test_whoever_gets_a_reopened_complaint_reads_what_was_before(
    answered: Ticket, maya: User, rita: User, client: Client
) -> None:
    reopen_complaint(actor=rita, complaint=complaint_of(answered), reason="Still cold.")
    deliver()
    client.force_login(maya)
    page = client.get(f"/office/tickets/{Ticket.objects.open().get().number}/").text
    for words in ("Still cold.", "I waited for an hour.", ANSWER["message"], answered.number):
        assert words in page
    client.force_login(rita)
    page = client.get(f"/desk/complaints/{answered.subject}/").text
    assert "Still cold." in page
    assert "The earlier answer" in page


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("_round", range(3))
def test_of_withdrawing_an_answer_and_reopening_the_complaint_one_wins(
    answered: Ticket, maya: User, rita: User, _round: int
) -> None:
    def reopen_and_deliver() -> None:
        reopen_complaint(actor=rita, complaint=complaint_of(answered), reason="Still cold.")
        deliver()

    withdrawing, reopening = at_once(
        lambda: reopen_ticket(
            actor=maya, ticket=Ticket.objects.get(pk=answered.pk), reason="It was wrong."
        ),
        reopen_and_deliver,
    )
    assert bool(withdrawing) != bool(reopening)
    deliver()
    state = ComplaintState.IN_HAND if reopening else ComplaintState.REOPENED
    assert complaint_of(answered).state == state
    assert Ticket.objects.open().count() == 1
    assert not Handoff.objects.filter(state="dead").exists()


def test_an_answer_is_not_sent_to_who_is_unhappy_with_it(
    answered: Ticket, maya: User, rita: User
) -> None:
    reopen_complaint(actor=rita, complaint=complaint_of(answered), reason="Still cold.")
    assert Message.objects.get().state == MessageState.WITHDRAWN


def test_undo_brings_back_the_words_of_hr_until_its_time_is_over(
    complain: Callable[..., Ticket], hanna: User, rita: User, client: Client
) -> None:
    ticket = complain(ComplaintCategory.CONDUCT)
    take_ticket(actor=hanna, ticket=ticket)
    complete_ticket(actor=hanna, ticket=ticket, **ANSWER)
    deliver()
    client.force_login(rita)
    page = f"/desk/complaints/{ticket.subject}/"
    client.post(f"{page}confirm/")
    assert forget_told_answers() == 0
    assert ANSWER["message"] not in client.get(page).text
    client.post(f"{page}confirm/undo/")
    assert ANSWER["message"] in client.get(f"{page}confirm/").text
    client.post(f"{page}confirm/")
    with time_machine.travel(timezone.now() + timedelta(seconds=14)):
        assert forget_told_answers() == 1
        assert forget_told_answers() == 0
        with pytest.raises(Conflict, match="time for Undo is over"):
            undo_confirmation(actor=rita, complaint=complaint_of(ticket))
    assert complaint_of(ticket).message == ""
    assert periodic_jobs._jobs["forget_told_answers"].run is forget_told_answers


def test_without_undo_the_words_of_hr_go_at_once(
    complain: Callable[..., Ticket], hanna: User, rita: User
) -> None:
    Office.objects.update(undo_seconds=0)
    ticket = complain(ComplaintCategory.CONDUCT)
    take_ticket(actor=hanna, ticket=ticket)
    complete_ticket(actor=hanna, ticket=ticket, **ANSWER)
    deliver()
    assert confirm_complaint(actor=rita, complaint=complaint_of(ticket)).message == ""


def test_an_answer_cannot_be_withdrawn_later(answered: Ticket, maya: User) -> None:
    Ticket.objects.update(closed_at=timezone.now() - timedelta(minutes=5))
    with pytest.raises(TicketStateConflict, match="has the answer"):
        reopen_ticket(actor=maya, ticket=answered, reason="It was wrong.")


def test_undo_takes_back_that_the_customer_was_told(
    answered: Ticket, maya: User, rita: User
) -> None:
    confirm_complaint(actor=rita, complaint=complaint_of(answered))
    undo_confirmation(actor=rita, complaint=complaint_of(answered))
    deliver()
    assert complaint_of(answered).state == ComplaintState.RESOLVED
    assert answered.resolution.told_at is None
    with pytest.raises(Conflict, match="nothing to undo"):
        undo_confirmation(actor=rita, complaint=complaint_of(answered))


def test_the_desk_learns_no_reason_of_hr(complain: Callable[..., Ticket], hanna: User) -> None:
    ticket = complain(ComplaintCategory.CONDUCT)
    take_ticket(actor=hanna, ticket=ticket)
    complete_ticket(actor=hanna, ticket=ticket, **ANSWER)
    reopen_ticket(actor=hanna, ticket=ticket, reason="A witness called.")
    posted = Handoff.objects.get(contract="ComplaintAnswerWithdrawn")
    assert posted.payload["reason"] == ""
    deliver()
    assert complaint_of(ticket).state == ComplaintState.IN_HAND


def test_a_colleague_reopens_with_a_reason_and_the_first_one_is_notified(
    ticket: Ticket, femi: User, fay: User, rita: User
) -> None:
    take_ticket(actor=femi, ticket=ticket)
    complete_ticket(actor=femi, ticket=ticket)
    with pytest.raises(PermissionDenied):
        reopen_ticket(actor=rita, ticket=ticket, reason="I want it")
    reopen_ticket(actor=fay, ticket=ticket, reason="A mug is missing.")
    assert ticket.assignee == fay
    told = Notification.objects.get(person=femi)
    assert (told.kind, told.by, told.note) == ("reopened", fay, "A mug is missing.")


def test_only_a_completed_ticket_is_reopened(ticket: Ticket, femi: User) -> None:
    with pytest.raises(Conflict, match="Take it first"):
        reopen_ticket(actor=femi, ticket=ticket, reason="Why not")
    take_ticket(actor=femi, ticket=ticket)
    with pytest.raises(Conflict, match="already taken"):
        reopen_ticket(actor=femi, ticket=ticket, reason="Why not")


def test_several_are_undone_together(
    ordered: Callable[..., Ticket], femi: User, client: Client
) -> None:
    tickets = [ordered(), ordered()]
    for each in tickets:
        take_ticket(actor=femi, ticket=each)
    client.force_login(femi)
    numbers = [each.number for each in tickets]
    form = {"operation": "complete", "ticket": numbers, "queue": "tab=mine"}
    page = client.post("/office/queue/fulfilment/bulk/", form, follow=True)
    assert "2 tickets are completed." in page.text
    assert "/office/queue/fulfilment/undo/" in page.text
    client.post("/office/queue/fulfilment/undo/", {"ticket": numbers})
    assert set(Ticket.objects.values_list("state", "assignee")) == {("taken", femi.pk)}


def test_of_several_those_that_are_final_are_named(
    ordered: Callable[..., Ticket], femi: User
) -> None:
    tickets = [ordered(), ordered()]
    for each in tickets:
        take_ticket(actor=femi, ticket=each)
    complete_tickets(actor=femi, tickets=tickets)
    reopen_ticket(actor=femi, ticket=tickets[0])
    results = reopen_tickets(actor=femi, tickets=tickets)
    assert [bool(each.refusal) for each in results] == [True, False]


def test_the_page_offers_undo_for_the_offices_seconds(
    ticket: Ticket, femi: User, client: Client
) -> None:
    take_ticket(actor=femi, ticket=ticket)
    client.force_login(femi)
    address = f"/office/tickets/{ticket.number}/"
    with time_machine.travel(timezone.now(), tick=False):
        page = client.post(f"{address}complete/", follow=True).text
    assert f'action="{address}reopen/"' in page
    assert 'data-undo="10"' in page
    # It survives a reload, and an Undo needs no form.
    assert f'action="{address}reopen/"' in client.get("/office/queue/fulfilment/").text
    page = client.post(f"{address}reopen/", follow=True).text
    assert "is yours again" in page
    assert "data-undo" not in page
    ticket.refresh_from_db()
    assert ticket.state == TicketState.TAKEN


def test_later_the_page_asks_for_the_reason(ticket: Ticket, femi: User, client: Client) -> None:
    take_ticket(actor=femi, ticket=ticket)
    complete_ticket(actor=femi, ticket=ticket)
    Ticket.objects.update(closed_at=timezone.now() - timedelta(minutes=5))
    client.force_login(femi)
    address = f"/office/tickets/{ticket.number}/"
    assert "Not ready after all…" in client.get(address).text
    page = client.post(f"{address}reopen/")
    assert page.status_code == 422
    assert "Enter why" in page.text
    client.post(f"{address}reopen/", {"reason": "One is chipped."})
    page = client.get(address).text
    assert "reopened the ticket" in page
    assert "One is chipped." in page


def test_an_undo_that_comes_too_late_asks_for_no_reason_in_vain(
    answered: Ticket, maya: User, client: Client
) -> None:
    Ticket.objects.update(closed_at=timezone.now() - timedelta(minutes=5))
    client.force_login(maya)
    address = f"/office/tickets/{answered.number}/reopen/"
    page = client.post(address)
    assert page.status_code == 409
    assert "<textarea" not in page.text
    assert "The front desk has the answer now." in page.text
    typed = client.post(address, {"reason": "It was wrong."})
    assert typed.status_code == 422
    assert "It was wrong." in typed.text


def test_an_office_without_undo_offers_none(ticket: Ticket, femi: User, client: Client) -> None:
    Office.objects.update(undo_seconds=0)
    take_ticket(actor=femi, ticket=ticket)
    client.force_login(femi)
    page = client.post(f"/office/tickets/{ticket.number}/complete/", follow=True).text
    assert "data-undo" not in page
    assert "is completed." in page
