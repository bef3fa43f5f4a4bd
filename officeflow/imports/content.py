"""The content of an uploaded file, and its limits."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from officeflow.errors import Refused

MAX_BYTES = 50 * 1024 * 1024
MAX_COLUMNS = 200
MAX_CELL_LENGTH = 4_000  # characters, of a cell that is read
PART_BYTES = 1024 * 1024

Content = Callable[[], Iterator[bytes]]


def content_of(data: bytes) -> Content:
    """Returns data in memory as the content of a file."""
    return lambda: iter([data])


def unreadable(message: str) -> Refused:
    """Returns the refusal of a file that cannot be read."""
    return Refused(message, "file")
