"""Completing tickets."""

from __future__ import annotations

import pytest

from backoffice.tickets.actions import (
    AnswerMissing,
    NotAssignee,
    TicketStateConflict,
    complete_ticket,
    take_ticket,
)
from backoffice.tickets.models import Resolution, Ticket
from backoffice.tickets.states import TicketState
from frontdesk.complaints.models import Complaint
from frontdesk.complaints.states import ComplaintState
from officeflow.audit.models import AuditEntry
from officeflow.errors import Refused
from officeflow.staff.models import User
from tests.tickets.conftest import deliver

pytestmark = pytest.mark.django_db

ANSWER = {"outcome": "upheld", "message": "We are sorry; the next coffee is on us."}


def test_an_orders_ticket_is_completed(ticket: Ticket, femi: User) -> None:
    take_ticket(actor=femi, ticket=ticket)
    complete_ticket(actor=femi, ticket=ticket)
    assert ticket.state == TicketState.COMPLETED
    assert ticket.assignee == femi
    assert ticket.closed_at is not None


def test_the_answer_for_the_customer_is_posted_to_the_desk(
    complaint_ticket: Ticket, maya: User
) -> None:
    take_ticket(actor=maya, ticket=complaint_ticket)
    complete_ticket(actor=maya, ticket=complaint_ticket, **ANSWER)
    deliver()
    complaint = Complaint.objects.get(number=complaint_ticket.subject)
    assert complaint.state == ComplaintState.RESOLVED
    assert complaint.outcome == "upheld"
    assert complaint.message == ANSWER["message"]
    assert complaint.resolved_by_name == "Maya Manager"
    assert Resolution.objects.get(ticket=complaint_ticket).message == ANSWER["message"]


def test_the_audit_trail_has_no_text_of_the_answer(complaint_ticket: Ticket, maya: User) -> None:
    take_ticket(actor=maya, ticket=complaint_ticket)
    complete_ticket(actor=maya, ticket=complaint_ticket, **ANSWER)
    entry = AuditEntry.objects.get(action="complete_ticket")
    assert entry.changes["message"] is None
    assert entry.changes["outcome"] == [None, "upheld"]


@pytest.mark.parametrize(
    ("outcome", "message", "field"),
    [
        ("", "Sorry.", "outcome"),
        ("whatever", "Sorry.", "outcome"),
        ("upheld", " ", "message"),
        ("upheld", "x" * 4001, "message"),
    ],
)
def test_a_complaint_needs_outcome_and_message(
    complaint_ticket: Ticket, maya: User, outcome: str, message: str, field: str
) -> None:
    take_ticket(actor=maya, ticket=complaint_ticket)
    with pytest.raises(Refused) as refused:
        complete_ticket(actor=maya, ticket=complaint_ticket, outcome=outcome, message=message)
    assert refused.value.field == field
    complaint_ticket.refresh_from_db()
    assert complaint_ticket.state == TicketState.TAKEN


def test_other_tickets_have_no_outcome(ticket: Ticket, femi: User) -> None:
    take_ticket(actor=femi, ticket=ticket)
    with pytest.raises(AnswerMissing):
        complete_ticket(actor=femi, ticket=ticket, outcome="upheld", message="Sorry.")


def test_only_the_assignee_completes_a_ticket(ticket: Ticket, femi: User, fay: User) -> None:
    with pytest.raises(TicketStateConflict, match="Take it first"):
        complete_ticket(actor=femi, ticket=ticket)
    take_ticket(actor=femi, ticket=ticket)
    with pytest.raises(NotAssignee, match="Femi Fulfilment"):
        complete_ticket(actor=fay, ticket=ticket)


def test_a_ticket_is_completed_once(ticket: Ticket, femi: User) -> None:
    take_ticket(actor=femi, ticket=ticket)
    complete_ticket(actor=femi, ticket=ticket)
    with pytest.raises(TicketStateConflict, match="already completed"):
        complete_ticket(actor=femi, ticket=ticket)
