"""Who else is looking at something just now: an order, a complaint, a ticket.

A page that somebody looks at says so every few seconds, and what it said is forgotten soon after
it stops: nothing is kept, and nothing is told about yesterday. The rows are in an unlogged table,
because losing them costs nothing.
"""

from __future__ import annotations

from datetime import timedelta

from django.db import connection
from django.utils import timezone

from officeflow.staff.models import Presence, User

# For how long somebody counts as being there after they last said so, and how often it is written.
PRESENT_FOR = timedelta(seconds=15)
WRITE_EVERY = timedelta(seconds=5)
FORGET_AFTER = timedelta(minutes=2)


def mark_present(*, actor: User, kind: str, number: str) -> None:
    """The actor is looking at it now. Cheap to say often: it is written every `WRITE_EVERY` only.

    No record of work: it has no audit row. What is old is deleted at the same time.
    """
    now = timezone.now()
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO staff_presence (kind, number, user_id, seen_at)
            VALUES (%(kind)s, %(number)s, %(user)s, %(now)s)
            ON CONFLICT (kind, number, user_id) DO UPDATE SET seen_at = EXCLUDED.seen_at
            WHERE staff_presence.seen_at < %(before)s
            """,
            {
                "kind": kind,
                "number": number,
                "user": actor.pk,
                "now": now,
                "before": now - WRITE_EVERY,
            },
        )
        if cursor.rowcount:
            cursor.execute("DELETE FROM staff_presence WHERE seen_at < %s", [now - FORGET_AFTER])


def others_present(*, user: User, kind: str, number: str) -> list[User]:
    """Who else is looking at it, by name."""
    seen = Presence.objects.filter(
        kind=kind, number=number, seen_at__gt=timezone.now() - PRESENT_FOR
    ).exclude(user=user)
    return list(
        User.objects.filter(is_active=True, pk__in=seen.values("user_id")).order_by(
            "full_name", "pk"
        )
    )
