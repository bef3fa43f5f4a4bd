"""Taking and completing many tickets, each in its own transaction."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext as _

from backoffice.tickets.actions.lifecycle import complete_ticket, take_ticket
from backoffice.tickets.models import Ticket
from backoffice.tickets.states import TicketKind
from officeflow.errors import Conflict, Refused
from officeflow.staff.models import User

MAX_BULK_TICKETS = 100


class TooManyTickets(Refused):
    """More tickets than one request may change."""


@dataclass(frozen=True)
class BulkResult:
    """The result for one ticket; `refusal` is empty when the action succeeded."""

    ticket: Ticket
    refusal: str = ""


def take_tickets(*, actor: User, tickets: Sequence[Ticket]) -> list[BulkResult]:
    """Takes each ticket that is still waiting. Raises `TooManyTickets`."""
    return each_by_itself(tickets, lambda ticket: take_ticket(actor=actor, ticket=ticket))


def complete_tickets(*, actor: User, tickets: Sequence[Ticket]) -> list[BulkResult]:
    """Completes each ticket that the actor has taken.

    Complaints are refused, because each needs its own answer. Raises `TooManyTickets`.
    """

    def complete(ticket: Ticket) -> Ticket:
        if ticket.kind == TicketKind.COMPLAINT:
            raise Refused(_("Complete complaints one by one: each needs its own answer."))
        return complete_ticket(actor=actor, ticket=ticket)

    return each_by_itself(tickets, complete)


def each_by_itself(
    tickets: Sequence[Ticket], action: Callable[[Ticket], Ticket]
) -> list[BulkResult]:
    """Runs an action on each ticket in its own transaction. Raises `TooManyTickets`."""
    if len(tickets) > MAX_BULK_TICKETS:
        raise TooManyTickets(
            _("Choose at most %(count)d tickets at a time.") % {"count": MAX_BULK_TICKETS}
        )
    return [BulkResult(ticket, _refusal(ticket, action)) for ticket in tickets]


def _refusal(ticket: Ticket, action: Callable[[Ticket], Ticket]) -> str:
    try:
        action(ticket)
    except (Conflict, Refused) as reason:
        return str(reason.message)
    except PermissionDenied:
        return _("Your roles do not allow this.")
    return ""
