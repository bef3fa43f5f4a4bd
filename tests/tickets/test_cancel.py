"""Cancelling a ticket when what it was about fell away."""

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


def test_a_waiting_ticket_is_closed(ticket: Ticket) -> None:
    cancel_ticket(ticket=ticket)
    assert ticket.state == TicketState.CANCELLED
    assert ticket.closed_at is not None
    assert ticket.assignee is None


def test_who_had_it_stays_written_on_it(ticket: Ticket, femi: User) -> None:
    take_ticket(actor=femi, ticket=ticket)
    cancel_ticket(ticket=ticket)
    assert ticket.assignee == femi
    assert ticket.periods.filter(ended_at__isnull=True).get().state == "cancelled"


def test_what_is_done_stays_done(ticket: Ticket, femi: User) -> None:
    take_ticket(actor=femi, ticket=ticket)
    complete_ticket(actor=femi, ticket=ticket)
    with pytest.raises(TicketStateConflict, match="already completed"):
        cancel_ticket(ticket=ticket)
