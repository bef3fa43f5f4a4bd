"""Many tickets at once: each in its own transaction, so that one refusal keeps none of the
others from being done."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext as _

from backoffice.tickets.actions.verbs import complete_ticket, take_ticket
from backoffice.tickets.models import Ticket
from backoffice.tickets.states import TicketKind
from officeflow.errors import Conflict, Refused
from officeflow.staff.models import User

MOST_AT_ONCE = 100


class TooMany(Refused):
    """More tickets than can be done at once."""


@dataclass(frozen=True)
class Done:
    """How it went with one ticket; `why_not` is empty when it worked."""

    ticket: Ticket
    why_not: str = ""


def take_tickets(*, actor: User, tickets: Sequence[Ticket]) -> list[Done]:
    """The actor takes each ticket that still waits. Raises `TooMany`."""
    return _each(tickets, lambda ticket: take_ticket(actor=actor, ticket=ticket))


def complete_tickets(*, actor: User, tickets: Sequence[Ticket]) -> list[Done]:
    """The actor completes each ticket that they have in work; a complaint is answered one by one.

    Raises `TooMany`.
    """

    def complete(ticket: Ticket) -> Ticket:
        if ticket.kind == TicketKind.COMPLAINT:
            raise Refused(_("Complete complaints one by one: each needs its own answer."))
        return complete_ticket(actor=actor, ticket=ticket)

    return _each(tickets, complete)


def _each(tickets: Sequence[Ticket], act: Callable[[Ticket], Ticket]) -> list[Done]:
    if len(tickets) > MOST_AT_ONCE:
        raise TooMany(_("Choose at most %(count)d tickets at a time.") % {"count": MOST_AT_ONCE})
    return [Done(ticket, _why_not(ticket, act)) for ticket in tickets]


def _why_not(ticket: Ticket, act: Callable[[Ticket], Ticket]) -> str:
    try:
        act(ticket)
    except (Conflict, Refused) as reason:
        return str(reason.message)
    except PermissionDenied:
        return _("Your roles do not allow this.")
    return ""
