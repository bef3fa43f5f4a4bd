"""Reading a person's notifications."""

from __future__ import annotations

from django.db.models import Count, Max

from backoffice.tickets.models import Notification
from backoffice.tickets.models.notifications import NotificationQuerySet
from officeflow.staff.models import User


def notifications_of(user: User) -> NotificationQuerySet:
    """A person's notifications about tickets that they may see."""
    return Notification.objects.visible_to(user).select_related("ticket", "by", "about", "comment")


def unread_count(user: User) -> int:
    """How many notifications a person has not read."""
    return _unread(user)[0]


def newest_unread(user: User) -> int:
    """The key of the latest unread notification, which rises with each; 0 when there is none."""
    return _unread(user)[1]


def _unread(user: User) -> tuple[int, int]:
    """How many are unread and the latest key; one query a request, kept on the user object."""
    kept: tuple[int, int] | None = user.__dict__.get("_unread_notifications")
    if kept is None:
        found = Notification.objects.visible_to(user).unread().aggregate(n=Count("pk"), k=Max("pk"))
        kept = user.__dict__["_unread_notifications"] = (found["n"], found["k"] or 0)
    return kept
