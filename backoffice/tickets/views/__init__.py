"""Pages of the work queue: the queue itself, one ticket, and a ticket's verbs."""

from backoffice.tickets.views.queue import queue, queue_live
from backoffice.tickets.views.ticket import ticket, ticket_live
from backoffice.tickets.views.verbs import complete, return_to_desk, take, untake

__all__ = [
    "complete",
    "queue",
    "queue_live",
    "return_to_desk",
    "take",
    "ticket",
    "ticket_live",
    "untake",
]
