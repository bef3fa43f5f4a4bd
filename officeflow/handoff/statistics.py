"""What crossed in a range of time, and how fast: statistics for the dashboards.

A range is given as its bounds: n + 1 moments for n spans that follow each other, each from its
first moment until just before the next. So the spans of a range always add up to the range, also
on the days on which the clock is put forward or back.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection
from django.db.models import QuerySet

from officeflow.handoff.models import Destination, Handoff, HandoffState
from officeflow.handoff.queries import Clocks, handoffs

# Accounting hears of every order, and each complaint goes to one department.
ORDER = ("OrderPlaced", Destination.ACCOUNTING.value)
COMPLAINT = "ComplaintRaised"
NO_CLOCKS = Clocks(delivered_p50=None, delivered_p95=None, accepted_p50=None, accepted_p95=None)


@dataclass(frozen=True, kw_only=True)
class Crossing:
    """What was posted in a span or to a destination, and how much of it has arrived by now."""

    orders: int = 0
    complaints: int = 0
    posted: int = 0
    crossed: int = 0
    accepted: int = 0
    clocks: Clocks = NO_CLOCKS


@dataclass(frozen=True, kw_only=True)
class Crossings:
    """The whole range, span by span, and by destination; of HR's these are counts and clocks."""

    total: Crossing
    spans: list[Crossing]
    destinations: dict[str, Crossing]


def crossings(bounds: Sequence[datetime]) -> Crossings:
    """What was posted between the bounds: one pass over the index by time."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
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
                       date_part('epoch', accepted_at - posted_at) AS to_acceptance
                FROM handoff_handoff WHERE posted_at >= %s AND posted_at < %s
            ) posted
            GROUP BY GROUPING SETS ((span), (destination), ())
            """,
            [*ORDER, COMPLAINT, list(bounds), bounds[0], bounds[-1]],
        )
        rows = cursor.fetchall()
    spans = [Crossing() for _ in range(len(bounds) - 1)]
    destinations: dict[str, Crossing] = {}
    total = Crossing()
    for over_spans, over_destinations, span, destination, *figures in rows:
        crossing = _crossing(*figures)
        if not over_spans:
            spans[span - 1] = crossing
        elif not over_destinations:
            destinations[destination] = crossing
        else:
            total = crossing
    return Crossings(total=total, spans=spans, destinations=destinations)


def _crossing(
    orders: int,
    complaints: int,
    posted: int,
    crossed: int,
    accepted: int,
    delivered_in: list[float] | None,
    accepted_in: list[float] | None,
) -> Crossing:
    delivered_p50, delivered_p95 = delivered_in or (None, None)
    accepted_p50, accepted_p95 = accepted_in or (None, None)
    return Crossing(
        orders=orders,
        complaints=complaints,
        posted=posted,
        crossed=crossed,
        accepted=accepted,
        clocks=Clocks(
            delivered_p50=delivered_p50,
            delivered_p95=delivered_p95,
            accepted_p50=accepted_p50,
            accepted_p95=accepted_p95,
        ),
    )


@dataclass(frozen=True, kw_only=True)
class Asked:
    """Which hand-offs a list shows; empty means whichever. `start` and `end` are of posting.

    `error` is a part of the last error, in capitals or not.
    """

    destination: str = ""
    state: str = ""
    contract: str = ""
    subject: str = ""
    error: str = ""
    is_accepted: bool | None = None
    start: datetime | None = None
    end: datetime | None = None

    @property
    def tells_what_it_is_about(self) -> bool:
        """Whether the filter itself says something about what a hand-off holds."""
        return bool(self.contract or self.subject or self.error)


def handoffs_asked(asked: Asked, *, hidden: Sequence[str]) -> QuerySet[Handoff]:
    """The hand-offs that a list shows, without payloads.

    Those to the `hidden` destinations may be listed as such. But a filter by what they are about
    would tell just that of each row it shows; then they are left out.
    """
    rows = handoffs()
    exact: dict[str, Any] = {
        "destination": asked.destination,
        "state": asked.state,
        "contract": asked.contract,
        "subject": asked.subject,
        "posted_at__gte": asked.start,
        "posted_at__lt": asked.end,
    }
    rows = rows.filter(**{name: value for name, value in exact.items() if value})
    if asked.state and asked.state != HandoffState.APPLIED:
        rows = rows.filter(delivered_at__isnull=True)  # the few, by their index
    if asked.is_accepted is not None:
        rows = rows.filter(accepted_at__isnull=not asked.is_accepted)
    if asked.error:
        rows = rows.filter(last_error__icontains=asked.error)
    if asked.tells_what_it_is_about:
        rows = rows.exclude(destination__in=hidden)
    return rows
