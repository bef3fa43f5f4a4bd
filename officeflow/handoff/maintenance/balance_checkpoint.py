"""The balance checkpoint: counts of complete hand-offs, which the equation need not count again.

The equation counts only what came after the checkpoint and adds the checkpoint's numbers, so that
it costs the same however many were applied before. A hand-off goes into the checkpoint in the order
of its stream, after a check that its row is there and either applied with its receipt or discarded.
One that is not complete stays out with all that follow it, so that the equation shows the break
for ever.
"""

from __future__ import annotations

import time
from dataclasses import dataclass

from django.conf import settings
from django.db import connection

STREAMS_PER_STATEMENT = 500
ROWS_PER_STREAM = 500
# How long one run of the periodic job may last, and its pause after the last stream.
RUN_SECONDS = 0.3
PAUSE_SECONDS = 60.0


def extend(after: int, *, quiet_seconds: float) -> tuple[int, int]:
    """Adds complete hand-offs of the streams whose ids follow `after`, those of some streams.

    What was applied within `quiet_seconds` is left for later. Returns how many hand-offs were added
    and the last stream's id, which is 0 after the last stream of all.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT * FROM handoff_checkpoint_v1(%s, %s, %s, %s)",
            [after, STREAMS_PER_STATEMENT, ROWS_PER_STREAM, quiet_seconds],
        )
        seen, last, count = cursor.fetchone()
    return int(count), last if seen == STREAMS_PER_STATEMENT else 0


def extend_all(*, quiet_seconds: float = 0.0) -> int:
    """Adds all complete hand-offs and returns how many, for tests and benchmarks."""
    total = 0
    while True:
        after, added = 0, 0
        while True:
            count, after = extend(after, quiet_seconds=quiet_seconds)
            added += count
            if not after:
                break
        if not added:
            return total
        total += added


@dataclass
class CheckpointJob:
    """The periodic job: it continues after the stream at which its last run stopped."""

    after: int = 0
    paused_until: float = 0.0

    def run(self) -> int:
        """Adds for `RUN_SECONDS`, unless paused after the last stream; returns how many."""
        end = time.monotonic() + RUN_SECONDS
        total = 0
        while (now := time.monotonic()) < end and now >= self.paused_until:
            count, self.after = extend(
                self.after, quiet_seconds=settings.HANDOFF_CHECKPOINT_SECONDS
            )
            total += count
            if not self.after:
                self.paused_until = now + PAUSE_SECONDS
        return total
