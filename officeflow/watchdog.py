"""Ends a worker process that hangs, by an interval timer of the kernel.

Celery's time limits need a pool of child processes, which these workers do not have. The log shows
where the process hung; `manage.py work` replaces it.
"""

from __future__ import annotations

import faulthandler
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings


def install() -> None:
    """Has the log show where the process hung when its time limit is over."""
    faulthandler.register(
        signal.SIGALRM, file=sys.__stderr__ or sys.stderr, all_threads=False, chain=True
    )


def begin() -> None:
    """Starts the limit: the process ends after `WORKER_TIME_LIMIT_SECONDS`."""
    signal.setitimer(signal.ITIMER_REAL, settings.WORKER_TIME_LIMIT_SECONDS)


def renew() -> None:
    """Starts a limit that runs anew, in the middle of long work that goes on."""
    if signal.getitimer(signal.ITIMER_REAL)[0] > 0:
        begin()


def end() -> None:
    """Ends the limit."""
    signal.setitimer(signal.ITIMER_REAL, 0)


@contextmanager
def time_limit() -> Iterator[None]:
    """Limits the time of the block."""
    begin()
    try:
        yield
    finally:
        end()
