"""Putting a ticket back into the queue."""

from __future__ import annotations

import pytest

from backoffice.tickets.actions import (
    NotAssignee,
    TicketStateConflict,
    take_ticket,
    untake_ticket,
)
from backoffice.tickets.models import Ticket
from backoffice.tickets.states import TicketState
from officeflow.handoff.models import Handoff
from officeflow.staff.models import User

pytestmark = pytest.mark.django_db


def test_an_untaken_ticket_waits_without_an_assignee(ticket: Ticket, femi: User, fay: User) -> None:
    take_ticket(actor=femi, ticket=ticket)
    untake_ticket(actor=femi, ticket=ticket)
    assert ticket.state == TicketState.WAITING
    assert ticket.assignee is None
    take_ticket(actor=fay, ticket=ticket)
    assert ticket.assignee == fay
    assert [p.state for p in ticket.periods.all()] == ["waiting", "taken", "waiting", "taken"]


def test_a_colleague_sees_who_has_the_ticket(ticket: Ticket, femi: User, fay: User) -> None:
    take_ticket(actor=femi, ticket=ticket)
    with pytest.raises(NotAssignee, match="Femi Fulfilment has this ticket"):
        untake_ticket(actor=fay, ticket=ticket)


def test_a_waiting_ticket_cannot_be_untaken(ticket: Ticket, femi: User) -> None:
    with pytest.raises(TicketStateConflict, match="Take it first"):
        untake_ticket(actor=femi, ticket=ticket)


def test_the_first_acceptance_is_kept(ticket: Ticket, femi: User, fay: User) -> None:
    take_ticket(actor=femi, ticket=ticket)
    untake_ticket(actor=femi, ticket=ticket)
    take_ticket(actor=fay, ticket=ticket)
    assert Handoff.objects.get(pk=ticket.handoff_id).accepted_by == femi


def test_a_complaint_in_hand_is_reported_only_once(complaint_ticket: Ticket, maya: User) -> None:
    for _ in range(2):
        take_ticket(actor=maya, ticket=complaint_ticket)
        untake_ticket(actor=maya, ticket=complaint_ticket)
    told = Handoff.objects.filter(contract="ComplaintTaken", subject=complaint_ticket.subject)
    assert told.count() == 1
