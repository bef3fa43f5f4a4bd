"""Taking over and reassigning tickets."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client

from backoffice.tickets.actions import (
    InvalidAssignee,
    NotAssignee,
    TicketTaken,
    complete_ticket,
    reassign_ticket,
    return_ticket,
    set_priority,
    take_over_ticket,
    take_ticket,
)
from backoffice.tickets.actions.transitions import TicketStateConflict
from backoffice.tickets.models import Notification, Ticket
from backoffice.tickets.states import TicketState
from frontdesk.questions.models import DeskQuestion
from officeflow.audit.models import AuditEntry
from officeflow.errors import Conflict, Refused
from officeflow.permissions import Role
from officeflow.staff.models import User
from tests.people import employ
from tests.races import at_once
from tests.tickets.conftest import deliver

pytestmark = pytest.mark.django_db


def test_taking_over_notifies_the_former_assignee(ticket: Ticket, femi: User, fay: User) -> None:
    take_ticket(actor=femi, ticket=ticket)
    take_over_ticket(actor=fay, ticket=ticket, holder=femi, note="You are ill; get well.")
    assert (ticket.state, ticket.assignee) == (TicketState.TAKEN, fay)
    before, now = list(ticket.periods.order_by("pk"))[-2:]
    assert (before.assignee, before.ended_at) == (femi, now.started_at)
    assert (now.assignee, now.actor, now.note) == (fay, fay, "You are ill; get well.")
    notification = Notification.objects.get()
    assert (notification.person, notification.kind, notification.by) == (femi, "taken_over", fay)
    entry = AuditEntry.objects.get(action="take_over_ticket")
    assert entry.changes == {"assignee": ["femi", "fay"], "note": None}


def test_taking_over_requires_the_assignee_that_the_page_showed(
    ticket: Ticket, femi: User, fay: User
) -> None:
    take_ticket(actor=femi, ticket=ticket)
    take_over_ticket(actor=fay, ticket=ticket, holder=femi)
    third = employ("ravi")
    third.grants.update(role=Role.FULFILMENT)
    with pytest.raises(TicketTaken, match="Fay Fulfilment has this ticket now, not Femi"):
        take_over_ticket(actor=User.objects.get(pk=third.pk), ticket=ticket, holder=femi)
    with pytest.raises(TicketTaken, match="You already have this ticket"):
        take_over_ticket(actor=fay, ticket=ticket, holder=femi)


def test_a_finished_ticket_is_not_taken_over(ticket: Ticket, femi: User, fay: User) -> None:
    take_ticket(actor=femi, ticket=ticket)
    complete_ticket(actor=femi, ticket=ticket)
    with pytest.raises(TicketStateConflict):
        take_over_ticket(actor=fay, ticket=ticket, holder=femi)


def test_only_workers_of_the_department_take_over(ticket: Ticket, femi: User, maya: User) -> None:
    take_ticket(actor=femi, ticket=ticket)
    with pytest.raises(PermissionDenied):
        take_over_ticket(actor=maya, ticket=ticket, holder=femi)


def test_the_answer_goes_to_the_new_assignee(
    ticket: Ticket, femi: User, fay: User, rita: User
) -> None:
    from frontdesk.questions.actions import answer_question

    take_ticket(actor=femi, ticket=ticket)
    return_ticket(actor=femi, ticket=ticket, reason="other", question="Blue?")
    deliver()
    take_over_ticket(actor=fay, ticket=ticket, holder=femi)
    assert ticket.state == TicketState.RETURNED
    answer_question(actor=rita, question=DeskQuestion.objects.get(), answer="Blue.")
    deliver()
    ticket.refresh_from_db()
    assert (ticket.state, ticket.assignee) == (TicketState.TAKEN, fay)
    assert Notification.objects.filter(person=fay, kind="answered").count() == 1


def test_reassigning_notifies_both_colleagues(ticket: Ticket, femi: User, fay: User) -> None:
    take_ticket(actor=femi, ticket=ticket)
    reassign_ticket(actor=femi, ticket=ticket, to=fay, holder=femi, note="Yours, please.")
    assert ticket.assignee == fay
    assert [(n.person, n.kind) for n in Notification.objects.all()] == [(fay, "given")]


def test_a_leader_assigns_a_waiting_ticket_which_accepts_its_handoff(
    ticket: Ticket, femi: User, maya: User
) -> None:
    reassign_ticket(actor=maya, ticket=ticket, to=femi, holder=None)
    assert (ticket.state, ticket.assignee) == (TicketState.TAKEN, femi)
    ticket.handoff.refresh_from_db()
    assert ticket.handoff.accepted_by == femi


def test_only_assignee_or_leader_reassigns_and_only_to_workers(
    ticket: Ticket, femi: User, fay: User, amir: User, maya: User
) -> None:
    with pytest.raises(PermissionDenied):
        reassign_ticket(actor=fay, ticket=ticket, to=femi, holder=None)
    take_ticket(actor=femi, ticket=ticket)
    with pytest.raises(NotAssignee):
        reassign_ticket(actor=fay, ticket=ticket, to=fay, holder=femi)
    with pytest.raises(InvalidAssignee):
        reassign_ticket(actor=maya, ticket=ticket, to=amir, holder=femi)
    with pytest.raises(InvalidAssignee):
        reassign_ticket(actor=maya, ticket=ticket, to=femi, holder=femi)
    assert not Notification.objects.exists()


def test_a_form_refused_because_of_a_new_assignee_can_be_sent_again(
    ticket: Ticket, femi: User, fay: User, maya: User, client: Client
) -> None:
    take_ticket(actor=femi, ticket=ticket)
    client.force_login(maya)
    address = f"/office/tickets/{ticket.number}/reassign/"
    typed = {"holder": maya.username, "to": fay.username, "note": "Please"}
    told = client.post(address, typed)
    assert "Femi Fulfilment has this ticket now" in told.text
    again = {name: told.context["form"][name].value() for name in typed}
    assert client.post(address, again).status_code == 302
    ticket.refresh_from_db()
    assert ticket.assignee == fay


def test_a_priority_is_changed_and_a_colleagues_is_not_overwritten(
    ordered: Callable[..., Ticket], femi: User, maya: User
) -> None:
    first, second = ordered(), ordered()
    set_priority(actor=maya, ticket=second, priority="urgent", seen="normal")
    assert list(Ticket.objects.next_first()) == [second, first]
    with pytest.raises(Conflict, match="Urgent"):
        set_priority(actor=maya, ticket=second, priority="low", seen="normal")
    with pytest.raises(PermissionDenied):
        set_priority(actor=femi, ticket=first, priority="low", seen="normal", reason="It can wait")
    take_ticket(actor=femi, ticket=first)
    set_priority(actor=femi, ticket=first, priority="high", seen="normal")
    change = first.priority_changes.get()
    assert (change.old, change.new, change.actor) == ("normal", "high", femi)


def test_a_colleague_asks_for_a_rush_with_a_reason(
    ordered: Callable[..., Ticket], femi: User, rita: User
) -> None:
    ticket = ordered()
    with pytest.raises(Refused) as refused:
        set_priority(actor=femi, ticket=ticket, priority="urgent", seen="normal")
    assert refused.value.field == "reason"
    with pytest.raises(PermissionDenied):
        set_priority(actor=rita, ticket=ticket, priority="urgent", seen="normal", reason="Please")
    reason = "The van leaves at noon."
    set_priority(actor=femi, ticket=ticket, priority="urgent", seen="normal", reason=reason)
    assert ticket.priority_changes.get().reason == reason


@pytest.mark.django_db(transaction=True)
def test_a_ticket_is_taken_over_by_one_of_two_people(
    ordered: Callable[..., Ticket], femi: User, fay: User
) -> None:
    third = employ("ravi")
    third.grants.update(role=Role.FULFILMENT)
    ticket = ordered()
    take_ticket(actor=femi, ticket=ticket)
    people = [fay, User.objects.get(pk=third.pk)]

    def take_over(who: User) -> Callable[[], object]:
        seen = Ticket.objects.get(pk=ticket.pk)
        return lambda: take_over_ticket(actor=who, ticket=seen, holder=femi)

    answers = at_once(*(take_over(who) for who in people))
    ticket.refresh_from_db()
    assert answers.count("") == 1
    assert str(ticket.assignee) in next(each for each in answers if each)
    assert Notification.objects.filter(kind="taken_over").count() == 1
    assert ticket.periods.count() == 3


@pytest.mark.django_db(transaction=True)
def test_holding_and_taking_over_at_once_leave_consistent_periods(
    ordered: Callable[..., Ticket], femi: User, fay: User
) -> None:
    from datetime import date, timedelta

    from backoffice.tickets.actions import hold_ticket

    ticket = ordered()
    take_ticket(actor=femi, ticket=ticket)
    mine, hers = (Ticket.objects.get(pk=ticket.pk) for _ in range(2))
    answers = at_once(
        lambda: hold_ticket(
            actor=femi,
            ticket=mine,
            reason="Waits",
            until_date=date.today() + timedelta(days=2),
        ),
        lambda: take_over_ticket(actor=fay, ticket=hers, holder=femi),
    )
    ticket.refresh_from_db()
    # Either she took over what was on hold, or he came too late.
    assert answers[1] == ""
    assert ticket.assignee == fay
    assert ticket.state == (TicketState.HELD if answers[0] == "" else TicketState.TAKEN)
    assert ticket.periods.filter(ended_at__isnull=True).count() == 1
    assert ticket.periods.count() == 3 + (answers[0] == "")
