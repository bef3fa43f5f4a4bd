"""How much memory the test process needs for a piece of work."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

SELF = Path("/proc/self")


@contextmanager
def memory_at_most(megabytes: int) -> Iterator[None]:
    """Fails when the resident memory grows by more inside the context, even for a moment."""
    gc.collect()
    (SELF / "clear_refs").write_text("5")  # resets the peak
    before = _peak()
    yield
    grown = _peak() - before
    assert grown <= megabytes, f"{grown} MB more memory"


def _peak() -> int:
    lines = (SELF / "status").read_text().splitlines()
    return int(next(line.split()[1] for line in lines if line.startswith("VmHWM"))) // 1024
