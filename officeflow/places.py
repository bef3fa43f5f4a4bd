"""Bounds slow work that requests do themselves, so that it leaves threads for everybody else."""

from __future__ import annotations

import threading
from collections.abc import Hashable, Iterator
from contextlib import contextmanager


class OwnWorkRuns(Exception):
    """The person has such work running in this process already."""


class NoPlace(Exception):
    """Others had all places for as long as one may wait."""


class Places:
    """At most `most` pieces of work at once in each process, and one of each person.

    Somebody waits up to `wait_seconds` for a place.
    """

    def __init__(self, most: int, *, wait_seconds: float = 5) -> None:
        self._free = threading.BoundedSemaphore(most)
        self._wait_seconds = wait_seconds
        self._people: set[Hashable] = set()
        self._lock = threading.Lock()

    @contextmanager
    def taken_by(self, person: Hashable) -> Iterator[None]:
        """Holds a place. Raises `OwnWorkRuns` and `NoPlace`."""
        with self._lock:
            if person in self._people:
                raise OwnWorkRuns
            self._people.add(person)
        try:
            if not self._free.acquire(timeout=self._wait_seconds):
                raise NoPlace
            try:
                yield
            finally:
                self._free.release()
        finally:
            with self._lock:
                self._people.discard(person)
