"""Taking tickets."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
import time_machine
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from backoffice.tickets.actions import TicketStateConflict, TicketTaken, cancel_ticket, take_ticket
from backoffice.tickets.models import Ticket
from backoffice.tickets.states import TicketState
from frontdesk.complaints.models import Complaint
from frontdesk.complaints.states import ComplaintState
from officeflow.audit.models import AuditEntry
from officeflow.handoff.models import Handoff
from officeflow.staff.models import User
from tests.tickets.conftest import deliver

pytestmark = pytest.mark.django_db


def test_taking_a_waiting_ticket_assigns_it(ticket: Ticket, femi: User) -> None:
    take_ticket(actor=femi, ticket=ticket)
    assert ticket.state == TicketState.TAKEN
    assert ticket.assignee == femi
    assert ticket.version == 2


def test_taking_writes_the_period_and_one_audit_row(ticket: Ticket, femi: User) -> None:
    take_ticket(actor=femi, ticket=ticket)
    waiting, taken = ticket.periods.all()
    assert (waiting.state, taken.state) == ("waiting", "taken")
    assert waiting.ended_at == taken.started_at
    assert taken.ended_at is None
    assert taken.assignee == femi
    entry = AuditEntry.objects.get(action="take_ticket")
    assert (entry.actor, entry.subject, entry.realm) == (femi, ticket.number, "office")
    assert entry.changes == {"state": ["waiting", "taken"]}


def test_taking_accepts_the_handoff(ticket: Ticket, femi: User) -> None:
    assert ticket.handoff.accepted_at is None
    take_ticket(actor=femi, ticket=ticket)
    handoff = Handoff.objects.get(pk=ticket.handoff_id)
    assert handoff.accepted_by == femi
    assert handoff.accepted_at is not None


def test_the_second_person_sees_who_took_the_ticket_and_when(
    ticket: Ticket, femi: User, fay: User
) -> None:
    seen_by_fay = Ticket.objects.get(pk=ticket.pk)
    next_march = datetime(timezone.now().year + 1, 3, 2, 10, 42, tzinfo=UTC)
    with time_machine.travel(next_march, tick=False):
        take_ticket(actor=femi, ticket=ticket)
        with pytest.raises(
            TicketTaken, match=r"^Femi Fulfilment has already taken this ticket \(.*10:42"
        ):
            take_ticket(actor=fay, ticket=seen_by_fay)
    assert Ticket.objects.get(pk=ticket.pk).assignee == femi


def test_taking_twice_changes_nothing(ticket: Ticket, femi: User) -> None:
    take_ticket(actor=femi, ticket=ticket)
    with pytest.raises(TicketTaken, match="You have already taken this ticket"):
        take_ticket(actor=femi, ticket=ticket)
    assert ticket.periods.count() == 2


def test_a_cancelled_ticket_cannot_be_taken(ticket: Ticket, femi: User) -> None:
    cancel_ticket(ticket=ticket)
    with pytest.raises(TicketStateConflict, match="was cancelled"):
        take_ticket(actor=femi, ticket=ticket)


@pytest.mark.parametrize("username", ["wanda", "rita", "maya", "hanna", "ada", "nils"])
def test_only_workers_of_the_department_take_tickets(
    ticket: Ticket, username: str, request: pytest.FixtureRequest
) -> None:
    with pytest.raises(PermissionDenied):
        take_ticket(actor=request.getfixturevalue(username), ticket=ticket)
    ticket.refresh_from_db()
    assert ticket.state == TicketState.WAITING


def test_taking_a_complaint_is_reported_to_the_desk(complaint_ticket: Ticket, maya: User) -> None:
    take_ticket(actor=maya, ticket=complaint_ticket)
    deliver()
    complaint = Complaint.objects.get(number=complaint_ticket.subject)
    assert complaint.state == ComplaintState.IN_HAND
