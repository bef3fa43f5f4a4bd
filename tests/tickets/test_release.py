"""Tickets leave the hands of people who may no longer work on them."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from threading import Barrier

import pytest
import time_machine
from django.core.exceptions import PermissionDenied
from django.db import connection, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from backoffice.fulfilment.models import Shipment
from backoffice.fulfilment.states import ShipmentState
from backoffice.tickets.actions import (
    InvalidAssignee,
    hold_ticket,
    reassign_ticket,
    release_stranded,
    return_ticket,
    take_ticket,
)
from backoffice.tickets.models import Notification, Ticket
from backoffice.tickets.queries import abilities, held_tickets
from backoffice.tickets.states import TicketState
from backoffice.tickets.timeline import ticket_events
from frontdesk.complaints.models import ComplaintCategory
from frontdesk.questions.actions import answer_question
from frontdesk.questions.models import DeskQuestion
from officeflow.audit.models import AuditEntry
from officeflow.company.queries import office_date
from officeflow.handoff.maintenance import periodic_jobs
from officeflow.permissions import Department, Role
from officeflow.staff.actions import deactivate_person, end_grant, grant_role
from officeflow.staff.held_work import lock_person
from officeflow.staff.models import User
from tests.races import until_somebody_waits
from tests.tickets.conftest import deliver

Ordered = Callable[..., Ticket]


def tomorrow() -> date:
    return office_date() + timedelta(days=1)


def end_role(actor: User, user: User, role: Role, **options: object) -> int:
    return end_grant(actor=actor, grant=user.grants.get(role=role), **options)  # type: ignore[arg-type]


def fresh(user: User) -> User:
    return User.objects.get(pk=user.pk)


def titles(ticket: Ticket) -> list[str]:
    events = ticket_events(ticket.periods.all(), ticket.questions.all())
    return [event.title for event in events]


@pytest.fixture
def work_of_femi(ordered: Ordered, femi: User) -> dict[TicketState, Ticket]:
    """A ticket of Femi's in each of the states that have an assignee."""
    tickets = [take_ticket(actor=femi, ticket=ordered()) for _ in range(3)]
    hold_ticket(actor=femi, ticket=tickets[1], reason="No boxes.", until_date=tomorrow())
    return_ticket(actor=femi, ticket=tickets[2], reason="other", question="Blue?")
    deliver()
    return {TicketState(ticket.state): ticket for ticket in tickets}


@pytest.mark.django_db
@pytest.mark.parametrize("loss", ["role", "account"])
def test_work_goes_back_into_the_queue(
    work_of_femi: dict[TicketState, Ticket], femi: User, ada: User, loss: str
) -> None:
    if loss == "role":
        moved = end_role(ada, femi, Role.FULFILMENT)
    else:
        moved = deactivate_person(actor=ada, user=femi)
    assert moved == 3
    for before, ticket in work_of_femi.items():
        ticket.refresh_from_db()
        asks_the_desk = before == TicketState.RETURNED
        assert ticket.state == (TicketState.RETURNED if asks_the_desk else TicketState.WAITING)
        assert ticket.assignee is None
        assert "Femi Fulfilment, who no longer works" in titles(ticket)[0] or asks_the_desk
        entry = AuditEntry.objects.get(action="release_ticket", subject=ticket.number)
        assert entry.actor == ada
        assert entry.changes["assignee"] == ["femi", None]
    for state in (TicketState.TAKEN, TicketState.HELD):
        shipment = Shipment.objects.get(order_number=work_of_femi[state].subject)
        assert shipment.state == ShipmentState.WAITING
    assert not Ticket.objects.stranded().exists()


@pytest.mark.django_db
def test_the_desks_answer_brings_a_ticket_without_assignee_into_the_queue(
    work_of_femi: dict[TicketState, Ticket], femi: User, ada: User, rita: User, maya: User
) -> None:
    ticket = work_of_femi[TicketState.RETURNED]
    end_role(ada, femi, Role.FULFILMENT)
    ticket.refresh_from_db()
    assert not abilities(maya, ticket).reassign
    assert "The ticket goes into the queue when the front desk answers" in titles(ticket)[0]
    answer_question(actor=rita, question=DeskQuestion.objects.get(), answer="Blue.")
    deliver()
    ticket.refresh_from_db()
    assert (ticket.state, ticket.assignee) == (TicketState.WAITING, None)
    assert "The front desk answered" in titles(ticket)[0]


