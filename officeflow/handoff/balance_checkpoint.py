"""The balance checkpoint: what is known to be complete is not counted again at each look.

The equation counts what came after the checkpoint, and adds the checkpoint's numbers. So its cost
is that of the last hour and of what waits, however much was applied before. Only hand-offs that
were looked at one by one are added, in the order of their stream: the row is there, applied and
with its receipt, or discarded. Any other stays out with all that follows it, and the equation
shows the break for ever.
"""

from __future__ import annotations

import time
from dataclasses import dataclass

from django.conf import settings
from django.db import connection

STREAMS_AT_A_TIME = 500
ROWS_OF_A_STREAM = 500
# What it may take of the sweeper's second, and its rest when it has been through everything.
WORK_SECONDS = 0.3
REST_SECONDS = 60.0


def extend(after: int, *, quiet_seconds: float) -> tuple[int, int]:
    """Adds some streams from a key on; says how many hand-offs, and the last stream's key.

    What was applied within `quiet_seconds` is left for later. The key is 0 behind the last one.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT * FROM handoff_checkpoint_v1(%s, %s, %s, %s)",
            [after, STREAMS_AT_A_TIME, ROWS_OF_A_STREAM, quiet_seconds],
        )
        seen, last, count = cursor.fetchone()
    return int(count), last if seen == STREAMS_AT_A_TIME else 0


def extend_all(*, quiet_seconds: float = 0.0) -> int:
    """Adds all that is complete now; says how many hand-offs. For tests and benchmarks."""
    total = 0
    while True:
        after, passed = 0, 0
        while True:
            count, after = extend(after, quiet_seconds=quiet_seconds)
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

    def run(self) -> int:
        """Adds for a moment, unless it has lately been through; says how many hand-offs."""
        end = time.monotonic() + WORK_SECONDS
        total = 0
        while (now := time.monotonic()) < end and now >= self.rests_until:
            count, self.after = extend(
                self.after, quiet_seconds=settings.HANDOFF_CHECKPOINT_SECONDS
            )
            total += count
            if not self.after:
                self.rests_until = now + REST_SECONDS
        return total
