"""The tally: what is known to come out is not counted again each time somebody looks.

The equation counts everything that is not tallied, and the tally tells the rest. So its cost is
that of the last hour and of what waits, however much was applied before. Only what was looked at
one by one goes in, in the order of its stream: the row is there, applied and with its receipt, or
set aside. What is not stays out with all that follows it, and the equation shows the break for
ever.
"""

from __future__ import annotations

import time
from dataclasses import dataclass

from django.conf import settings
from django.db import connection

STREAMS_AT_A_TIME = 500
ROWS_OF_A_STREAM = 500
# A chore's share of the sweeper's second, and its rest when it has been through everything.
TURN_SECONDS = 0.3
REST_SECONDS = 60.0

# What was looked at stays as it is, so that it is looked at without a lock. Then the streams that
# nobody posts to just now are locked, and a guard sees that no other sweeper was faster.
FOLD = """
WITH open AS (
    SELECT id, head, tallied FROM handoff_stream
    WHERE NOT is_tallied AND id > %(after)s ORDER BY id LIMIT %(streams)s
), sound AS (
    SELECT open.id, open.tallied, sure.* FROM open CROSS JOIN LATERAL (
        SELECT max(sequence) AS upto, count(receipt) AS applied, sum(attempts) AS attempts,
               max(coalesce(delivered_at, posted_at)) AS settled_at
        FROM (
            SELECT place.*, bool_and(
                    coalesce(
                        CASE state
                            WHEN 'applied' THEN receipt IS NOT NULL AND delivered_at <=
                                office_clock() - make_interval(secs => %(quiet)s)
                            WHEN 'set_aside' THEN receipt IS NULL
                        END, false)
                ) OVER line AND sequence - open.tallied = row_number() OVER line AS is_sound
            FROM (
                SELECT sequence, state, attempts, posted_at, delivered_at,
                       handoff_receipt.handoff_id AS receipt
                FROM handoff_handoff LEFT JOIN handoff_receipt ON handoff_id = id
                WHERE stream_id = open.id AND sequence > open.tallied AND sequence < open.head
                ORDER BY sequence LIMIT %(rows)s
            ) place
            WINDOW line AS (ORDER BY sequence)
        ) looked_at
        WHERE is_sound
    ) sure
    WHERE upto IS NOT NULL
), locked AS (
    SELECT sound.* FROM sound
    JOIN handoff_stream stream ON stream.id = sound.id AND stream.tallied = sound.tallied
    ORDER BY sound.id FOR NO KEY UPDATE OF stream SKIP LOCKED
), folded AS (
    UPDATE handoff_stream stream SET
        tallied = locked.upto,
        settled_at = greatest(stream.settled_at, locked.settled_at)
    FROM locked WHERE stream.id = locked.id AND stream.tallied = locked.tallied
    RETURNING stream.destination, locked.upto - locked.tallied AS posted, locked.applied,
        locked.attempts
), told AS (
    INSERT INTO handoff_tally (destination, posted, applied, attempts)
    SELECT destination, sum(posted), sum(applied), sum(attempts)
    FROM folded GROUP BY destination ORDER BY destination
    ON CONFLICT (destination) DO UPDATE SET
        posted = handoff_tally.posted + EXCLUDED.posted,
        applied = handoff_tally.applied + EXCLUDED.applied,
        attempts = handoff_tally.attempts + EXCLUDED.attempts
)
SELECT count(*), max(id), (SELECT coalesce(sum(posted), 0) FROM folded) FROM open
"""


def fold(after: int, *, quiet_seconds: float) -> tuple[int, int]:
    """Tallies some streams from a key on; says how many hand-offs, and the last stream's key.

    What was applied within `quiet_seconds` is left for later. The key is 0 behind the last one.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            FOLD,
            {
                "after": after,
                "streams": STREAMS_AT_A_TIME,
                "rows": ROWS_OF_A_STREAM,
                "quiet": quiet_seconds,
            },
        )
        seen, last, count = cursor.fetchone()
    return int(count), last if seen == STREAMS_AT_A_TIME else 0


def fold_everything(*, quiet_seconds: float = 0.0) -> int:
    """Tallies all that comes out, now; says how many hand-offs. For tests and benchmarks."""
    total = 0
    while True:
        after, passed = 0, 0
        while True:
            count, after = fold(after, quiet_seconds=quiet_seconds)
            passed += count
            if not after:
                break
        if not passed:
            return total
        total += passed


@dataclass
class Walk:
    """One sweeper's way through the streams, a little at a time."""

    after: int = 0
    rests_until: float = 0.0

    def go_on(self) -> int:
        """Tallies for a moment, unless it has lately been through; says how many hand-offs."""
        end = time.monotonic() + TURN_SECONDS
        total = 0
        while (now := time.monotonic()) < end and now >= self.rests_until:
            count, self.after = fold(self.after, quiet_seconds=settings.HANDOFF_TALLY_SECONDS)
            total += count
            if not self.after:
                self.rests_until = now + REST_SECONDS
        return total
