"""A person's notifications about orders and complaints."""

from __future__ import annotations

from django.db.models import Count, Max

from frontdesk.notifications.models import DeskNotification
from officeflow.staff.models import User

CACHE = "_unread_desk_notifications"


def unread(user: User) -> tuple[int, int]:
    """Returns the number of unread notifications and the latest id, cached on the user object."""
    kept: tuple[int, int] | None = user.__dict__.get(CACHE)
    if kept is None:
        rows = DeskNotification.objects.visible_to(user).unread()
        found = rows.aggregate(n=Count("pk"), k=Max("pk"))
        kept = user.__dict__[CACHE] = (found["n"], found["k"] or 0)
    return kept


def forget_unread(user: User) -> None:
    """Forgets the cached number, because notifications were read."""
    user.__dict__.pop(CACHE, None)
