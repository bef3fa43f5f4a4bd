"""Tunes Python's garbage collector for code that creates many long-lived objects."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager

HIGH_THRESHOLDS = (50_000, 20, 50)


def collect_less_often() -> None:
    """Freezes existing objects and raises the thresholds, from now on."""
    gc.freeze()
    gc.set_threshold(*HIGH_THRESHOLDS)


@contextmanager
def collecting_less_often() -> Iterator[None]:
    """Does the same inside the context, and restores the collector afterwards."""
    before = gc.get_threshold()
    collect_less_often()
    try:
        yield
    finally:
        gc.unfreeze()
        gc.set_threshold(*before)
