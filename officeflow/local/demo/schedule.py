"""The planned events of the demo company, run in the order of time."""

from __future__ import annotations

import heapq
import random
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from officeflow.handoff.applying.draining import drain_counted
from officeflow.handoff.outbox import count_written
from officeflow.local.demo.clock import MovedClock

Event = Callable[[], None]


@dataclass(order=True)
class Entry:
    """An event and its time; events at the same time run in the order in which they were added."""

    at: datetime
    number: int
    event: Event = field(compare=False)


class Schedule:
    """Runs the planned events in order, and applies the hand-offs after each."""

    def __init__(self, clock: MovedClock, draw: random.Random) -> None:
        self.clock, self.draw = clock, draw
        self.entries: list[Entry] = []
        self.added = 0
        self.stopped_until: datetime | None = None

    def add(self, at: datetime, event: Event) -> None:
        """Adds an event; one whose time has passed runs next."""
        self.added += 1
        heapq.heappush(self.entries, Entry(at, self.added, event))

    def stop_workers(self, at: datetime, until: datetime) -> None:
        """Applies no hand-offs from `at` until `until`; those posted meanwhile wait."""

        def stop() -> None:
            self.stopped_until = until

        self.add(at, stop)
        self.add(until, lambda: None)

    def run_until(self, until: datetime) -> None:
        """Runs all events up to `until`; later ones are not run."""
        with count_written() as written:
            while self.entries and self.entries[0].at <= until:
                entry = heapq.heappop(self.entries)
                self.clock.move(entry.at)
                if not written:
                    since = self.clock.now
                entry.event()
                if self.stopped_until is None or entry.at >= self.stopped_until:
                    self.stopped_until = None
                    if written:
                        self.clock.move(min(until, self.clock.now + self._handoff_duration()))
                        drain_counted(written, since)

    def _handoff_duration(self) -> timedelta:
        """Draws the time from posting to applying: mostly below a second, seldom up to 45 s."""
        seconds = self.draw.lognormvariate(-1.2, 0.6)
        if self.draw.random() < 0.02:
            seconds += self.draw.uniform(3, 30)
        return timedelta(seconds=round(min(seconds, 45), 3))
