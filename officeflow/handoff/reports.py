"""Figures for the dashboards: counts and times by destination and over a range of days.

A range is given as its bounds: n + 1 moments for n spans that follow each other, each from its
first moment until just before the next. So the spans always add up to the range, also on the days
on which daylight saving time begins or ends.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import accumulate, chain
from typing import Any, TypeVar

from django.db import connection
from django.utils import timezone

from officeflow.company.models import Office
from officeflow.company.working_time import openings
from officeflow.handoff.models import Destination
from officeflow.rollups.definitions import Rollup, Sql, in_pieces
from officeflow.rollups.histograms import HISTOGRAM_COLUMNS, bin_sql, merged, percentiles
from officeflow.rollups.reading import Figures, Key, read

# Every order is posted to accounting, and each complaint to one department, so that these count
# orders and complaints once.
ORDER = ("OrderPlaced", Destination.ACCOUNTING.value)
COMPLAINT = "ComplaintRaised"
T = TypeVar("T")


# The openings of the office, each (start, end), in their order; None when it is always open.
Openings = Sequence[tuple[datetime, datetime]] | None


@dataclass(frozen=True, kw_only=True)
class Clocks:
    """Seconds from posting to delivery and to acceptance; None while nothing happened.

    Acceptance waits for people, so its seconds are those in which the office is open. All are read
    from histograms, within `histograms.TOLERANCE_PERCENT`.
    """

    delivered_p50: float | None = None
    delivered_p95: float | None = None
    accepted_p50: float | None = None
    accepted_p95: float | None = None


NO_CLOCKS = Clocks()


def _clocks(found: Figures, *, span: int | None = None, destination: str | None = None) -> Clocks:
    values: dict[str, float | None] = {}
    for clock in ("delivered", "accepted"):
        parts = _of(found.histograms.get(clock, {}), span, destination)
        values[f"{clock}_p50"], values[f"{clock}_p95"] = percentiles(
            merged(chain.from_iterable(parts)), (0.5, 0.95)
        )
    return Clocks(**values)


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


def _select(office: Office, since: datetime) -> Sql:
    """Returns the counts and the two clocks of each destination: one pass over the index by time.

    The openings are those up to now, because what was posted then may have been accepted just now.
    """
    known = openings(since, max(timezone.now(), since), office=office)
    columns = "destination, contract, posted_at, delivered_at, accepted_at"
    clocks = " UNION ALL ".join(
        f"""
        SELECT slot, '{clock}', key, {HISTOGRAM_COLUMNS} FROM (
            SELECT slot, key, {clock}_bin AS bin, sum(n) AS n, sum({clock}) AS seconds
            FROM fact WHERE {clock}_bin IS NOT NULL GROUP BY slot, key, {clock}_bin
        ) binned GROUP BY slot, key
        """  # noqa: S608 (nothing in it comes from outside)
        for clock in ("delivered", "accepted")
    )
    return (
        f"""
        WITH posted AS (
            SELECT slot, destination, contract,
                   date_part('epoch', delivered_at - posted_at) AS delivered,
                   {_to_acceptance(known)} AS accepted
            FROM {in_pieces("handoff_handoff", "posted_at", columns)} CROSS JOIN {OPENING}
        ), fact AS MATERIALIZED (
            SELECT slot, ARRAY[destination::text] AS key, contract,
                   {bin_sql("delivered")} AS delivered_bin, {bin_sql("accepted")} AS accepted_bin,
                   count(*) AS n, sum(delivered) AS delivered, sum(accepted) AS accepted
            FROM posted GROUP BY slot, destination, contract, delivered_bin, accepted_bin
        )
        SELECT slot, 'counts' AS family, key, ARRAY[
                   coalesce(sum(n) FILTER (WHERE contract = %s AND key[1] = %s), 0),
                   coalesce(sum(n) FILTER (WHERE contract = %s), 0),
                   sum(n),
                   coalesce(sum(n) FILTER (WHERE delivered_bin IS NOT NULL), 0),
                   coalesce(sum(n) FILTER (WHERE accepted_bin IS NOT NULL), 0)
               ]::numeric[] AS sums, NULL::smallint[] AS bins
        FROM fact GROUP BY slot, key
        UNION ALL {clocks}
        """,  # noqa: S608 (nothing in it comes from outside)
        [*_opening_arrays(known), *ORDER, COMPLAINT],
    )


HANDOFFS = Rollup(
    name="handoffs",
    table="handoff_handoff",
    column="posted_at",
    width=5,
    select=_select,
    version=lambda office: f"1 {office.calendar}",
)


def handoff_statistics(bounds: Sequence[datetime], office: Office) -> HandoffStatistics:
    """Returns the counts of what was posted between the bounds."""
    found = read(HANDOFFS, office, bounds)

    spans = [_counted(found, span=span) for span in range(len(bounds) - 1)]
    destinations = sorted({to for _span, (to,) in found.of("counts")})
    return HandoffStatistics(
        total=_counted(found),
        spans=spans,
        destinations={each: _counted(found, destination=each) for each in destinations},
    )


def _counted(
    found: Figures, *, span: int | None = None, destination: str | None = None
) -> HandoffCounts:
    sums = _of(found.of("counts"), span, destination)
    orders, complaints, posted, delivered, accepted = (
        [int(sum(each)) for each in zip(*sums, strict=True)] if sums else [0] * 5
    )
    return HandoffCounts(
        orders=orders,
        complaints=complaints,
        posted=posted,
        delivered=delivered,
        accepted=accepted,
        clocks=_clocks(found, span=span, destination=destination),
    )


def _of(figures: dict[tuple[int, Key], T], span: int | None, destination: str | None) -> list[T]:
    """Returns the figures of a span and a destination; None is all of them."""
    return [
        each
        for (its_span, (its_destination,)), each in figures.items()
        if span in (None, its_span) and destination in (None, its_destination)
    ]


@dataclass(frozen=True, kw_only=True)
class DestinationLine:
    """One destination on the dashboard. `oldest_at` is when its oldest waiting one was posted."""

    destination: str
    waiting: int
    dead: int
    discarded: int
    oldest_at: datetime | None
    clocks: Clocks


def destination_lines(start: datetime, end: datetime, office: Office) -> dict[str, DestinationLine]:
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
    found = read(HANDOFFS, office, [start, end])
    clocks = {
        destination: _clocks(found, destination=destination)
        for _span, (destination,) in found.of("counts")
    }
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
