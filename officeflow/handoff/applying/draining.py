"""Applying everything in this process, without workers: `manage.py drain`, the demo, tests."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import datetime

from django.db import connection

from officeflow.handoff.applying.apply import apply
from officeflow.handoff.applying.claims import claim_next
from officeflow.handoff.models import Destination


def drain(destinations: Iterable[str] = Destination.values) -> int:
    """Applies until the destinations have nothing claimable; returns how many took effect.

    Hand-offs that back off after a failure stay waiting.
    """
    names = list(destinations)
    total = 0
    while claimable := _count_claimable(names):
        claims = (claim_next(name) for name, count in claimable for _ in range(count))
        applied = sum(apply(claim) for claim in claims if claim is not None)
        if not applied:
            break
        total += applied
    return total


def drain_counted(written: Counter[str], since: datetime) -> int:
    """Applies what `count_written` counted, and what its consumers post; returns how many.

    For one long transaction, whose tables and indexes keep all dead row versions: it reads only
    what was posted since a moment.
    """
    total, start = 0, str(since)
    while counts := [(name, written.pop(name)) for name in Destination.values if written[name]]:
        claims = (claim_next(name, since=start) for name, count in counts for _ in range(count))
        total += sum(apply(claim) for claim in claims if claim is not None)
    return total


def _count_claimable(names: list[str]) -> list[tuple[str, int]]:
    """Returns how many can be claimed at each destination that has any, in the order of `names`."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT destination, count(*) FROM handoff_handoff
            WHERE destination = ANY(%s) AND state = 'waiting' AND is_head
              AND (due_at <= office_clock() OR attempts = 0)
            GROUP BY destination
            ORDER BY array_position(%s::text[], destination::text)
            """,
            [names, names],
        )
        return cursor.fetchall()
