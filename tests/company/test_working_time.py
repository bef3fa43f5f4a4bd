"""Working time, also on the days when the clocks change."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from officeflow.company import working_time
from officeflow.company.actions import (
    OFFICE_HOURS,
    Hours,
    add_closure,
    remove_closure,
    set_opening_hours,
)
from officeflow.company.models import Office
from officeflow.company.working_time import add_working_time, working_time_between
from officeflow.staff.models import User

LONDON = ZoneInfo("Europe/London")
HOUR = timedelta(hours=1)


@pytest.fixture
def open_office(office: Office) -> Office:
    """The office, open from Monday to Friday, 09:00 to 17:30."""
    set_opening_hours(actor=None, hours=OFFICE_HOURS)
    office.refresh_from_db()
    return office


def at(day: int, hour: int, minute: int = 0, month: int = 1) -> datetime:
    """A moment of 2030 in London; 4 January is a Friday."""
    return datetime(2030, month, day, hour, minute, tzinfo=LONDON)


def test_without_opening_hours_all_time_is_working_time(office: Office) -> None:
    assert add_working_time(at(4, 16), 4 * HOUR, office=office) == at(4, 20)
    assert working_time_between(at(4, 16), at(5, 16), office=office) == 24 * HOUR


@pytest.mark.parametrize(
    ("start", "hours", "end"),
    [
        (at(4, 10), 2, at(4, 12)),
        (at(4, 16, 30), 4, at(7, 12)),  # Friday evening to Monday
        (at(5, 12), 1, at(7, 10)),  # from a Saturday
        (at(4, 7), 1, at(4, 10)),  # before the office opens
        (at(4, 16, 30), 1, at(4, 17, 30)),  # just as it closes
        (at(4, 20), 0, at(4, 20)),
    ],
)
def test_working_time_passes_only_while_the_office_is_open(
    open_office: Office, start: datetime, hours: int, end: datetime
) -> None:
    assert add_working_time(start, hours * HOUR, office=open_office) == end
    assert working_time_between(start, end, office=open_office) == hours * HOUR


def test_a_closure_is_no_working_time_until_it_is_removed(open_office: Office, ada: User) -> None:
    add_closure(actor=ada, closed_date=date(2030, 1, 7), name="Stocktaking")
    open_office.refresh_from_db()
    assert add_working_time(at(4, 16, 30), 4 * HOUR, office=open_office) == at(8, 12)
    remove_closure(actor=ada, closed_date=date(2030, 1, 7))
    open_office.refresh_from_db()
    assert add_working_time(at(4, 16, 30), 4 * HOUR, office=open_office) == at(7, 12)


def test_the_hour_that_the_clocks_skip_is_no_working_time(office: Office) -> None:
    # On 31 March 2030 the clocks in London go from 01:00 to 02:00.
    set_opening_hours(actor=None, hours=[Hours(6, time(0), time(6))])
    office.refresh_from_db()
    sunday = [at(31, hour, month=3) for hour in (0, 6)]
    assert working_time_between(*sunday, office=office) == 5 * HOUR
    assert add_working_time(sunday[0], 2 * HOUR, office=office) == at(31, 3, month=3)


def test_the_hour_that_the_clocks_repeat_counts_twice(office: Office) -> None:
    # On 27 October 2030 the clocks in London go from 02:00 to 01:00.
    set_opening_hours(actor=None, hours=[Hours(6, time(0), time(0))])
    office.refresh_from_db()
    sunday = (at(27, 0, month=10), at(28, 0, month=10))
    assert working_time_between(*sunday, office=office) == 25 * HOUR


def test_the_calendar_is_read_once_for_each_change(
    open_office: Office, django_assert_num_queries
) -> None:
    add_working_time(at(4, 10), HOUR, office=open_office)
    with django_assert_num_queries(0):
        add_working_time(at(4, 10), 90 * HOUR, office=open_office)


def test_a_negative_amount_is_refused(open_office: Office) -> None:
    with pytest.raises(ValueError, match="negative"):
        add_working_time(at(4, 10), -HOUR, office=open_office)
    assert working_time_between(at(4, 12), at(4, 10), office=open_office) == timedelta(0)


moments = st.datetimes(datetime(2029, 1, 1), datetime(2031, 1, 1), timezones=st.just(UTC))
minutes = st.integers(0, 6000).map(lambda n: timedelta(minutes=n))
zones = st.sampled_from(
    ["Europe/London", "America/Havana", "Australia/Lord_Howe", "Asia/Kathmandu", "Africa/Nairobi"]
).map(ZoneInfo)
weeks = st.dictionaries(
    st.integers(0, 6),
    st.lists(st.integers(0, 47), min_size=2, max_size=6, unique=True).map(
        lambda halves: [
            (time(a // 2, a % 2 * 30), time(b // 2, b % 2 * 30))
            for a, b in zip(sorted(halves)[::2], sorted(halves)[1::2], strict=False)
        ]
    ),
    min_size=1,
)
closures = st.frozensets(st.dates(date(2029, 1, 1), date(2030, 12, 31)), max_size=20)
calendars = st.builds(working_time.Calendar, zones, weeks, closures)


class Anywhere:
    """An office with any calendar, so that no database is needed."""

    def __init__(self, calendar: working_time.Calendar) -> None:
        self.calendar = self
        self.time_zone = calendar


@pytest.fixture
def any_calendar(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(working_time, "calendar_of", lambda office: office.time_zone)


@pytest.mark.usefixtures("any_calendar")
class TestForAnyCalendar:
    """What holds for every calendar, zone and moment."""

    @settings(max_examples=60, deadline=None)
    @given(calendars, moments, minutes)
    def test_added_time_is_the_time_between(self, calendar, start, amount) -> None:
        office = Anywhere(calendar)
        end = add_working_time(start, amount, office=office)
        assert end >= start + amount
        assert working_time_between(start, end, office=office) == amount

    @settings(max_examples=60, deadline=None)
    @given(calendars, moments, minutes, minutes)
    def test_adding_in_two_steps_equals_adding_once(self, calendar, start, one, two) -> None:
        office = Anywhere(calendar)
        step = add_working_time(start, one, office=office)
        assert add_working_time(step, two, office=office) == add_working_time(
            start, one + two, office=office
        )

    @settings(max_examples=60, deadline=None)
    @given(calendars, st.lists(moments, min_size=3, max_size=3))
    def test_parts_add_up_and_never_exceed_elapsed_time(self, calendar, three) -> None:
        office = Anywhere(calendar)
        first, middle, last = sorted(three)
        left = working_time_between(first, middle, office=office)
        right = working_time_between(middle, last, office=office)
        assert left + right == working_time_between(first, last, office=office)
        assert timedelta(0) <= left <= middle - first
