"""Reading hand-offs: receipts for one subject, lists for operators, the equation."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection
from django.db.models import Count, F, Q, QuerySet

from officeflow.handoff.models import Handoff, HandoffReceipt, HandoffState, Intervention, Stream

# What may be shown of a hand-off. The payload is nobody's but the consumer's.
VISIBLE = (
    "id",
    "sequence",
    "destination",
    "subject",
    "contract",
    "is_sealed",
    "state",
    "is_head",
    "attempts",
    "attempts_forgiven",
    "due_at",
    "posted_at",
    "posted_by",
    "delivered_at",
    "accepted_at",
    "accepted_by",
    "returned_at",
    "last_error",
    "stream",
    "transaction_id",
)


def handoffs() -> QuerySet[Handoff]:
    """Hand-offs without their payloads, newest first."""
    return Handoff.objects.only(*VISIBLE).order_by("-id")


def receipts_about(subject: str) -> list[Handoff]:
    """Every hand-off about one reference number with its receipts, oldest first."""
    return list(
        handoffs()
        .filter(subject=subject)
        .select_related("posted_by", "accepted_by", "receipt")
        .only(*VISIBLE, "receipt__transaction_id")
        .order_by("posted_at", "id")
    )


def find_handoff(pk: int) -> Handoff | None:
    """One hand-off without its payload."""
    return handoffs().filter(pk=pk).select_related("posted_by", "accepted_by").first()


@dataclass(frozen=True, kw_only=True)
class Balance:
    """The nothing-lost equation: posted = applied + waiting + dead + discarded.

    `posted` is what the streams counted when posting and `applied` is the number of receipts,
    so a row that vanished or was applied without a receipt shows. What was complete an hour ago
    is in the balance checkpoint, and is looked at again only by the full check.
    """

    posted: int
    applied: int
    waiting: int
    dead: int
    discarded: int

    @property
    def balanced(self) -> bool:
        """Whether both sides are equal: nothing was lost and nothing applied twice."""
        return self.posted == self.applied + self.waiting + self.dead + self.discarded


# What came after the checkpoint: a subquery for each stream, so that the receipts of all others are
# never read, whatever the statistics say.
SINCE_CHECKPOINT = """
    SELECT {groups} sum(posted - checkpointed) AS posted, sum(applied) AS applied,
           sum(attempts) AS attempts
    FROM handoff_stream CROSS JOIN LATERAL (
        SELECT count(handoff_receipt.handoff_id) AS applied, coalesce(sum(attempts), 0) AS attempts
        FROM handoff_handoff LEFT JOIN handoff_receipt ON handoff_id = id
        WHERE stream_id = handoff_stream.id AND sequence > checkpointed
    ) counted
    WHERE NOT is_checkpointed
"""


def balance() -> Balance:
    """The equation now, from one snapshot; what is in the checkpoint is not counted again."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            SELECT coalesce(checkpoint.posted, 0) + coalesce(since_checkpoint.posted, 0),
                   coalesce(checkpoint.applied, 0) + coalesce(since_checkpoint.applied, 0),
                   waiting, dead, discarded
            FROM (SELECT sum(posted) AS posted, sum(applied) AS applied
                  FROM handoff_balance_checkpoint) checkpoint,
                 ({SINCE_CHECKPOINT.format(groups="")}) since_checkpoint,
                 (SELECT count(*) FILTER (WHERE state = 'waiting') AS waiting,
                         count(*) FILTER (WHERE state = 'dead') AS dead,
                         count(*) FILTER (WHERE state = 'discarded') AS discarded
                  FROM handoff_handoff WHERE delivered_at IS NULL) unfinished
            """  # noqa: S608 (nothing in it comes from outside)
        )
        posted, applied, waiting, dead, discarded = map(int, cursor.fetchone())
    return Balance(posted=posted, applied=applied, waiting=waiting, dead=dead, discarded=discarded)


def handoffs_version(*also: str) -> tuple[Any, ...]:
    """Changes with every post, failure, death, replay and discarding; indexed all through.

    What is applied leaves the unfinished ones, so that their number tells of it. `also` are
    scalar subqueries of other apps, read in the same statement.
    """
    more = "".join(f", {each}" for each in also)
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            SELECT (SELECT max(id) FROM handoff_handoff),
                   (SELECT max(id) FROM handoff_intervention),
                   (SELECT string_agg(concat_ws('.', state, n, tries), ',' ORDER BY state) FROM (
                        SELECT state, count(*) AS n, sum(attempts) AS tries
                        FROM handoff_handoff WHERE delivered_at IS NULL GROUP BY state) unfinished)
                   {more}
            """  # noqa: S608 (nothing in it comes from outside)
        )
        return tuple(cursor.fetchone())


