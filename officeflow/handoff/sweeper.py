"""The sweeper: what a lost message forgot, it finds.

Every second it looks for what is due and sends each destination a few notifications, never one for
each row. When notifications cannot be sent, or do not help for some seconds (Redis gone, or every
worker of a destination), a child process applies instead.
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

from officeflow.handoff import apply, counters, heartbeat, notifier, periodic

log = structlog.get_logger(__name__)

NOTIFICATIONS_A_ROUND = 3
CHILD_SECONDS = 10.0


@dataclass(frozen=True)
class Overdue:
    """What is due for one destination: how many, and for how long the oldest has been."""

    destination: str
    count: int
    seconds: float


def look() -> list[Overdue]:
    """What is due now, by destination.

    Nothing is locked: a lock here would hide the row from a worker about to claim it, and a
    row that is claimed at this moment costs a notification in vain, no more.
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
    """A process that applies for one destination, and when it must have ended (monotonic)."""

    process: BaseProcess
    limit: float


@dataclass
class Sweeper:
    """One sweeper; any number may run beside each other."""

    stopping: threading.Event = field(default_factory=threading.Event)
    children: dict[str, Child] = field(default_factory=dict)

    def run(self) -> None:
        """Sweeps until told to stop."""
        try:
            while not self.stopping.is_set():
                began = time.monotonic()
                self.sweep_or_wait()
                spent = time.monotonic() - began
                self.stopping.wait(max(0.05, settings.HANDOFF_SWEEP_SECONDS - spent))
        finally:
            self.end_children()

    def sweep_or_wait(self) -> None:
        """One round; what goes wrong in it is left to the next one."""
        try:
            self.sweep()
        except Error as error:
            # PostgreSQL is away: nothing can be due. Come back with a new connection.
            log.warning("sweep.database_away", error=describe_loss(error))
            connection.close()
        except OSError as error:  # no process or memory is left for a child
            log.warning("sweep.no_child", error=str(error))

    def sweep(self) -> None:
        """One round."""
        heartbeat.beat_sweeper()
        self.reap()
        again: dict[str, int] = {}
        for overdue in look():
            sent = 0
            for _each in range(min(NOTIFICATIONS_A_ROUND, overdue.count)):
                sent += bool(notifier.notify(overdue.destination))
            if not sent or overdue.seconds >= settings.HANDOFF_FALLBACK_SECONDS:
                self.apply_in_child(overdue.destination)
            if sent:
                again[counters.NOTIFIED_AGAIN + overdue.destination] = sent
        if again:
            counters.count(again)
        # Last, so that nothing that is due by the clock keeps a hand-off waiting.
        periodic.do_what_is_due()

    def apply_in_child(self, destination: str) -> None:
        """Applies in a process of its own: what kills it does not kill the sweeper."""
        if destination in self.children:
            return
        log.info("sweep.applies_itself", destination=destination)
        # The child must not share our connection's socket.
        connections.close_all()
        notifier.forget_connection()
        child = multiprocessing.get_context("fork").Process(
            target=apply_for_a_while, args=(destination, os.getpid()), name=f"sweep-{destination}"
        )
        child.start()
        # The last hand-off that it applies may take until PostgreSQL ends it, a lease or two.
        limit = time.monotonic() + CHILD_SECONDS + 2 * settings.HANDOFF_LEASE_SECONDS
        self.children[destination] = Child(child, limit)

    def reap(self) -> None:
        """Forgets the children that have finished, and ends those that hang."""
        for destination, child in list(self.children.items()):
            if child.process.is_alive() and time.monotonic() > child.limit:
                log.warning("sweep.child_hangs", destination=destination)
                child.process.kill()
            elif not child.process.is_alive():
                child.process.join()
                del self.children[destination]

    def end_children(self) -> None:
        """Lets the children finish the hand-off they are at."""
        living = [child.process for child in self.children.values() if child.process.is_alive()]
        for process in living:
            process.terminate()
        for process in living:
            process.join(timeout=3)
            if process.is_alive():
                process.kill()
                process.join()


def describe_loss(error: Error) -> str:
    """How PostgreSQL was lost: the first line says it, and no row stands in it."""
    return next(iter(str(error).splitlines()), type(error).__name__)


def apply_for_a_while(destination: str, parent: int) -> None:
    """The fallback: applies one destination's hand-offs for a while, without Redis."""
    stop = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: stop.set())
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    deadline = time.monotonic() + CHILD_SECONDS
    # What is still open here is the parent's; psycopg2 leaves another process's socket alone.
    for inherited in connections.all(initialized_only=True):
        inherited.connection = None
    try:
        while not stop.is_set() and time.monotonic() < deadline and os.getppid() == parent:
            claim = apply.claim_next(destination)
            if claim is None:
                stop.wait(0.2)
            else:
                apply.apply(claim)
    except Error as error:  # the next round of the sweeper sees whether PostgreSQL is back
        log.warning("sweep.child_lost_database", error=describe_loss(error))
    finally:
        connections.close_all()
