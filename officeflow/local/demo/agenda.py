"""What is going to happen in the demo company, in the order of time."""

from __future__ import annotations

import heapq
import random
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from officeflow.handoff.applying.draining import drain_counted
from officeflow.handoff.outbox import count_written
from officeflow.local.demo.clock import MovedClock

Deed = Callable[[], None]


@dataclass(order=True)
class Entry:
    """One deed and its moment; of two at the same moment the one that was noted first."""

    at: datetime
    place: int
    deed: Deed = field(compare=False)


class Agenda:
    """Runs the planned events in order, and applies the hand-offs after each."""

    def __init__(self, clock: MovedClock, draw: random.Random) -> None:
        self.clock, self.draw = clock, draw
        self.entries: list[Entry] = []
        self.noted = 0
        self.stopped_until: datetime | None = None

    def note(self, at: datetime, deed: Deed) -> None:
        """Notes a deed for a moment; one that has passed happens next."""
        self.noted += 1
        heapq.heappush(self.entries, Entry(at, self.noted, deed))

    def stop_handoffs(self, at: datetime, until: datetime) -> None:
        """The workers are away for a while; what is handed over meanwhile waits for them."""

        def stop() -> None:
            self.stopped_until = until

        self.note(at, stop)
        self.note(until, lambda: None)

    def live(self, until: datetime) -> None:
        """Everything up to a moment. What lies after it never happened."""
        with count_written() as written:
            while self.entries and self.entries[0].at <= until:
                entry = heapq.heappop(self.entries)
                self.clock.move(entry.at)
                if not written:
                    since = self.clock.now
                entry.deed()
                if self.stopped_until is None or entry.at >= self.stopped_until:
                    self.stopped_until = None
                    if written:
                        self.clock.move(min(until, self.clock.now + self._crossing()))
                        drain_counted(written, since)

    def _crossing(self) -> timedelta:
        """How long a hand-off takes: mostly a moment, now and then behind something long."""
        seconds = self.draw.lognormvariate(-1.2, 0.6)
        if self.draw.random() < 0.02:
            seconds += self.draw.uniform(3, 30)
        return timedelta(seconds=round(min(seconds, 45), 3))
