"""The corridor's clock, which is PostgreSQL's."""

from __future__ import annotations

from django.db.models import DateTimeField, Func


class OfficeClock(Func):
    """The moment at which PostgreSQL reads it; in SQL `office_clock()`.

    A transaction that sets `officeflow.moved_clock` for itself is in another time: the demo
    company lives through its past days so.
    """

    function = "office_clock"
    arity = 0
    output_field = DateTimeField()
