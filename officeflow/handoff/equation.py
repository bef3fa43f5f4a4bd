"""The nothing-lost equation (posted = applied + waiting + dead + discarded), and what breaks it."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import connection
from django.db.models import Count, F, Q, QuerySet

from officeflow.handoff.models import Handoff, HandoffReceipt, HandoffState, Stream
from officeflow.handoff.queries import handoffs


@dataclass(frozen=True, kw_only=True)
class Balance:
    """The numbers of hand-offs in the equation.

    `posted` is what the streams counted when posting and `applied` is the number of receipts, so
    that a row that vanished, or was applied without a receipt, breaks the equation. Hand-offs in
    the balance checkpoint are counted there, and checked again only by the full check.
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


# The counts of what is not in the checkpoint. A subquery for each stream, so that PostgreSQL never
# reads the receipts of all other streams, whatever its table statistics say.
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
    """Returns the numbers at this moment, from one snapshot of the database."""
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


def unbalanced_streams() -> QuerySet[Stream]:
    """Returns the streams whose posted count differs from the number of their rows.

    Rows that the retention may have deleted (`Stream.trimmed`) count as present. The streams have
    an annotation `rows`.
    """
    kept = Count("handoffs", filter=Q(handoffs__sequence__gt=F("trimmed")))
    return (
        Stream.objects.annotate(rows=F("trimmed") + kept)
        .exclude(rows=F("posted"))
        .order_by("destination", "subject")
    )


def wrong_checkpoints() -> list[tuple[str, int, int]]:
    """Returns each destination whose checkpoint differs from the sum of its streams.

    Each as (destination, posted in the checkpoint, checkpointed in the streams).
    """
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT destination, coalesce(in_checkpoint, 0), coalesce(in_streams, 0)
            FROM (SELECT destination, posted AS in_checkpoint
                  FROM handoff_balance_checkpoint) checkpoint
            FULL JOIN (SELECT destination, sum(checkpointed)::bigint AS in_streams
                       FROM handoff_stream GROUP BY destination) streams USING (destination)
            WHERE coalesce(in_checkpoint, 0) <> coalesce(in_streams, 0) ORDER BY destination
            """
        )
        return cursor.fetchall()


def applied_without_receipt() -> QuerySet[Handoff]:
    """Returns the hand-offs that are marked as applied but have no receipt."""
    return handoffs().filter(state=HandoffState.APPLIED, receipt__isnull=True)


def receipts_without_application() -> QuerySet[HandoffReceipt]:
    """Returns the receipts of hand-offs that are not marked as applied."""
    return HandoffReceipt.objects.exclude(handoff__state=HandoffState.APPLIED)
