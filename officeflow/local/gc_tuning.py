"""Having Python look for rubbish seldom, while much is made that stays or falls together."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager

SELDOM = (50_000, 20, 50)


def collect_seldom() -> None:
    """From now on; what is there already stays, and is not looked at again."""
    gc.freeze()
    gc.set_threshold(*SELDOM)


@contextmanager
def collecting_seldom() -> Iterator[None]:
    """For a while; afterwards the collector goes on as it did before."""
    usual = gc.get_threshold()
    collect_seldom()
    try:
        yield
    finally:
        gc.unfreeze()
        gc.set_threshold(*usual)
