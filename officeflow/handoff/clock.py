"""The clock of hand-offs, which is PostgreSQL's."""

from __future__ import annotations

from datetime import datetime

from django.db import connection
from django.db.models import DateTimeField, Func


class OfficeClock(Func):
    """The moment at which PostgreSQL reads it; in SQL `office_clock()`.

    A transaction that sets `officeflow.moved_clock` for itself is in another time: the demo
    company lives through its past days so.
    """

    function = "office_clock"
    arity = 0
    output_field = DateTimeField()


def office_now() -> datetime:
    """What PostgreSQL's clock shows: to be compared with what was written by it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT office_clock()")
        moment: datetime = cursor.fetchone()[0]
    return moment
