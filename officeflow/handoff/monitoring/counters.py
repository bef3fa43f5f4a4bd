"""Counters of rare events, which web, workers and sweepers on all machines add to.

They are rows of PostgreSQL, because they count failures of the broker. An event of the normal
course, such as a post or a notification that was sent, is not counted here.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Mapping
from typing import Any

import structlog
from django.db import Error, connection

log = structlog.get_logger(__name__)

PUBLISH_FAILURES = "publish failures"
REPEATED_NOTIFICATIONS = "notified again "  # followed by the destination

# What this process has counted and not yet written.
unwritten: dict[str, int] = {}
_lock = threading.Lock()


def _forget_parents_counts() -> None:
    """In a fork: the parent writes what it has counted, and its lock may be held."""
    global _lock
    _lock = threading.Lock()
    unwritten.clear()


os.register_at_fork(after_in_child=_forget_parents_counts)


def count(more: Mapping[str, int]) -> None:
    """Adds to counters, in one statement that commits by itself. Never raises.

    When PostgreSQL is away, or within an open transaction, the numbers are kept and written with
    the next call.
    """
    _add_unwritten(more)
    if connection.in_atomic_block:
        return
    with _lock:
        writing = dict(sorted(unwritten.items()))
        unwritten.clear()
    try:
        with connection.cursor() as cursor:
            cursor.execute(
                """
                INSERT INTO handoff_counter (name, value, changed_at)
                SELECT name, value, clock_timestamp()
                FROM unnest(%s::text[], %s::bigint[]) AS more (name, value)
                ON CONFLICT (name) DO UPDATE SET
                    value = handoff_counter.value + EXCLUDED.value,
                    changed_at = EXCLUDED.changed_at
                """,
                [list(writing), list(writing.values())],
            )
    except Error as error:
        log.warning("counters.unwritten", error=type(error).__name__)
        _add_unwritten(writing)


def _add_unwritten(more: Mapping[str, int]) -> None:
    with _lock:
        for name, number in more.items():
            unwritten[name] = unwritten.get(name, 0) + number


def count_publish_failure(**kwargs: Any) -> None:
    """Counts a message that could not be sent to the broker; receives `publish_failed`."""
    count({PUBLISH_FAILURES: 1})
