"""Ends a worker process that hangs, so that one piece of work cannot keep it from all others.

Celery's own time limits need a pool of child processes. Here the kernel's timer ends the process,
wherever it hangs, and its log shows where; whoever keeps the worker running starts it again.
"""

from __future__ import annotations

import faulthandler
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings


def install() -> None:
    """Has the log show where the process hung when its time is over."""
    faulthandler.register(
        signal.SIGALRM, file=sys.__stderr__ or sys.stderr, all_threads=False, chain=True
    )


def begin() -> None:
    """From now on the process has `WORKER_TIME_LIMIT_SECONDS` for what it is at."""
    signal.setitimer(signal.ITIMER_REAL, settings.WORKER_TIME_LIMIT_SECONDS)


def end() -> None:
    """It is done in time."""
    signal.setitimer(signal.ITIMER_REAL, 0)


@contextmanager
def watched() -> Iterator[None]:
    """Gives what runs inside its time."""
    begin()
    try:
        yield
    finally:
        end()
