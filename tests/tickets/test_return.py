"""Returning a ticket to the desk with a question."""

from __future__ import annotations

import pytest

from backoffice.tickets.actions import (
    NotAssignee,
    complete_ticket,
    return_ticket,
    take_ticket,
)
from backoffice.tickets.actions.transitions import TicketStateConflict
from backoffice.tickets.models import Ticket
from backoffice.tickets.states import TicketState
from frontdesk.questions.models import DeskQuestion
from officeflow.audit.models import AuditEntry
from officeflow.errors import Refused
from officeflow.handoff.models import Handoff
from officeflow.staff.models import User
from tests.tickets.conftest import deliver

pytestmark = pytest.mark.django_db

ASK = {"reason": "ask_customer", "question": "Blue or green?"}


def test_the_question_is_posted_to_the_desk(ticket: Ticket, femi: User) -> None:
    take_ticket(actor=femi, ticket=ticket)
    return_ticket(actor=femi, ticket=ticket, **ASK)
    deliver()
    question = DeskQuestion.objects.get(ticket_number=ticket.number)
    assert question.text == "Blue or green?"
    assert question.asked_by_name == "Femi Fulfilment"
    assert question.order is not None
    assert question.order.number == ticket.subject


def test_a_returned_ticket_keeps_its_assignee_and_marks_its_handoff(
    ticket: Ticket, femi: User
) -> None:
    take_ticket(actor=femi, ticket=ticket)
    return_ticket(actor=femi, ticket=ticket, **ASK)
    assert ticket.state == TicketState.RETURNED
    assert ticket.assignee == femi
    assert Handoff.objects.get(pk=ticket.handoff_id).returned_at is not None
    question = ticket.questions.get()
    assert (question.question, question.asked_by, question.answer) == ("Blue or green?", femi, "")


def test_the_audit_trail_has_no_text_of_the_question(ticket: Ticket, femi: User) -> None:
    take_ticket(actor=femi, ticket=ticket)
    return_ticket(actor=femi, ticket=ticket, **ASK)
    entry = AuditEntry.objects.get(action="return_ticket")
    assert entry.changes == {
        "state": ["taken", "returned"],
        "reason": [None, "ask_customer"],
        "question": None,
    }


@pytest.mark.parametrize(
    ("reason", "question", "field"),
    [
        ("", "Blue or green?", "reason"),
        ("because", "Blue or green?", "reason"),
        ("other", "   ", "question"),
        ("other", "x" * 4001, "question"),
    ],
)
def test_reason_and_question_are_required(
    ticket: Ticket, femi: User, reason: str, question: str, field: str
) -> None:
    take_ticket(actor=femi, ticket=ticket)
    with pytest.raises(Refused) as refused:
        return_ticket(actor=femi, ticket=ticket, reason=reason, question=question)
    assert refused.value.field == field
    ticket.refresh_from_db()
    assert ticket.state == TicketState.TAKEN


def test_a_colleague_cannot_return_it(ticket: Ticket, femi: User, fay: User) -> None:
    take_ticket(actor=femi, ticket=ticket)
    with pytest.raises(NotAssignee, match="Femi Fulfilment"):
        return_ticket(actor=fay, ticket=ticket, **ASK)


def test_a_returned_ticket_allows_no_other_action(ticket: Ticket, femi: User) -> None:
    take_ticket(actor=femi, ticket=ticket)
    return_ticket(actor=femi, ticket=ticket, **ASK)
    with pytest.raises(TicketStateConflict, match="with the front desk"):
        complete_ticket(actor=femi, ticket=ticket)
    with pytest.raises(TicketStateConflict, match="with the front desk"):
        return_ticket(actor=femi, ticket=ticket, **ASK)
    assert Handoff.objects.filter(contract="TicketReturned").count() == 1
