"""Periodic jobs: the sweeper does them between its rounds.

Apps register theirs from `AppConfig.ready()`. A job does a little at a time, each thing in its
own transaction, and may be run by several sweepers at once; what it did not get to comes next.
Nothing may depend on its hour: a page that shows what is due reads it from the clock as well.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field

import structlog
from django.db import InterfaceError, OperationalError

log = structlog.get_logger(__name__)


@dataclass
class Job:
    """Something to do every so many seconds. `work` answers how much it did."""

    name: str
    seconds: float
    work: Callable[[], int]
    next_at: float = field(default=0.0)


_jobs: dict[str, Job] = {}


def register(name: str, *, every: float, work: Callable[[], int]) -> None:
    """Has the sweeper do something every `every` seconds; the same name again replaces it."""
    _jobs[name] = Job(name, every, work)


def do_what_is_due(now: float | None = None) -> None:
    """Does each job whose time has come (`now` is monotonic).

    What goes wrong in one is logged and left to its next time, except a lost database, which the
    sweeper itself deals with.
    """
    moment = time.monotonic() if now is None else now
    for job in _jobs.values():
        if job.next_at > moment:
            continue
        job.next_at = moment + job.seconds
        try:
            done = job.work()
        except (OperationalError, InterfaceError):
            raise
        except Exception as error:  # one broken job must not stop hand-offs from going on
            log.error("periodic.failed", job=job.name, error=type(error).__name__)
        else:
            if done:
                log.info("periodic.done", job=job.name, count=done)
