"""The requests of the clients and the answers, one line of JSON for each event.

invoked       a request was sent
acknowledged  the answer was a success, so the effect must exist
refused       the answer was an error, so no effect may exist
unknown       no answer or an unclear one; the request is sent again with its key
"""

from __future__ import annotations

import json
import threading
import time
from collections import Counter
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import IO, Any


@dataclass(frozen=True, kw_only=True)
class Event:
    """One line of the history; `at` is the machine's clock, `seconds` the time of the answer."""

    at: float
    case: str
    client: str
    event: str
    what: str
    key: str
    attempt: int
    status: int = 0  # 0: there was no answer
    number: str = ""
    seconds: float = 0.0
    retry_after: str = ""


@dataclass
class History:
    """The events of one case, also in a file to which every case is written."""

    file: IO[str]
    case: str
    events: list[Event] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def write(self, **what: Any) -> Event:
        """Adds and returns an event at the present time."""
        event = Event(at=time.time(), case=self.case, **what)
        with self.lock:
            self.events.append(event)
            self.file.write(json.dumps(asdict(event)) + "\n")
            self.file.flush()
        return event

    def of(self, event: str, what: str = "") -> list[Event]:
        """Returns the events of a kind; `what` selects orders, complaints, payments or others."""
        with self.lock:
            return [
                each
                for each in self.events
                if each.event == event and (not what or each.what == what)
            ]

    def acknowledged(self, what: str) -> dict[str, set[str]]:
        """Returns the numbers acknowledged for each key; one for each key when all is right."""
        told: dict[str, set[str]] = {}
        for event in self.of("acknowledged", what):
            told.setdefault(event.key, set()).add(event.number)
        return told

    def open_keys(self, what: str) -> set[str]:
        """Returns the keys that were neither acknowledged nor refused."""
        asked = {event.key for event in self.of("invoked", what)}
        known = {event.key for name in ("acknowledged", "refused") for event in self.of(name, what)}
        return asked - known

    def statuses(self, since: float = 0.0, until: float = 1e12) -> Counter[int]:
        """Returns how often each status was answered in that period; 0 means no answer."""
        with self.lock:
            return Counter(
                each.status
                for each in self.events
                if each.event != "invoked" and since <= each.at <= until
            )

    def seconds(self, since: float = 0.0, until: float = 1e12) -> list[float]:
        """Returns the times of the answers in that period in seconds, shortest first."""
        with self.lock:
            return sorted(
                each.seconds
                for each in self.events
                if each.event != "invoked" and since <= each.at <= until
            )


def open_file(path: Path) -> IO[str]:
    """Creates and opens a file for a history."""
    path.parent.mkdir(parents=True, exist_ok=True)
    return path.open("w")
