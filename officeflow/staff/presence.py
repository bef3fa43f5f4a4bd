"""Who has the page of a record open: an order, a complaint, a ticket.

An open page calls `mark_present` every few seconds. Rows are deleted after `FORGET_AFTER`, and the
table is unlogged, because losing them costs nothing.
"""

from __future__ import annotations

from datetime import timedelta

from django.db import connection
from django.utils import timezone

from officeflow.staff.models import User

# How long a person counts as present after the last call, and how often a call is stored.
PRESENT_FOR = timedelta(seconds=15)
WRITE_EVERY = timedelta(seconds=5)
FORGET_AFTER = timedelta(minutes=2)


def mark_present(*, actor: User, kind: str, number: str) -> None:
    """Stores that the actor has a record's page open, at most once every `WRITE_EVERY`.

    Also deletes old rows. It is not audited.
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
    """Returns the other people who have the record's page open, by name."""
    # Written out, because Django needs longer to make it than PostgreSQL to answer it.
    others = User.objects.raw(
        """
        SELECT staff_user.* FROM staff_presence JOIN staff_user ON staff_user.id = user_id
        WHERE kind = %(kind)s AND number = %(number)s AND seen_at > %(since)s
          AND user_id <> %(user)s AND is_active
        ORDER BY full_name, staff_user.id
        """,
        {
            "kind": kind,
            "number": number,
            "since": timezone.now() - PRESENT_FOR,
            "user": user.pk,
        },
    )
    return list(others)
