"""The tables of the work queue."""

from backoffice.tickets.models.comments import Notice, NoticeKind, TicketComment
from backoffice.tickets.models.reference import ReasonToReturn, ServiceGoal
from backoffice.tickets.models.saved_views import SavedView
from backoffice.tickets.models.tickets import (
    ComplaintBrief,
    Exchange,
    PriorityChange,
    Resolution,
    Ticket,
    TicketPeriod,
    TicketQuerySet,
    late,
)

__all__ = [
    "ComplaintBrief",
    "Exchange",
    "Notice",
    "NoticeKind",
    "PriorityChange",
    "ReasonToReturn",
    "Resolution",
    "SavedView",
    "ServiceGoal",
    "Ticket",
    "TicketComment",
    "TicketPeriod",
    "TicketQuerySet",
    "late",
]
