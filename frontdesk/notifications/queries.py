"""A person's notifications about orders and complaints."""

from __future__ import annotations

from officeflow.permissions import Permission
from officeflow.postgres.rows import read_rows
from officeflow.staff.models import User

CACHE = "_unread_desk_notifications"


def unread(user: User) -> tuple[int, int]:
    """Returns the number of unread notifications and the latest id, cached on the user object."""
    kept: tuple[int, int] | None = user.__dict__.get(CACHE)
    if kept is None:
        number, newest = _unread(user) if user.may(Permission.VIEW_DESK) else (0, None)
        kept = user.__dict__[CACHE] = (number, newest or 0)
    return kept


def _unread(user: User) -> tuple[int, int | None]:
    ((number, newest),) = read_rows(
        "SELECT count(*), max(id) FROM frontdesk_desknotification"
        " WHERE person_id = %s AND read_at IS NULL",
        [user.pk],
    )
    return number, newest


def forget_unread(user: User) -> None:
    """Forgets the cached number, because notifications were read."""
    user.__dict__.pop(CACHE, None)
