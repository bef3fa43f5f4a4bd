"""Times at the edges of days, months and years, for tests of what depends on the date.

A test with `@any_day` runs once at each, with the clocks of Python and PostgreSQL stopped there:

    @any_day
    def test_an_invoice_is_dated_today(moment: Moment, ...) -> None:
        ...
        assert invoice.issued_date == moment.day
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.db import connection
from django.utils import timezone

from tests.factories import make_office

__all__ = ["Moment", "any_day", "moment", "stopped_clock"]


@dataclass(frozen=True)
class Moment:
    """A local time in the office; of an hour that occurs twice, the second one."""

    clock: str
    zone: str = "Europe/London"

    @property
    def at(self) -> datetime:
        """The time in UTC."""
        local = datetime.fromisoformat(self.clock)
        return local.replace(tzinfo=ZoneInfo(self.zone), fold=1).astimezone(UTC)

    @property
    def day(self) -> date:
        """The date in the office."""
        return datetime.fromisoformat(self.clock).date()


MOMENTS = {
    "a Monday, the last of a month": Moment("2027-05-31T09:00"),
    "a Sunday at 23:59": Moment("2027-02-28T23:59"),
    "the last of a year at 23:59": Moment("2027-12-31T23:59"),
    "29 February": Moment("2028-02-29T12:00"),
    "before the clock goes forward": Moment("2027-03-28T00:30"),
    "after the clock went back": Moment("2027-10-31T01:30"),
    "New Year in Auckland only": Moment("2027-01-01T08:00", "Pacific/Auckland"),
    "the old year in Honolulu only": Moment("2026-12-31T20:00", "Pacific/Honolulu"),
}
any_day = pytest.mark.parametrize("moment", MOMENTS, indirect=True)


@pytest.fixture
def moment(request: pytest.FixtureRequest, db: None) -> Iterator[Moment]:
    """An office at one of the `MOMENTS`; the first fixture that a test asks for."""
    found = MOMENTS[request.param]
    with time_machine.travel(found.at, tick=False):
        with connection.cursor() as cursor:
            cursor.execute("SELECT set_config('officeflow.moved_clock', %s, true)", [str(found.at)])
        office = make_office()
        office.time_zone = found.zone
        office.save()
        yield found


@pytest.fixture
def stopped_clock() -> Iterator[None]:
    """Python's clock stands still, for what changes with the time as well."""
    with time_machine.travel(timezone.now(), tick=False):
        yield
