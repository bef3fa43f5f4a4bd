"""The clock of hand-offs, which is PostgreSQL's."""

from __future__ import annotations

from datetime import datetime

from django.db import connection
from django.db.models import DateTimeField, Func


class OfficeClock(Func):
    """The current time in a query: `office_clock()` in SQL.

    A transaction that sets `officeflow.moved_clock` moves the clock for itself, as the demo company
    does to make its past days.
    """

    function = "office_clock"
    arity = 0
    output_field = DateTimeField()


def office_now() -> datetime:
    """Returns the current time of PostgreSQL's clock, to compare with what it has written."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT office_clock()")
        moment: datetime = cursor.fetchone()[0]
    return moment
