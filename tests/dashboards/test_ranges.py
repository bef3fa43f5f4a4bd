"""Ranges of days: whole, without a gap, in the office's zone, on every day of the year."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from officeflow.company.models import Office
from officeflow.dashboards.listing import period_text
from officeflow.dashboards.ranges import Range, read_moment, select_range

ZONES = ("Europe/London", "America/New_York", "Asia/Kathmandu", "Australia/Lord_Howe", "UTC")
NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)


def office_in(zone: str) -> Office:
    return Office(name="The Paper Lantern", time_zone=zone, currency="GBP", language="en")


@settings(max_examples=80, deadline=None)
@given(
    st.sampled_from(ZONES),
    st.dates(date(2024, 1, 1), date(2027, 12, 31)),
    st.integers(0, 400),
)
def test_the_spans_of_a_range_are_the_range(zone: str, first: date, more: int) -> None:
    office = office_in(zone)
    shown = Range(first, first + timedelta(days=more), office)
    spans = shown.spans
    assert spans[0].start == shown.start
    assert spans[-1].end == shown.end
    assert all(span.start < span.end for span in spans)
    assert all(one.end == other.start for one, other in pairwise(spans))
    assert len({span.label.full for span in spans}) == len(spans)
    assert len(spans) <= 110


@settings(max_examples=80, deadline=None)
@given(st.sampled_from(ZONES), st.dates(date(2024, 1, 1), date(2027, 12, 31)))
def test_the_hours_of_a_day_are_the_day_of_a_longer_range(zone: str, day: date) -> None:
    office = office_in(zone)
    hours = Range(day, day, office)
    days = Range(day - timedelta(days=1), day, office)
    assert (hours.start, hours.end) == (days.spans[-1].start, days.spans[-1].end)


@pytest.mark.parametrize(
    ("day", "hours"), [(date(2026, 3, 29), 23), (date(2026, 10, 25), 25), (date(2026, 7, 1), 24)]
)
def test_a_day_has_as_many_hours_as_its_clocks_show(day: date, hours: int) -> None:
    labels = [span.label for span in Range(day, day, office_in("Europe/London")).spans]
    assert len(labels) == hours
    if hours == 25:
        assert [label.full for label in labels if label.short == "01"] == [
            "01:00–01:00",
            "01:00–02:00 (GMT)",
        ]


def test_long_ranges_go_by_the_week_from_monday() -> None:
    shown = Range(date(2026, 1, 1), date(2026, 11, 21), office_in("UTC"))
    assert [span.start.weekday() for span in shown.spans[1:]] == [0] * (len(shown.spans) - 1)


def chosen(**address: str):  # type: ignore[no-untyped-def]
    return select_range(address, office_in("Europe/London"), default="today", now=NOW)


@pytest.mark.parametrize(
    ("address", "first"),
    [
        ({}, date(2026, 11, 21)),
        ({"range": "7"}, date(2026, 11, 15)),
        ({"range": "90"}, date(2026, 8, 24)),
        ({"range": "nonsense"}, date(2026, 11, 21)),
        ({"from": "2026-11-02", "to": "2026-12-24"}, date(2026, 11, 2)),
    ],
)
def test_the_query_selects_the_days(address: dict[str, str], first: date) -> None:
    found = chosen(**address)
    assert (found.range.first, found.range.last) == (first, date(2026, 11, 21))
    assert not found.is_invalid


@pytest.mark.parametrize(
    ("first", "last", "field", "words"),
    [
        ("2026-11-20", "", "to", "Choose a first and a last day."),
        ("yesterday", "2026-11-20", "from", "Enter a day such as"),
        ("2026-11-20", "2026-11-19", "to", "The last day must not be before the first day."),
        (
            "2026-12-01",
            "2026-12-02",
            "from",
            "This day is in the future. Choose today or an earlier day.",
        ),
        ("2020-01-01", "2026-11-19", "to", "more than two years"),
        ("\x00", "99999-01-01", "from", "Enter a day such as"),
    ],
)
def test_days_that_cannot_be_shown_say_why_and_stay_typed(
    first: str, last: str, field: str, words: str
) -> None:
    found = chosen(**{"from": first, "to": last})
    assert found.is_invalid
    assert words in found.form.errors[field][0]
    assert found.form["from"].value() == first
    assert found.range.preset == "today"


@pytest.mark.parametrize(
    ("text", "is_end", "moment"),
    [
        ("2026-10-25", False, "2026-10-24T23:00:00+00:00"),
        ("2026-10-25", True, "2026-10-26T00:00:00+00:00"),
        ("2026-10-25T01:30:00Z", False, "2026-10-25T01:30:00+00:00"),
        ("2026-07-01T09:00", False, "2026-07-01T08:00:00+00:00"),
        ("2026-07-01T09:00 02:00", False, "2026-07-01T07:00:00+00:00"),
        ("soon", False, None),
        ("0000-00-00", False, None),
        ("0001-01-01", False, None),
        ("9999-12-31", True, None),
        ("0001-01-01T00:00:00Z", False, None),
        ("0001-01-01T00:00:00+14:00", False, None),
        ("9999-12-31T23:59:59.999999-14:00", False, None),
        ("1970-01-01T00:00:00+14:00", False, None),
    ],
)
def test_bounds_are_read_in_the_offices_zone(text: str, is_end: bool, moment: str | None) -> None:
    found = read_moment(text, office_in("Europe/London"), is_end=is_end)
    assert (found and found.astimezone(UTC).isoformat()) == moment


@pytest.mark.parametrize(
    ("start", "end", "words"),
    [
        ("2026-11-20", "2026-11-20", "20 Nov 2026"),
        ("2026-11-19", "2026-11-20", "19 Nov 2026–20 Nov 2026"),
        ("2026-11-20T09:00", "2026-11-20T10:00", "20 Nov 2026 09:00–10:00"),
        ("2026-11-20", "", "from 20 Nov 2026"),
    ],
)
def test_bounds_are_written_as_a_period(start: str, end: str, words: str) -> None:
    office = office_in("Europe/London")
    first = read_moment(start, office)
    last = read_moment(end, office, is_end=True) if end else None
    assert period_text(first, last, office) == words
