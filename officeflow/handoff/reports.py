"""Figures for the dashboards: counts and times by destination and over a range of days.

A range is given as its bounds: n + 1 moments for n spans that follow each other, each from its
first moment until just before the next. So the spans always add up to the range, also on the days
on which daylight saving time begins or ends.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import accumulate
from typing import Any

from django.db import connection

from officeflow.handoff.models import Destination

# Every order is posted to accounting, and each complaint to one department, so that these count
# orders and complaints once.
ORDER = ("OrderPlaced", Destination.ACCOUNTING.value)
COMPLAINT = "ComplaintRaised"


# The openings of the office, each (start, end), in their order; None when it is always open.
Openings = Sequence[tuple[datetime, datetime]] | None


@dataclass(frozen=True, kw_only=True)
class Clocks:
    """Seconds from posting to delivery and to acceptance; None while nothing happened.

    Acceptance waits for people, so its seconds are those in which the office is open.
    """

    delivered_p50: float | None = None
    delivered_p95: float | None = None
    accepted_p50: float | None = None
    accepted_p95: float | None = None


NO_CLOCKS = Clocks()


def _clocks(delivered: list[float] | None, accepted: list[float] | None) -> Clocks:
    """Returns clocks from the two arrays [p50, p95] of a query."""
    delivered_p50, delivered_p95 = delivered or (None, None)
    accepted_p50, accepted_p95 = accepted or (None, None)
    return Clocks(
        delivered_p50=delivered_p50,
        delivered_p95=delivered_p95,
        accepted_p50=accepted_p50,
        accepted_p95=accepted_p95,
    )


@dataclass(frozen=True, kw_only=True)
class HandoffCounts:
    """The hand-offs that were posted in a span or to a destination.

    `delivered` and `accepted` of them are so by now. `orders` and `complaints` count subjects.
    """

    orders: int = 0
    complaints: int = 0
    posted: int = 0
    delivered: int = 0
    accepted: int = 0
    clocks: Clocks = NO_CLOCKS


@dataclass(frozen=True, kw_only=True)
class HandoffStatistics:
    """The counts of a whole range, of each of its spans, and of each destination in it."""

    total: HandoffCounts
    spans: list[HandoffCounts]
    destinations: dict[str, HandoffCounts]


# The seconds of opening time before a moment, from the arrays of `_opening_arrays`.
OPEN_SECONDS = """CASE WHEN width_bucket({moment}, starts) = 0 THEN 0
    ELSE (before)[width_bucket({moment}, starts)] + date_part('epoch',
        least({moment}, (ends)[width_bucket({moment}, starts)])
        - (starts)[width_bucket({moment}, starts)]) END"""


def _to_acceptance(openings: Openings) -> str:
    """Returns SQL for the seconds from posting to acceptance; its arrays come from `opening`."""
    if openings is None:
        return "date_part('epoch', accepted_at - posted_at)"
    until, since = (OPEN_SECONDS.format(moment=each) for each in ("accepted_at", "posted_at"))
    return f"CASE WHEN accepted_at IS NOT NULL THEN ({until}) - ({since}) END"


def _opening_arrays(openings: Openings) -> list[Any]:
    """Returns when each opening starts and ends, and the seconds of those before it."""
    spans = list(openings or ()) or [(datetime.min.replace(tzinfo=UTC),) * 2]
    seconds = [(end - start).total_seconds() for start, end in spans]
    before = list(accumulate(seconds[:-1], initial=0.0))
    return [[start for start, _end in spans], [end for _start, end in spans], before]


# Gives the arrays of `_opening_arrays` their names.
OPENING = """(SELECT %s::timestamptz[] AS starts, %s::timestamptz[] AS ends,
                     %s::float8[] AS before) opening"""


def handoff_statistics(bounds: Sequence[datetime], openings: Openings = None) -> HandoffStatistics:
    """Returns the counts of what was posted between the bounds: one pass over the index by time."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            SELECT grouping(span), grouping(destination), span, destination,
                   count(*) FILTER (WHERE contract = %s AND destination = %s),
                   count(*) FILTER (WHERE contract = %s),
                   count(*), count(delivered_at), count(accepted_at),
                   percentile_cont(ARRAY[0.5, 0.95]) WITHIN GROUP (ORDER BY to_delivery),
                   percentile_cont(ARRAY[0.5, 0.95]) WITHIN GROUP (ORDER BY to_acceptance)
            FROM (
                SELECT width_bucket(posted_at, %s::timestamptz[]) AS span,
                       destination, contract, delivered_at, accepted_at,
                       date_part('epoch', delivered_at - posted_at) AS to_delivery,
                       {_to_acceptance(openings)} AS to_acceptance
                FROM handoff_handoff CROSS JOIN {OPENING}
                WHERE posted_at >= %s AND posted_at < %s
            ) posted
            GROUP BY GROUPING SETS ((span), (destination), ())
            """,  # noqa: S608 (nothing in it comes from outside)
            [
                *ORDER,
                COMPLAINT,
                list(bounds),
                *_opening_arrays(openings),
                bounds[0],
                bounds[-1],
            ],
        )
        rows = cursor.fetchall()
    total = HandoffCounts()
    spans = [HandoffCounts() for _ in range(len(bounds) - 1)]
    destinations: dict[str, HandoffCounts] = {}
    for is_any_span, is_any_destination, span, destination, *figures in rows:
        orders, complaints, posted, delivered, accepted, delivered_in, accepted_in = figures
        counts = HandoffCounts(
            orders=orders,
            complaints=complaints,
            posted=posted,
            delivered=delivered,
            accepted=accepted,
            clocks=_clocks(delivered_in, accepted_in),
        )
        if not is_any_span:
            spans[span - 1] = counts
        elif not is_any_destination:
            destinations[destination] = counts
        else:
            total = counts
    return HandoffStatistics(total=total, spans=spans, destinations=destinations)


@dataclass(frozen=True, kw_only=True)
class DestinationLine:
    """One destination on the dashboard. `oldest_at` is when its oldest waiting one was posted."""

    destination: str
    waiting: int
    dead: int
    discarded: int
    oldest_at: datetime | None
    clocks: Clocks


def destination_lines(
    start: datetime, end: datetime, openings: Openings = None
) -> dict[str, DestinationLine]:
    """Returns what is unfinished at each destination, and the clocks of posts in [start, end)."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT destination,
                   count(*) FILTER (WHERE state = 'waiting'),
                   count(*) FILTER (WHERE state = 'dead'),
                   count(*) FILTER (WHERE state = 'discarded'),
                   min(posted_at) FILTER (WHERE state = 'waiting')
            FROM handoff_handoff WHERE delivered_at IS NULL GROUP BY destination
            """
        )
        unfinished = {row[0]: row[1:] for row in cursor.fetchall()}
        cursor.execute(
            f"""
            SELECT destination,
                percentile_cont(ARRAY[0.5, 0.95]) WITHIN GROUP (
                    ORDER BY date_part('epoch', delivered_at - posted_at)),
                percentile_cont(ARRAY[0.5, 0.95]) WITHIN GROUP (
                    ORDER BY {_to_acceptance(openings)})
            FROM handoff_handoff CROSS JOIN {OPENING}
            WHERE posted_at >= %s AND posted_at < %s
            GROUP BY destination
            """,  # noqa: S608 (nothing in it comes from outside)
            [*_opening_arrays(openings), start, end],
        )
        clocks = {row[0]: _clocks(*row[1:]) for row in cursor.fetchall()}
    lines = {}
    for destination in unfinished.keys() | clocks.keys():
        waiting, dead, discarded, oldest = unfinished.get(destination, (0, 0, 0, None))
        lines[destination] = DestinationLine(
            destination=destination,
            waiting=waiting,
            dead=dead,
            discarded=discarded,
            oldest_at=oldest,
            clocks=clocks.get(destination, NO_CLOCKS),
        )
    return lines


def handoffs_version(*subqueries: str) -> tuple[Any, ...]:
    """Returns values that change with every post, failure, death, replay and discard.

    Applying changes them too, because the number of unfinished hand-offs changes. Each part is read
    from an index. `subqueries` are scalar subqueries of other apps, read in the same statement.
    """
    more = "".join(f", {each}" for each in subqueries)
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            SELECT (SELECT max(id) FROM handoff_handoff),
                   (SELECT max(id) FROM handoff_intervention),
                   (SELECT string_agg(concat_ws('.', state, n, attempts), ',' ORDER BY state) FROM (
                        SELECT state, count(*) AS n, sum(attempts) AS attempts
                        FROM handoff_handoff WHERE delivered_at IS NULL GROUP BY state) unfinished)
                   {more}
            """  # noqa: S608 (nothing in it comes from outside)
        )
        return tuple(cursor.fetchone())
