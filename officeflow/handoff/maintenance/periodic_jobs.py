"""Periodic jobs, which the sweeper runs after each sweep.

Apps register theirs from `AppConfig.ready()`. A job does a little in each run and continues in the
next, each step in its own transaction; several sweepers may run it at once. Nothing may depend on
its time: a page that shows what is due compares with the clock itself.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

import structlog
from django.db import InterfaceError, OperationalError

log = structlog.get_logger(__name__)


@dataclass
class Job:
    """A function to call every `interval_seconds`; it returns how much it did."""

    name: str
    interval_seconds: float
    run: Callable[[], int]
    next_at: float = 0.0


_jobs: dict[str, Job] = {}


def register(name: str, *, interval_seconds: float, run: Callable[[], int]) -> None:
    """Has the sweeper call `run`; a second registration of the name replaces the first."""
    _jobs[name] = Job(name, interval_seconds, run)


def run_due(now: float | None = None) -> None:
    """Runs each job that is due at `now` (monotonic seconds; by default the current time).

    An error is logged and the job runs again at its next time. Only a lost database is raised.
    """
    moment = time.monotonic() if now is None else now
    for job in _jobs.values():
        if job.next_at > moment:
            continue
        job.next_at = moment + job.interval_seconds
        try:
            done = job.run()
        except (OperationalError, InterfaceError):
            raise
        except Exception as error:  # a broken job must not stop the sweeper
            log.error("periodic.failed", job=job.name, error=type(error).__name__)
        else:
            if done:
                log.info("periodic.done", job=job.name, count=done)
