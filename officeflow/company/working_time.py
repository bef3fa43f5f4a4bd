"""Time that counts: only while the office is open.

A goal of four hours set at half past four on a Friday ends on Monday. Opening hours are times on
the office's own clocks, so a day on which the clocks change is an hour shorter or longer where the
change falls into them. An office without opening hours works round the clock, and its closures
mean nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from uuid import UUID
from zoneinfo import ZoneInfo

from officeflow.company.models import MIDNIGHT, Closure, Office, OpeningHours

NOTHING = timedelta(0)
ONE_DAY = timedelta(days=1)

Span = tuple[datetime, datetime]


@dataclass(frozen=True)
class Calendar:
    """When the office is open: spans by weekday, the days it is closed, and in which zone."""

    zone: ZoneInfo
    hours: dict[int, list[tuple[time, time]]]
    closures: frozenset[date]
    _days: dict[date, tuple[Span, ...]] = field(default_factory=dict, compare=False, repr=False)

    def spans(self, day: date) -> tuple[Span, ...]:
        """The moments, in UTC, between which the office is open on this date of its own."""
        found = self._days.get(day)
        if found is None:
            found = self._days[day] = tuple(self._spans(day))
        return found

    def _spans(self, day: date) -> Iterator[Span]:
        if day in self.closures:
            return
        # A time that the clocks leave out lies behind the ones after it: no span may reach over
        # the next one, or over midnight.
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
        """The office's own date at a moment."""
        return moment.astimezone(self.zone).date()


def calendar_of(office: Office) -> Calendar:
    """The office's calendar: two queries the first time after it changed, then none."""
    return _calendar(office.calendar, office.time_zone)


def add_working_time(start: datetime, amount: timedelta, *, office: Office) -> datetime:
    """The moment at which `amount` of opening time has passed since `start`, in UTC.

    What ends just as the office closes ends then, not at the next opening. Nothing added gives
    `start`. Raises `ValueError` for a negative amount.
    """
    if amount < NOTHING:
        raise ValueError("working time is added, not taken away")
    start = start.astimezone(UTC)
    calendar = calendar_of(office)
    if amount == NOTHING or not calendar.hours:
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
    """How long the office was open between two moments; nothing when `end` is not after `start`."""
    start, end = start.astimezone(UTC), end.astimezone(UTC)
    if end <= start:
        return NOTHING
    calendar = calendar_of(office)
    if not calendar.hours:
        return end - start
    total = NOTHING
    day, last = calendar.local_date(start), calendar.local_date(end)
    while day <= last:
        for opens, closes in calendar.spans(day):
            total += max(min(closes, end) - max(opens, start), NOTHING)
        day += ONE_DAY
    return total


@lru_cache(maxsize=8)
def _calendar(_token: UUID, time_zone: str) -> Calendar:
    """Read once for each state of the calendar: every change of it writes a new token."""
    hours: dict[int, list[tuple[time, time]]] = {}
    for weekday, opens, closes in OpeningHours.objects.order_by("weekday", "opens").values_list(
        "weekday", "opens", "closes"
    ):
        hours.setdefault(weekday, []).append((opens, closes))
    closures = frozenset(Closure.objects.values_list("date", flat=True))
    return Calendar(ZoneInfo(time_zone), hours, closures)
