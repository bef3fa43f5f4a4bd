"""A ticket's comments and changes of priority."""

from __future__ import annotations

from backoffice.tickets.models import PriorityChange, Ticket, TicketComment


def comments_of(ticket: Ticket) -> list[TicketComment]:
    """Returns a ticket's comments, oldest first."""
    return list(ticket.comments.select_related("author").order_by("at", "pk"))


def priority_changes_of(ticket: Ticket) -> list[PriorityChange]:
    """Returns the changes of a ticket's priority, oldest first."""
    return list(ticket.priority_changes.select_related("actor").order_by("at", "pk"))
