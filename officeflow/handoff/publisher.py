"""Sending nudges: a destination's workers are told to look. It carries nothing else.

When one is lost the sweeper finds the hand-off. So nobody waits for one to leave: whoever has
posted hands it to a thread of the process, which sends what it was given meanwhile at once.
"""

from __future__ import annotations

import atexit
import os
import threading
from contextlib import suppress
from queue import Empty, SimpleQueue

import structlog
from django.db import connection

from officeflow import broker
from officeflow.broker import Breaker, Message, Sent, breaker, publish

__all__ = ["APPLY_TASK", "Breaker", "breaker", "flush", "forget_connection", "nudge", "nudge_soon"]

APPLY_TASK = "officeflow.handoff.apply_due"
# As many processes as may be woken at once for one destination; each goes on while work is left.
MOST_WAITING = 8
# How long nudges gather after one that told nobody anything new: who was told before has yet to
# look, and will find what was posted until then. At a busy desk that saves most of them.
GATHER_SECONDS = 0.02
# How long the end of a process waits for its last nudges.
FLUSH_SECONDS = 1.0

log = structlog.get_logger(__name__)


def nudge(*destinations: str) -> Sent:
    """Wakes the workers of each destination, in one message; says whether it left. Never raises."""
    return publish(
        [Message(task=APPLY_TASK, args=(name,), queue=name) for name in destinations],
        most=MOST_WAITING,
    )


Given = frozenset[str] | threading.Event | None


class Courier:
    """The thread that nudges, so that no one else waits for the broker, well or ill."""

    def __init__(self) -> None:
        # Destinations to nudge; an event to set when all before it has left; none to end.
        self.given: SimpleQueue[Given] = SimpleQueue()
        # What need not be nudged at once, and for which destinations that holds just now.
        self.later: SimpleQueue[Given] = SimpleQueue()
        self.told: frozenset[str] = frozenset()
        self.starting = threading.Lock()
        self.thread: threading.Thread | None = None

    def take(self, destinations: frozenset[str]) -> None:
        """Takes destinations along; one that waits already is nudged once for both."""
        if destinations <= self.told:
            self.later.put(destinations)
            if destinations <= self.told:
                return  # else the thread may have looked there just before
        self.given.put(destinations)
        if self.thread is None or not self.thread.is_alive():
            self._start()

    def flush(self, seconds: float = FLUSH_SECONDS) -> bool:
        """Waits until all that was taken has left; says whether it has."""
        if self.thread is None or not self.thread.is_alive():
            return self.given.empty()
        left = threading.Event()
        self.given.put(left)
        return left.wait(seconds)

    def end(self) -> None:
        """Sends what waits and ends the thread, with its connection."""
        self.flush()
        self.given.put(None)
        if self.thread is not None:
            self.thread.join(FLUSH_SECONDS)

    def _start(self) -> None:
        with self.starting:
            if self.thread is None or not self.thread.is_alive():
                self.thread = threading.Thread(target=self._run, name="nudges", daemon=True)
                self.thread.start()

    def _run(self) -> None:
        is_over = False
        while not is_over:
            taken = self._take_all()
            self._send({name for each in taken if isinstance(each, frozenset) for name in each})
            for each in taken:
                if isinstance(each, threading.Event):
                    each.set()
                is_over = is_over or each is None
        broker.forget_connection()

    def _take_all(self) -> list[Given]:
        """Waits for the first, or until what has gathered is due."""
        taken = []
        with suppress(Empty):
            taken.append(self.given.get(timeout=GATHER_SECONDS if self.told else None))
        self.told = frozenset()  # before looking: whoever finds it unset gives notice
        for waiting in (self.given, self.later):
            while not waiting.empty():
                taken.append(waiting.get())
        return taken

    def _send(self, destinations: set[str]) -> None:
        if not destinations:
            return
        try:
            if nudge(*sorted(destinations)) is Sent.NEEDLESS:
                self.told = frozenset(destinations)
            if connection.connection is not None:  # a failure was counted
                connection.close()
        except Exception:  # the next one is sent in any case
            log.exception("nudge.courier")


_courier = Courier()


def nudge_soon(*destinations: str) -> None:
    """Wakes the workers of each destination, a moment after this has returned."""
    _courier.take(frozenset(destinations))


def flush() -> bool:
    """Waits a moment for the nudges that are on their way; says whether they have left."""
    return _courier.flush()


def forget_connection() -> None:
    """Lets go what this thread and the courier hold open: after a failure, or before a fork."""
    global _courier
    _courier.end()
    _courier = Courier()
    broker.forget_connection()


def _begin_afresh() -> None:
    """A forked child has no thread of its parent's; what waited there is the parent's to send."""
    global _courier
    _courier = Courier()


os.register_at_fork(after_in_child=_begin_afresh)
atexit.register(flush)
