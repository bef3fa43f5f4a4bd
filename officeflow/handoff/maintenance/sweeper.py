"""The sweeper: finds the hand-offs that are due although no worker has applied them.

Every second it sends each destination with due hand-offs a few notifications, never one for each
row. When notifications cannot be sent, or hand-offs stay due for some seconds (Redis or every
worker of a destination is gone), a child process applies them instead.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
import time
from dataclasses import dataclass, field
from multiprocessing.process import BaseProcess

import structlog
from django.conf import settings
from django.db import Error, connection, connections

from officeflow.handoff import notifier
from officeflow.handoff.applying.apply import apply
from officeflow.handoff.applying.claims import claim_next
from officeflow.handoff.maintenance import periodic_jobs
from officeflow.handoff.monitoring import counters, heartbeat

log = structlog.get_logger(__name__)

NOTIFICATIONS_PER_SWEEP = 3
CHILD_SECONDS = 10.0


@dataclass(frozen=True)
class Overdue:
    """The due hand-offs of one destination: how many, and seconds since the first was due."""

    destination: str
    count: int
    seconds: float


def find_overdue() -> list[Overdue]:
    """Returns what is due now, by destination.

    Nothing is locked, because a claim passes over locked rows. A row that a worker claims at this
    moment costs a superfluous notification, no more.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT destination, count(*),
                   extract(epoch FROM clock_timestamp() - min(due_at))
            FROM handoff_handoff
            WHERE state = 'waiting' AND is_head AND due_at <= clock_timestamp()
            GROUP BY destination ORDER BY destination
            """
        )
        return [Overdue(row[0], row[1], float(row[2])) for row in cursor.fetchall()]


@dataclass(frozen=True)
class Child:
    """A process that applies for one destination, and when it is killed (monotonic seconds)."""

    process: BaseProcess
    deadline: float


@dataclass
class Sweeper:
    """One sweeper; any number may run beside each other."""

    stopping: threading.Event = field(default_factory=threading.Event)
    children: dict[str, Child] = field(default_factory=dict)

    def run(self) -> None:
        """Sweeps every `HANDOFF_SWEEP_SECONDS` until `stopping` is set."""
        try:
            while not self.stopping.is_set():
                began = time.monotonic()
                self.try_to_sweep()
                spent = time.monotonic() - began
                self.stopping.wait(max(0.05, settings.HANDOFF_SWEEP_SECONDS - spent))
        finally:
            self.end_children()

    def try_to_sweep(self) -> None:
        """Sweeps; an error is logged and left to the next sweep."""
        try:
            self.sweep()
        except Error as error:
            # PostgreSQL is away. The next sweep opens a new connection.
            log.warning("sweep.database_away", error=describe_loss(error))
            connection.close()
        except OSError as error:  # no process or memory is left for a child
            log.warning("sweep.no_child", error=str(error))

    def sweep(self) -> None:
        """Notifies or applies what is due, then runs the periodic jobs."""
        heartbeat.beat_sweeper()
        self.end_finished_children()
        again: dict[str, int] = {}
        for overdue in find_overdue():
            sent = 0
            for _each in range(min(NOTIFICATIONS_PER_SWEEP, overdue.count)):
                sent += bool(notifier.notify(overdue.destination))
            if not sent or overdue.seconds >= settings.HANDOFF_FALLBACK_SECONDS:
                self.apply_in_child(overdue.destination)
            if sent:
                again[counters.REPEATED_NOTIFICATIONS + overdue.destination] = sent
        if again:
            counters.count(again)
        # Last, so that no job delays a hand-off.
        periodic_jobs.run_due()

    def apply_in_child(self, destination: str) -> None:
        """Applies in a child process, so that no consumer can kill the sweeper."""
        if destination in self.children:
            return
        log.info("sweep.applies_itself", destination=destination)
        # The child must not share our connection's socket.
        connections.close_all()
        notifier.forget_connection()
        child = multiprocessing.get_context("fork").Process(
            target=apply_in_this_process,
            args=(destination, os.getpid()),
            name=f"sweep-{destination}",
        )
        child.start()
        # PostgreSQL ends the last hand-off that it applies after one lease, or two.
        deadline = time.monotonic() + CHILD_SECONDS + 2 * settings.HANDOFF_LEASE_SECONDS
        self.children[destination] = Child(child, deadline)

    def end_finished_children(self) -> None:
        """Kills the children that hang, and removes those that have ended."""
        for destination, child in list(self.children.items()):
            if child.process.is_alive() and time.monotonic() > child.deadline:
                log.warning("sweep.child_hangs", destination=destination)
                child.process.kill()
            elif not child.process.is_alive():
                child.process.join()
                del self.children[destination]

    def end_children(self) -> None:
        """Lets each child finish the hand-off that it applies, for 3 s at most."""
        living = [child.process for child in self.children.values() if child.process.is_alive()]
        for process in living:
            process.terminate()
        for process in living:
            process.join(timeout=3)
            if process.is_alive():
                process.kill()
                process.join()


def describe_loss(error: Error) -> str:
    """Returns the first line of the error, which quotes no row."""
    return next(iter(str(error).splitlines()), type(error).__name__)


def apply_in_this_process(destination: str, parent: int) -> None:
    """Applies one destination's hand-offs for `CHILD_SECONDS`, in the sweeper's child."""
    stop = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: stop.set())
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    deadline = time.monotonic() + CHILD_SECONDS
    # The open connections are the parent's; psycopg2 does not close another process's socket.
    for inherited in connections.all(initialized_only=True):
        inherited.connection = None
    try:
        while not stop.is_set() and time.monotonic() < deadline and os.getppid() == parent:
            claim = claim_next(destination)
            if claim is None:
                stop.wait(0.2)
            else:
                apply(claim)
    except Error as error:  # the sweeper starts another child when PostgreSQL is back
        log.warning("sweep.child_lost_database", error=describe_loss(error))
    finally:
        connections.close_all()
