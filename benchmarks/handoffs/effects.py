"""The effects that are timed, and the times of their commits."""

from __future__ import annotations

import os
import time
from pathlib import Path

from django.db import connection, transaction

TABLES = """
CREATE TABLE IF NOT EXISTS bench_fact (reference text PRIMARY KEY, at timestamptz DEFAULT now());
CREATE TABLE IF NOT EXISTS bench_effect (reference text PRIMARY KEY, at timestamptz DEFAULT now());
"""


class Notes:
    """A file with the commit time of each reference, by the machine's monotonic clock."""

    def __init__(self, path: Path) -> None:
        self.file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)

    def note_after_commit(self, reference: str) -> None:
        """Records the time after the commit of the present transaction."""
        transaction.on_commit(lambda: self.note(reference))

    def note(self, reference: str) -> None:
        """Records the present time."""
        os.write(self.file, f"{reference} {time.monotonic():.6f}\n".encode())


_notes: Notes | None = None


def notes() -> Notes:
    """Returns this process's notes, in the file that `BENCH_NOTES` names."""
    global _notes
    if _notes is None:
        _notes = Notes(Path(os.environ["BENCH_NOTES"]))
    return _notes


def read_notes(path: Path) -> dict[str, float]:
    """Returns the recorded time of each reference, in seconds."""
    if not path.exists():
        return {}
    lines = path.read_text().splitlines()
    return {reference: float(moment) for reference, _, moment in (x.partition(" ") for x in lines)}


def insert(reference: str) -> None:
    """Writes one row, the smallest effect."""
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO bench_effect (reference) VALUES (%s)", [reference])
    notes().note_after_commit(reference)
