"""The work queue over a range of time: its length, returned tickets and late tickets.

A range is given by its bounds: n + 1 moments for n spans, as in `officeflow.handoff.reports`.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import accumulate

from django.db import connection

from backoffice.tickets.models import ReasonToReturn
from backoffice.tickets.states import OPEN_STATES
from officeflow.permissions import Department


def queue_depth(
    bounds: Sequence[datetime], now: datetime
) -> dict[Department, list[tuple[datetime, int] | None]]:
    """Returns the number of open tickets of each department at the end of each span.

    Each span has (moment, number), in the current span with `now` as the moment, and None if it
    has not begun. Departments without tickets are left out.
    """
    start, end = bounds[0], bounds[-1]
    arrays = [list(bounds)]
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT department, 0, count(*) FROM (
                SELECT department FROM tickets_ticket
                WHERE state = ANY(%s) AND created_at < %s
                UNION ALL
                SELECT department FROM tickets_ticket
                WHERE closed_at >= %s AND created_at < %s
            ) before GROUP BY 1
            UNION ALL
            SELECT department, width_bucket(created_at, %s::timestamptz[]), count(*)
            FROM tickets_ticket WHERE created_at >= %s AND created_at < %s GROUP BY 1, 2
            UNION ALL
            SELECT department, width_bucket(closed_at, %s::timestamptz[]), -count(*)
            FROM tickets_ticket WHERE closed_at >= %s AND closed_at < %s GROUP BY 1, 2
            """,
            [
                [state.value for state in OPEN_STATES],
                start,
                start,
                start,
                *arrays,
                start,
                end,
                *arrays,
                start,
                end,
            ],
        )
        rows = cursor.fetchall()
    changes: dict[str, list[int]] = {}
    for name, span, number in rows:
        changes.setdefault(name, [0] * len(bounds))[span] += number
    depths: dict[Department, list[tuple[datetime, int] | None]] = {}
    for department in Department:
        if department.value not in changes:
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


def due_statistics(bounds: Sequence[datetime], now: datetime) -> DueStatistics:
    """Returns the tickets that were due between the bounds and before `now`, as `DueCount` says.

    A ticket is late if it was finished after its due time, or is open after it; it counts in every
    span in which it was late. Tickets that were cancelled in time do not count, nor tickets on hold
    unless their day was promised to the customer.
    """
    last = min(bounds[-1], max(now, bounds[0]))
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT department, is_late, closed_at IS NULL AND is_late,
                   greatest(width_bucket(due_at, bounds), 1),
                   CASE WHEN is_late
                        THEN width_bucket(least(closed_at, last - interval '1 microsecond'), bounds)
                        ELSE width_bucket(due_at, bounds) END,
                   count(*)
            FROM (
                SELECT department, due_at, closed_at, bounds, last,
                       closed_at IS NULL OR closed_at > due_at AS is_late
                FROM tickets_ticket
                CROSS JOIN (SELECT %s::timestamptz[] AS bounds, %s::timestamptz AS last) shown
                WHERE due_at < last
                    AND (due_at >= %s OR closed_at IS NULL
                         OR (closed_at >= %s AND closed_at > due_at))
                    AND NOT (state = 'cancelled' AND closed_at <= due_at)
                    AND NOT (state = 'held' AND id IN (
                        SELECT id FROM tickets_ticket WHERE state = 'held' AND NOT is_promised
                    ))
            ) due
            GROUP BY 1, 2, 3, 4, 5
            """,
            [list(bounds), last, bounds[0], bounds[0]],
        )
        rows = cursor.fetchall()
    spans = [DueCount() for _ in range(len(bounds) - 1)]
    departments: dict[Department, DueCount] = {}
    total = DueCount()
    for name, is_late, is_open, first_span, last_span, number in rows:
        department = Department(name)
        more = DueCount(due=number, late=number * is_late, still_open=number * is_open)
        for span in range(first_span, max(first_span, last_span) + 1):
            spans[span - 1] = _added(spans[span - 1], more)
        departments[department] = _added(departments.get(department, DueCount()), more)
        total = _added(total, more)
    return DueStatistics(total=total, spans=spans, departments=departments)


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
    start: datetime, end: datetime, departments: Collection[Department]
) -> ReturnStatistics:
    """Returns the return statistics of the departments' tickets received in [start, end).

    Reasons are (code, label, number), the most frequent first.
    """
    names = [department.value for department in departments]
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT count(*) FROM tickets_ticket
            WHERE created_at >= %s AND created_at < %s AND department = ANY(%s)
            """,
            [start, end, names],
        )
        (received,) = cursor.fetchone()
        cursor.execute(
            """
            SELECT grouping(reason), reason, max(label), count(DISTINCT ticket_id) FROM (
                SELECT e.ticket_id, e.reason, e.reason_label AS label
                FROM tickets_ticket t JOIN tickets_ticketquestion e ON e.ticket_id = t.id
                WHERE t.created_at >= %s AND t.created_at < %s AND t.department = ANY(%s)
            ) returned GROUP BY GROUPING SETS ((reason), ())
            """,
            [start, end, names],
        )
        rows = cursor.fetchall()
    returned = next((number for over, _, _, number in rows if over), 0)
    reasons = [
        (code, label or reason_label(code), number)
        for over, code, label, number in rows
        if not over
    ]
    reasons.sort(key=lambda reason: (-reason[2], reason[1]))
    return ReturnStatistics(received=received, returned=returned, reasons=reasons)


def reason_label(code: str) -> str:
    """Returns the label of a return reason, or the code if the reason does not exist."""
    labels = ReasonToReturn.objects.filter(code=code).values_list("label", flat=True)
    return labels.first() or code
