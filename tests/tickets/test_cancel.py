"""Cancelling tickets."""

from __future__ import annotations

import pytest

from backoffice.tickets.actions import (
    TicketStateConflict,
    cancel_ticket,
    complete_ticket,
    take_ticket,
)
from backoffice.tickets.models import Ticket
from backoffice.tickets.states import TicketState
from officeflow.staff.models import User

pytestmark = pytest.mark.django_db


def test_a_waiting_ticket_is_cancelled(ticket: Ticket) -> None:
    cancel_ticket(ticket=ticket)
    assert ticket.state == TicketState.CANCELLED
    assert ticket.closed_at is not None
    assert ticket.assignee is None


def test_a_cancelled_ticket_keeps_its_assignee(ticket: Ticket, femi: User) -> None:
    take_ticket(actor=femi, ticket=ticket)
    cancel_ticket(ticket=ticket)
    assert ticket.assignee == femi
    assert ticket.periods.filter(ended_at__isnull=True).get().state == "cancelled"


def test_a_completed_ticket_cannot_be_cancelled(ticket: Ticket, femi: User) -> None:
    take_ticket(actor=femi, ticket=ticket)
    complete_ticket(actor=femi, ticket=ticket)
    with pytest.raises(TicketStateConflict, match="already completed"):
        cancel_ticket(ticket=ticket)
