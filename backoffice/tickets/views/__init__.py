"""Pages of the work queue: the queue itself, one ticket, and a ticket's verbs."""

from backoffice.tickets.views.bulk import bulk
from backoffice.tickets.views.comments import bell, comment, news_page, news_read, people
from backoffice.tickets.views.queue import queue, queue_live
from backoffice.tickets.views.saved_views import view_change, view_default, view_remove, views
from backoffice.tickets.views.settings import goals, reason, reason_new, reasons
from backoffice.tickets.views.ticket import ticket, ticket_live, turn
from backoffice.tickets.views.transfer import hold, priority, reassign, resume, steal
from backoffice.tickets.views.verbs import complete, return_to_desk, take, untake

__all__ = [
    "bell",
    "bulk",
    "comment",
    "complete",
    "goals",
    "hold",
    "news_page",
    "news_read",
    "people",
    "priority",
    "queue",
    "queue_live",
    "reason",
    "reason_new",
    "reasons",
    "reassign",
    "resume",
    "return_to_desk",
    "steal",
    "take",
    "ticket",
    "ticket_live",
    "turn",
    "untake",
    "view_change",
    "view_default",
    "view_remove",
    "views",
]