def dead_handoffs() -> QuerySet[Handoff]:
    """The dead ones, newest first."""
    return handoffs().filter(delivered_at__isnull=True, state=HandoffState.DEAD)


def interventions(handoff: Handoff) -> QuerySet[Intervention]:
    """What operators did about one hand-off and why, oldest first."""
    return handoff.interventions.select_related("actor").order_by("id")


def states_of(contract: str, subjects: Iterable[str]) -> dict[tuple[str, str], list[str]]:
    """The states of a contract's hand-offs about the subjects, by (subject, destination)."""
    states: dict[tuple[str, str], list[str]] = {}
    rows = Handoff.objects.filter(contract=contract, subject__in=list(subjects))
    for subject, destination, state in rows.values_list("subject", "destination", "state"):
        states.setdefault((subject, destination), []).append(state)
    return states


def unbalanced_streams() -> QuerySet[Stream]:
    """The streams whose posted count differs from their hand-offs: what breaks the equation.

    Of what was trimmed some rows are kept and some are not; the others must be there.
    """
    kept = Count("handoffs", filter=Q(handoffs__sequence__gt=F("trimmed")))
    return (
        Stream.objects.annotate(rows=F("trimmed") + kept)
        .exclude(rows=F("posted"))
        .order_by("destination", "subject")
    )


def wrong_checkpoints() -> list[tuple[str, int, int]]:
    """Where the checkpoint is not what the streams say: destination, its posted, theirs."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT destination, coalesce(told, 0), coalesce(theirs, 0)
            FROM (SELECT destination, posted AS told FROM handoff_balance_checkpoint) checkpoint
            FULL JOIN (SELECT destination, sum(checkpointed)::bigint AS theirs
                       FROM handoff_stream GROUP BY destination) streams USING (destination)
            WHERE coalesce(told, 0) <> coalesce(theirs, 0) ORDER BY destination
            """
        )
        return cursor.fetchall()


def applied_without_receipt() -> QuerySet[Handoff]:
    """Hand-offs that say they were applied while no receipt does."""
    return handoffs().filter(state=HandoffState.APPLIED, receipt__isnull=True)


def receipts_without_application() -> QuerySet[HandoffReceipt]:
    """Receipts of hand-offs that do not say they were applied."""
    return HandoffReceipt.objects.exclude(handoff__state=HandoffState.APPLIED)


@dataclass(frozen=True, kw_only=True)
class Clocks:
    """Seconds from posting to delivery and to acceptance; None while nothing happened."""

    delivered_p50: float | None
    delivered_p95: float | None
    accepted_p50: float | None
    accepted_p95: float | None


@dataclass(frozen=True, kw_only=True)
class DestinationLine:
    """One destination on the dashboard. `oldest_at` is when its oldest waiting one was posted."""

    destination: str
    waiting: int
    dead: int
    discarded: int
    oldest_at: datetime | None
    clocks: Clocks


def destination_lines(start: datetime, end: datetime) -> dict[str, DestinationLine]:
    """What the dashboard shows of each destination; clocks of what was posted in [start, end)."""
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
            """
            SELECT destination,
                percentile_cont(ARRAY[0.5, 0.95]) WITHIN GROUP (
                    ORDER BY date_part('epoch', delivered_at - posted_at)),
                percentile_cont(ARRAY[0.5, 0.95]) WITHIN GROUP (
                    ORDER BY date_part('epoch', accepted_at - posted_at))
            FROM handoff_handoff WHERE posted_at >= %s AND posted_at < %s
            GROUP BY destination
            """,
            [start, end],
        )
        clocks = {row[0]: row[1:] for row in cursor.fetchall()}
    lines = {}
    for destination in unfinished.keys() | clocks.keys():
        waiting, dead, aside, oldest = unfinished.get(destination, (0, 0, 0, None))
        delivered, accepted = clocks.get(destination, (None, None))
        lines[destination] = DestinationLine(
            destination=destination,
            waiting=waiting,
            dead=dead,
            discarded=aside,
            oldest_at=oldest,
            clocks=Clocks(
                delivered_p50=delivered[0] if delivered else None,
                delivered_p95=delivered[1] if delivered else None,
                accepted_p50=accepted[0] if accepted else None,
                accepted_p95=accepted[1] if accepted else None,
            ),
        )
    return lines
