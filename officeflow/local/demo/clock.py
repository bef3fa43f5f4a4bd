"""A clock that shows times in the past while the demo company is created.

The demo's history is created by the ordinary actions, which read the time in Python and in
PostgreSQL. Both are moved for as long as the demo is created: in Python in this process alone, in
PostgreSQL in this transaction alone.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from django.db import connection
from django.utils import timezone


class MovedClock:
    """A time that changes only when it is moved forward."""

    def __init__(self, now: datetime) -> None:
        self.now = now

    def move(self, to: datetime) -> None:
        """Moves the clock forward; does nothing when `to` has passed already."""
        if to <= self.now:
            return
        self.now = to
        with connection.cursor() as cursor:
            cursor.execute("SELECT set_config('officeflow.moved_clock', %s, true)", [str(to)])


@contextmanager
def moved_clock(start: datetime) -> Iterator[MovedClock]:
    """Lets `timezone.now()` and `office_clock()` return the clock's time, inside a transaction."""
    clock = MovedClock(datetime.min.replace(tzinfo=start.tzinfo))
    clock.move(start)
    real = timezone.now
    timezone.now = lambda: clock.now
    try:
        yield clock
    finally:
        timezone.now = real
        if not connection.needs_rollback:
            with connection.cursor() as cursor:
                cursor.execute("SELECT set_config('officeflow.moved_clock', '', true)")
