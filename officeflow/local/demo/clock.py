"""A clock that the demo company carries through its past.

The company's days are lived by the same actions as everybody's, so the moment that these read,
in Python and in PostgreSQL, is moved for as long as the company is being made. Outside of that
nobody can move it: in Python it is this one process, in PostgreSQL this one transaction.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from django.db import connection
from django.utils import timezone


class MovedClock:
    """A moment that stands still until it is moved on; it never goes back."""

    def __init__(self, now: datetime) -> None:
        self.now = now

    def move(self, to: datetime) -> None:
        """Moves on to a moment; one that has passed already changes nothing."""
        if to <= self.now:
            return
        self.now = to
        with connection.cursor() as cursor:
            cursor.execute("SELECT set_config('officeflow.moved_clock', %s, true)", [str(to)])


@contextmanager
def moved_clock(start: datetime) -> Iterator[MovedClock]:
    """Lets `timezone.now()` and `office_clock()` tell the moved moment, inside a transaction."""
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
