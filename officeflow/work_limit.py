"""Bounds slow work that requests do themselves, so that it leaves threads for everybody else."""

from __future__ import annotations

import threading
from collections.abc import Hashable, Iterator
from contextlib import contextmanager


class OwnWorkRuns(Exception):
    """The person has such work running in this process already."""


class LimitReached(Exception):
    """Others did such work for as long as one may wait."""


class WorkLimit:
    """At most `most` pieces of work at once in each process, and one of each person.

    Somebody waits up to `wait_seconds` until others have finished.
    """

    def __init__(self, most: int, *, wait_seconds: float = 5) -> None:
        self._free = threading.BoundedSemaphore(most)
        self._wait_seconds = wait_seconds
        self._people: set[Hashable] = set()
        self._lock = threading.Lock()

    @contextmanager
    def held_by(self, person: Hashable) -> Iterator[None]:
        """Counts the work of the block. Raises `OwnWorkRuns` and `LimitReached`."""
        with self._lock:
            if person in self._people:
                raise OwnWorkRuns
            self._people.add(person)
        try:
            if not self._free.acquire(timeout=self._wait_seconds):
                raise LimitReached
            try:
                yield
            finally:
                self._free.release()
        finally:
            with self._lock:
                self._people.discard(person)
