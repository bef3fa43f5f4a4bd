"""What the clients asked for and what they were told, one line of JSON for each event.

invoked       a request left
acknowledged  the office said yes; what it said must be true for ever
refused       the office said no, and nothing may have happened
unknown       no answer, or one that leaves open what happened: it is asked again with its key
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
    """One line of the history; `at` is the machine's clock, `seconds` how long the answer took."""

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
        """Adds one event now."""
        event = Event(at=time.time(), case=self.case, **what)
        with self.lock:
            self.events.append(event)
            self.file.write(json.dumps(asdict(event)) + "\n")
            self.file.flush()
        return event

    def of(self, event: str, what: str = "") -> list[Event]:
        """The events of a kind, about orders, complaints, payments or cancellations alone."""
        with self.lock:
            return [
                each
                for each in self.events
                if each.event == event and (not what or each.what == what)
            ]

    def acknowledged(self, what: str) -> dict[str, set[str]]:
        """The numbers that each key was told: one each, when nothing is wrong."""
        told: dict[str, set[str]] = {}
        for event in self.of("acknowledged", what):
            told.setdefault(event.key, set()).add(event.number)
        return told

    def open_keys(self, what: str) -> set[str]:
        """The keys of which nobody knows what came: neither acknowledged nor refused."""
        asked = {event.key for event in self.of("invoked", what)}
        known = {event.key for name in ("acknowledged", "refused") for event in self.of(name, what)}
        return asked - known

    def statuses(self, since: float = 0.0, until: float = 1e12) -> Counter[int]:
        """How often each status was answered to what was answered in that time; 0: no answer."""
        with self.lock:
            return Counter(
                each.status
                for each in self.events
                if each.event != "invoked" and since <= each.at <= until
            )

    def seconds(self, since: float = 0.0, until: float = 1e12) -> list[float]:
        """How long each answer took that came in that time."""
        with self.lock:
            return sorted(
                each.seconds
                for each in self.events
                if each.event != "invoked" and since <= each.at <= until
            )


def open_file(path: Path) -> IO[str]:
    """A new file for a history."""
    path.parent.mkdir(parents=True, exist_ok=True)
    return path.open("w")
