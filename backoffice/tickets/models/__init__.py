"""The models of the work queue."""

from backoffice.tickets.models.comments import TicketComment
from backoffice.tickets.models.notifications import Notification, NotificationKind
from backoffice.tickets.models.reference import ReasonToReturn, ServiceGoal
from backoffice.tickets.models.saved_views import SavedView
from backoffice.tickets.models.tickets import (
    ComplaintBrief,
    PriorityChange,
    Resolution,
    Ticket,
    TicketPeriod,
    TicketQuerySet,
    TicketQuestion,
    late,
)

__all__ = [
    "ComplaintBrief",
    "Notification",
    "NotificationKind",
    "PriorityChange",
    "ReasonToReturn",
    "Resolution",
    "SavedView",
    "ServiceGoal",
    "Ticket",
    "TicketComment",
    "TicketPeriod",
    "TicketQuerySet",
    "TicketQuestion",
    "late",
]
