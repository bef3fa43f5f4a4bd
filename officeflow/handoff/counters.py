"""What is counted as it happens, by whatever process it happens in.

The counts stand in PostgreSQL, because they tell of the broker's failures, and because
web, workers and sweepers on all machines count together. None is counted where all goes well: a
notification that left, or a hand-off that was posted, writes nothing here.
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
NOTIFIED_AGAIN = "notified again "  # and the destination

_unwritten: dict[str, int] = {}
_lock = threading.Lock()


def _begin_afresh() -> None:
    """What a parent could not write is the parent's to write, and so is its lock."""
    global _lock
    _lock = threading.Lock()
    _unwritten.clear()


os.register_at_fork(after_in_child=_begin_afresh)


def count(more: Mapping[str, int]) -> None:
    """Adds to counters, in one statement that commits by itself. Never raises.

    What cannot be written now, because PostgreSQL is away or a transaction of somebody's is open,
    goes with the next.
    """
    _put_back(more)
    if connection.in_atomic_block:
        return
    with _lock:
        writing = dict(sorted(_unwritten.items()))
        _unwritten.clear()
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
        _put_back(writing)


def _put_back(more: Mapping[str, int]) -> None:
    with _lock:
        for name, number in more.items():
            _unwritten[name] = _unwritten.get(name, 0) + number


def count_failure(**kwargs: Any) -> None:
    """A message could not be sent, and its process now leaves the broker alone for a while."""
    count({PUBLISH_FAILURES: 1})
