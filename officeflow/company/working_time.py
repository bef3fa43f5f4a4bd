"""Working time: time that passes only while the office is open.

Four hours from 16:30 on a Friday end on Monday. Opening hours are local times, so a day on which
the clocks change is an hour shorter or longer when the change falls into them. An office without
opening hours is always open, and its closures have no effect.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from uuid import UUID
from zoneinfo import ZoneInfo

from officeflow.company.models import MIDNIGHT, Closure, Office, OpeningHours

ZERO = timedelta(0)
ONE_DAY = timedelta(days=1)

Span = tuple[datetime, datetime]


@dataclass(frozen=True)
class Calendar:
    """When the office is open: local spans by weekday, closed dates, and the time zone."""

    zone: ZoneInfo
    hours: dict[int, list[tuple[time, time]]]
    closures: frozenset[date]
    _days: dict[date, tuple[Span, ...]] = field(default_factory=dict, compare=False, repr=False)

    def spans(self, day: date) -> tuple[Span, ...]:
        """Returns the openings on a local date as (start, end) in UTC."""
        found = self._days.get(day)
        if found is None:
            found = self._days[day] = tuple(self._spans(day))
        return found

    def _spans(self, day: date) -> Iterator[Span]:
        if day in self.closures:
            return
        # When the clocks go forward, a skipped local time lies after the times that follow it:
        # a span must not overlap the next one, or midnight.
        reached = datetime.min.replace(tzinfo=UTC)
        midnight = self._moment(day + ONE_DAY, MIDNIGHT)
        for opens, closes in self.hours.get(day.weekday(), ()):
            begin = max(self._moment(day, opens), reached)
            end = midnight if closes == MIDNIGHT else min(self._moment(day, closes), midnight)
            if begin < end:
                reached = end
                yield begin, end

    def _moment(self, day: date, clock: time) -> datetime:
        return datetime.combine(day, clock, tzinfo=self.zone).astimezone(UTC)

    def local_date(self, moment: datetime) -> date:
        """Returns the date in the office's time zone at a moment."""
        return moment.astimezone(self.zone).date()


def calendar_of(office: Office) -> Calendar:
    """Returns the office's calendar, with two queries after each change, else none."""
    return _calendar(office.calendar, office.time_zone)


def add_working_time(start: datetime, amount: timedelta, *, office: Office) -> datetime:
    """Returns the moment at which `amount` of working time has passed since `start`, in UTC.

    An amount that is used up when the office closes ends then, not at the next opening. Raises
    `ValueError` for a negative amount.
    """
    if amount < ZERO:
        raise ValueError("the amount of working time is negative")
    start = start.astimezone(UTC)
    calendar = calendar_of(office)
    if amount == ZERO or not calendar.hours:
        return start + amount
    day = calendar.local_date(start)
    while True:
        for opens, closes in calendar.spans(day):
            begin = max(opens, start)
            if begin >= closes:
                continue
            if closes - begin >= amount:
                return begin + amount
            amount -= closes - begin
        day += ONE_DAY


def working_time_between(start: datetime, end: datetime, *, office: Office) -> timedelta:
    """Returns the working time from `start` to `end`; zero when `end` is not after `start`."""
    start, end = start.astimezone(UTC), end.astimezone(UTC)
    if end <= start:
        return ZERO
    calendar = calendar_of(office)
    if not calendar.hours:
        return end - start
    total = ZERO
    day, last = calendar.local_date(start), calendar.local_date(end)
    while day <= last:
        for opens, closes in calendar.spans(day):
            total += max(min(closes, end) - max(opens, start), ZERO)
        day += ONE_DAY
    return total


def openings(start: datetime, end: datetime, *, office: Office) -> list[Span] | None:
    """Returns the openings on the local days from `start` to `end`, in UTC, each (start, end).

    None for an office without opening hours, which is always open.
    """
    calendar = calendar_of(office)
    if not calendar.hours:
        return None
    found: list[Span] = []
    day, last = calendar.local_date(start), calendar.local_date(end)
    while day <= last:
        found += calendar.spans(day)
        day += ONE_DAY
    return found


@lru_cache(maxsize=8)
def _calendar(_version: UUID, time_zone: str) -> Calendar:
    """Reads the calendar; cached by `Office.calendar`, which every change renews."""
    hours: dict[int, list[tuple[time, time]]] = {}
    for weekday, opens, closes in OpeningHours.objects.order_by("weekday", "opens").values_list(
        "weekday", "opens", "closes"
    ):
        hours.setdefault(weekday, []).append((opens, closes))
    closures = frozenset(Closure.objects.values_list("date", flat=True))
    return Calendar(ZoneInfo(time_zone), hours, closures)
