"""The pages of the work queue."""

from backoffice.tickets.views.bulk import bulk, bulk_undo
from backoffice.tickets.views.comments import comment, people
from backoffice.tickets.views.lifecycle import (
    complete,
    reopen,
    return_to_desk,
    take,
    untake,
)
from backoffice.tickets.views.queue import queue, queue_live
from backoffice.tickets.views.saved_views import (
    saved_view,
    saved_view_default,
    saved_view_remove,
    saved_views,
)
from backoffice.tickets.views.settings import goals, reason, reason_new, reasons
from backoffice.tickets.views.ticket import next_ticket, previous_ticket, ticket, ticket_live
from backoffice.tickets.views.transfer import hold, priority, reassign, resume, take_over

__all__ = [
    "bulk",
    "bulk_undo",
    "comment",
    "complete",
    "goals",
    "hold",
    "next_ticket",
    "people",
    "previous_ticket",
    "priority",
    "queue",
    "queue_live",
    "reason",
    "reason_new",
    "reasons",
    "reassign",
    "reopen",
    "resume",
    "return_to_desk",
    "saved_view",
    "saved_view_default",
    "saved_view_remove",
    "saved_views",
    "take",
    "take_over",
    "ticket",
    "ticket_live",
    "untake",
]