@pytest.mark.django_db
def test_work_is_given_to_a_colleague_who_is_notified(
    work_of_femi: dict[TicketState, Ticket], femi: User, fay: User, ada: User
) -> None:
    assert end_role(ada, femi, Role.FULFILMENT, give_to={Department.FULFILMENT: fay}) == 3
    for before, ticket in work_of_femi.items():
        ticket.refresh_from_db()
        assert (ticket.state, ticket.assignee) == (before, fay)
        assert Notification.objects.get(person=fay, ticket=ticket).by == ada
        assert "Ada Administrator reassigned the ticket from Femi" in titles(ticket)[0]


@pytest.mark.django_db
def test_work_is_not_given_to_somebody_outside_the_department(
    work_of_femi: dict[TicketState, Ticket], femi: User, rita: User, ada: User
) -> None:
    with pytest.raises(InvalidAssignee) as refused:
        end_role(ada, femi, Role.FULFILMENT, give_to={Department.FULFILMENT: rita})
    assert refused.value.field == "to_fulfilment"
    assert fresh(femi).roles == {Role.FULFILMENT}
    assert Ticket.objects.filter(assignee=femi).count() == 3


@pytest.mark.django_db
def test_work_stays_with_a_person_who_keeps_the_permission(
    ticket: Ticket, femi: User, ada: User
) -> None:
    take_ticket(actor=femi, ticket=ticket)
    until = timezone.now() + timedelta(days=1)
    grant_role(actor=ada, user=femi, role=Role.WAREHOUSE)
    assert end_role(ada, femi, Role.WAREHOUSE) == 0
    permanent = femi.grants.get(role=Role.FULFILMENT)
    permanent.valid_until = until
    permanent.save()
    grant_role(actor=ada, user=femi, role=Role.FULFILMENT, valid_until=until + timedelta(days=1))
    assert end_grant(actor=ada, grant=permanent) == 0
    ticket.refresh_from_db()
    assert ticket.assignee == femi


@pytest.mark.django_db
def test_a_role_that_ends_by_the_clock_frees_the_work(
    ordered: Ordered, ravi: User, ada: User
) -> None:
    until = timezone.now() + timedelta(hours=1)
    grant_role(actor=ada, user=ravi, role=Role.FULFILMENT, valid_until=until)
    tickets = [take_ticket(actor=ravi, ticket=ordered()) for _ in range(2)]
    hold_ticket(actor=ravi, ticket=tickets[1], reason="No boxes.", until_date=tomorrow())
    assert release_stranded() == 0
    with time_machine.travel(until, tick=False):
        assert Ticket.objects.stranded().count() == 2
        assert release_stranded() == 2
        assert release_stranded() == 0
        for ticket in tickets:
            ticket.refresh_from_db()
            assert (ticket.state, ticket.assignee) == (TicketState.WAITING, None)
            assert titles(ticket)[0].startswith("Ravi Receptionist no longer works")
            assert "after" in titles(ticket)[0]


@pytest.mark.django_db
def test_the_sweeper_frees_the_work() -> None:
    assert periodic_jobs._jobs["release_stranded"].run is release_stranded


@pytest.mark.django_db
def test_a_role_with_fewer_permissions_frees_the_work(ticket: Ticket, femi: User) -> None:
    take_ticket(actor=femi, ticket=ticket)
    femi.grants.update(role=Role.ACCOUNTANT)
    assert release_stranded() == 1
    ticket.refresh_from_db()
    assert ticket.state == TicketState.WAITING


@pytest.mark.django_db
def test_nobody_is_given_a_ticket_on_the_word_of_old_roles(
    ticket: Ticket, femi: User, fay: User, maya: User, ada: User
) -> None:
    assert femi.may("work:fulfilment")  # read before the role ends
    end_role(ada, fresh(femi), Role.FULFILMENT)
    with pytest.raises(PermissionDenied):
        take_ticket(actor=femi, ticket=ticket)
    take_ticket(actor=fay, ticket=ticket)
    with pytest.raises(InvalidAssignee):
        reassign_ticket(actor=maya, ticket=ticket, to=femi, holder=fay)


