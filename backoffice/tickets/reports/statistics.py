"""The work queue over a range of time: its length, returned tickets and late tickets.

A range is given by its bounds: n + 1 moments for n spans, as in `officeflow.handoff.reports`.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import reduce
from itertools import accumulate

from backoffice.tickets.models import ReasonToReturn
from backoffice.tickets.rollups import CLOSED, DUE, OPENED
from officeflow.company.models import Office
from officeflow.permissions import Department
from officeflow.rollups.reading import BEGINNING, END, read


def queue_depth(
    bounds: Sequence[datetime], now: datetime, office: Office
) -> dict[Department, list[tuple[datetime, int] | None]]:
    """Returns the number of open tickets of each department at the end of each span.

    Each span has (moment, number), in the current span with `now` as the moment, and None if it
    has not begun. Departments without tickets are left out.
    """
    since_ever = [BEGINNING, *bounds]
    opened = read(OPENED, office, since_ever, ("family = 'opened'", [])).of("opened")
    closed = read(CLOSED, office, since_ever, ("family = 'closed'", [])).of("closed")
    changes: dict[str, list[int]] = {}
    for sign, found in ((1, opened), (-1, closed)):
        for (span, (name, *_state)), (number,) in found.items():
            changes.setdefault(name, [0] * len(bounds))[span] += sign * int(number)
    depths: dict[Department, list[tuple[datetime, int] | None]] = {}
    for department in Department:
        if not any(changes.get(department.value, ())):
            continue
        depths[department] = [
            (min(bounds[span], now), number) if bounds[span - 1] <= now else None
            for span, number in enumerate(accumulate(changes[department.value]))
            if span
        ]
    return depths


@dataclass(frozen=True, kw_only=True)
class DueCount:
    """The number of tickets that were due, of those not finished in time, and of those still open.

    A ticket is due in a range when its due time lies in it, or when it was late when the range
    began. So the tickets that are still open at the end of a range that ends now are exactly the
    late ones of the queues.
    """

    due: int = 0
    late: int = 0
    still_open: int = 0

    @property
    def share(self) -> float | None:
        """The share of late tickets; None when no tickets were due."""
        return self.late / self.due if self.due else None


@dataclass(frozen=True, kw_only=True)
class DueStatistics:
    """Due and late tickets of a range, in each span and in each department."""

    total: DueCount
    spans: list[DueCount]
    departments: dict[Department, DueCount]


def due_statistics(bounds: Sequence[datetime], now: datetime, office: Office) -> DueStatistics:
    """Returns the tickets that were due between the bounds and before `now`, as `DueCount` says.

    A ticket is late if it was finished after its due time, or is open after it; it counts in every
    span in which it was late. Tickets that were cancelled in time do not count, nor tickets on hold
    unless their day was promised to the customer.
    """
    last = min(bounds[-1], max(now, bounds[0]))
    spans = [DueCount() for _ in range(len(bounds) - 1)]
    departments: dict[Department, DueCount] = {}
    for name, more, first_span, last_span in _due_counts(bounds, last, office):
        for span in range(first_span, max(first_span, last_span) + 1):
            spans[span] = _added(spans[span], more)
        department = Department(name)
        departments[department] = _added(departments.get(department, DueCount()), more)
    total = reduce(_added, departments.values(), DueCount())
    return DueStatistics(total=total, spans=spans, departments=departments)


def _due_counts(
    bounds: Sequence[datetime], last: datetime, office: Office
) -> Iterator[tuple[str, DueCount, int, int]]:
    """Yields department, tickets, and the first and last span in which they count."""

    def span_of(moment: datetime) -> int:
        return max(bisect_right(bounds, moment) - 1, 0)

    last_span = span_of(last - timedelta(microseconds=1))
    # Span 0 is what was due before the range: of that only what is still open counts.
    due = read(DUE, office, [BEGINNING, *(each for each in bounds if each < last), last])
    for (span, (name, kind)), (sum_,) in due.of("due").items():
        number, place = int(sum_), max(span - 1, 0)
        if kind == "open":
            yield name, DueCount(due=number, late=number, still_open=number), place, last_span
        elif span:
            yield name, DueCount(due=number), place, place
    late = read(CLOSED, office, [*bounds, END], ("family = 'late'", [])).of("late")
    for (span, (name, quarter)), (sum_,) in late.items():
        due_at = datetime.fromtimestamp(int(quarter), UTC)
        if due_at < last:
            number = int(sum_)
            first = span_of(due_at)
            yield name, DueCount(due=number, late=number), first, min(span, last_span)


def _added(one: DueCount, other: DueCount) -> DueCount:
    return DueCount(
        due=one.due + other.due,
        late=one.late + other.late,
        still_open=one.still_open + other.still_open,
    )


@dataclass(frozen=True, kw_only=True)
class ReturnStatistics:
    """The tickets received in a range, those that were returned to the desk, and the reasons.

    A ticket returned for two reasons counts once with each, and once in `returned`.
    """

    received: int
    returned: int
    reasons: list[tuple[str, str, int]]

    @property
    def share(self) -> float | None:
        """The share of returned tickets; None when no tickets were received."""
        return self.returned / self.received if self.received else None


def return_statistics(
    start: datetime, end: datetime, departments: Collection[Department], office: Office
) -> ReturnStatistics:
    """Returns the return statistics of the departments' tickets received in [start, end).

    Reasons are (code, label, number), the most frequent first.
    """
    names = {department.value for department in departments}
    found = read(OPENED, office, [start, end])
    received = sum(
        int(number)
        for (_s, (name, _state)), (number,) in found.of("opened").items()
        if name in names
    )
    numbers: dict[str, int] = {}
    for (_s, (name, code)), (number,) in found.of("returned").items():
        if name in names:
            numbers[code] = numbers.get(code, 0) + int(number)
    labels: dict[str, str] = {}
    for _s, (code, label) in found.of("labels"):
        labels[code] = max(label, labels.get(code, ""))
    returned = numbers.pop("", 0)
    reasons = [
        (code, labels.get(code) or reason_label(code), number) for code, number in numbers.items()
    ]
    reasons.sort(key=lambda reason: (-reason[2], reason[1]))
    return ReturnStatistics(received=received, returned=returned, reasons=reasons)


def reason_label(code: str) -> str:
    """Returns the label of a return reason, or the code if the reason does not exist."""
    labels = ReasonToReturn.objects.filter(code=code).values_list("label", flat=True)
    return labels.first() or code
