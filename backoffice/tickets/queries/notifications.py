"""A person's notifications."""

from __future__ import annotations

from functools import cache
from typing import Any

from backoffice.tickets.models import Notification
from backoffice.tickets.models.notifications import NotificationQuerySet
from backoffice.tickets.queries.tickets import VIEW_ANY_QUEUE
from officeflow.permissions import Permission, is_allowed
from officeflow.postgres.rows import figures_of, read_rows
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
    if kept is None and not is_allowed(user, MAY_BE_NOTIFIED):
        kept = (0, 0)
    if kept is None:
        sql, values = _unread(user.held_permissions)
        ((number, newest),) = read_rows(sql, [*values, user.pk])
        kept = user.__dict__["_unread_notifications"] = (number, newest or 0)
    return kept


@cache
def _unread(permissions: frozenset[Permission]) -> tuple[str, tuple[Any, ...]]:
    rows = Notification.objects.visible_with(permissions).unread().values("id", "person_id")
    return figures_of(rows, "count(*), max(id)", "person_id = %s")
