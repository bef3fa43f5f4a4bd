"""A person's notifications."""

from __future__ import annotations

from django.db.models import Count, Max

from backoffice.tickets.models import Notification
from backoffice.tickets.models.notifications import NotificationQuerySet
from backoffice.tickets.queries.tickets import VIEW_ANY_QUEUE
from officeflow.permissions import Permission
from officeflow.staff.models import User

# Who can have notifications: about tickets, or about stuck hand-offs.
MAY_BE_NOTIFIED = (*VIEW_ANY_QUEUE, Permission.VIEW_DASHBOARDS)


def notifications_of(user: User) -> NotificationQuerySet:
    """Returns a person's notifications about what they may see."""
    return Notification.objects.visible_to(user).select_related("ticket", "by", "about", "comment")


def unread_count(user: User) -> int:
    """Returns the number of a person's unread notifications."""
    return unread(user)[0]


def unread(user: User) -> tuple[int, int]:
    """Returns the number of unread notifications and the latest id, cached on the user object."""
    kept: tuple[int, int] | None = user.__dict__.get("_unread_notifications")
    if kept is None:
        found = Notification.objects.visible_to(user).unread().aggregate(n=Count("pk"), k=Max("pk"))
        kept = user.__dict__["_unread_notifications"] = (found["n"], found["k"] or 0)
    return kept