@pytest.mark.django_db
def test_the_confirmation_lists_the_work_first(
    client: Client, work_of_femi: dict[TicketState, Ticket], femi: User, fay: User, ada: User
) -> None:
    client.force_login(ada)
    address = reverse("staff:person-deactivate", args=["femi"])
    text = client.get(address).content.decode()
    assert "Fulfilment: 3 tickets move" in text
    for ticket in work_of_femi.values():
        assert ticket.number in text
    answer = client.post(address, {"to_fulfilment": "rita"})
    assert answer.status_code == 422
    assert fresh(femi).is_active
    client.post(address, {"to_fulfilment": "fay"})
    assert not fresh(femi).is_active
    assert Ticket.objects.filter(assignee=fay).count() == 3


@pytest.mark.django_db
def test_the_confirmation_of_a_role_names_only_what_it_loses(
    client: Client, work_of_femi: dict[TicketState, Ticket], femi: User, ada: User
) -> None:
    client.force_login(ada)
    grant_role(actor=ada, user=femi, role=Role.WAREHOUSE)
    address = reverse("staff:person-grant-end", args=["femi"])
    other = client.get(address, {"grant": femi.grants.get(role=Role.WAREHOUSE).pk})
    assert "no ticket in progress that would move" in other.content.decode()
    grant = femi.grants.get(role=Role.FULFILMENT).pk
    assert "Fulfilment: 3 tickets move" in client.get(address, {"grant": grant}).content.decode()
    client.post(address, {"grant": grant})
    assert not Ticket.objects.filter(assignee=femi).exists()


@pytest.mark.django_db
def test_the_confirmation_tells_nothing_of_hrs_cases(
    client: Client, complain: Callable[..., Ticket], hanna: User, ada: User
) -> None:
    ticket = take_ticket(actor=hanna, ticket=complain(ComplaintCategory.CONDUCT))
    [work] = held_tickets(hanna, [Department.HR])
    assert (work.number, work.about) == ("", "")
    client.force_login(ada)
    text = client.get(reverse("staff:person-deactivate", args=["hanna"])).content.decode()
    assert "HR: 1 ticket moves" in text
    assert ticket.number not in text
    assert ticket.subject not in text
    deactivate_person(actor=ada, user=hanna)
    assert AuditEntry.objects.get(action="release_ticket").realm == "hr"


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("loss", ["end_role", "deactivate", "clock"])
@pytest.mark.parametrize("_round", range(3))
def test_taking_while_a_role_ends_never_strands_a_ticket(
    ordered: Ordered, femi: User, fay: User, ada: User, loss: str, _round: int
) -> None:
    waiting, held = ordered(), take_ticket(actor=fay, ticket=ordered())
    start = Barrier(3)
    grant = femi.grants.get()

    def at_once(act: Callable[[], object]) -> bool:
        try:
            start.wait(timeout=20)
            act()
            return True
        except PermissionDenied:
            return False
        finally:
            connection.close()

    def lose() -> None:
        if loss == "end_role":
            end_grant(actor=ada, grant=grant, give_to={Department.FULFILMENT: fay})
        elif loss == "deactivate":
            deactivate_person(actor=ada, user=fresh(femi))
        else:
            type(grant).objects.filter(pk=grant.pk).update(valid_until=timezone.now())

    def give() -> None:
        try:
            reassign_ticket(actor=fay, ticket=held, to=femi, holder=fay)
        except InvalidAssignee:
            raise PermissionDenied from None

    with ThreadPoolExecutor(3) as pool:
        taking = pool.submit(at_once, lambda: take_ticket(actor=femi, ticket=waiting))
        giving = pool.submit(at_once, give)
        losing = pool.submit(at_once, lose)
        taken, given = taking.result(), giving.result()
        assert losing.result()
    if loss == "clock":
        release_stranded()
    assert not Ticket.objects.stranded().exists()
    waiting.refresh_from_db()
    held.refresh_from_db()
    moved_to = fay if loss == "end_role" else None
    assert waiting.assignee == (moved_to if taken else None)
    assert held.assignee == (moved_to if given else fay)


@pytest.mark.django_db(transaction=True)
def test_a_role_that_ends_while_a_ticket_is_taken_ends_first(
    ordered: Ordered, femi: User, ada: User
) -> None:
    ticket = ordered()

    def take() -> None:
        try:
            take_ticket(actor=femi, ticket=ticket)
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            lock_person(femi.pk)
            taking = pool.submit(take)
            until_somebody_waits()
            end_grant(actor=ada, grant=femi.grants.get())
        with pytest.raises(PermissionDenied):
            taking.result(timeout=20)
    assert not Ticket.objects.stranded().exists()
