"""Notifications: a destination's workers are told to look. A notification carries nothing else.

When one is lost the sweeper finds the hand-off. So nobody waits for one to leave: whoever has
posted gives it to a thread of the process, which publishes what it was given.
"""

from __future__ import annotations

import atexit
import os
import threading
import time
from contextlib import suppress
from enum import Enum
from queue import Empty, SimpleQueue

import structlog
from django.db import connection
from kombu import Producer

from officeflow import broker

# As many as are of use: each wakes a process, which goes on while work is left.
QUEUE_LENGTH = 8
# After notifications that found full queues: the workers have yet to look, and will find whatever
# is posted until then. At a busy desk this saves most of them.
GATHER_SECONDS = 0.02
# How long the end of a process waits for its last notifications.
FLUSH_SECONDS = 1.0

log = structlog.get_logger(__name__)


class Sent(Enum):
    """What became of notifications; only `FAILED` is false."""

    FAILED = "failed"
    SENT = "sent"
    # All their queues were full: the workers have been told often enough.
    FULL = "full"

    def __bool__(self) -> bool:
        return self is not Sent.FAILED


def queue_of(destination: str) -> str:
    """The queue of a destination's notifications, beside its Celery queue."""
    return f"handoff.{destination}"


def notify(*destinations: str, look_first: bool = False) -> Sent:
    """Wakes a worker of each destination; says whether the notifications left. Never raises.

    With `look_first` nothing is published to a queue that is full.
    """
    queues = [queue_of(name) for name in destinations]
    are_full = broker.publish(lambda producer: _publish(producer, queues, look_first=look_first))
    if are_full is None:
        return Sent.FAILED
    return Sent.FULL if are_full else Sent.SENT


def _publish(producer: Producer, queues: list[str], *, look_first: bool) -> bool:
    """Drops the oldest beyond the queues' length; says whether all queues were full."""
    with producer.channel.conn_or_acquire() as client:
        if look_first:
            queues = [queue for queue in queues if client.llen(queue) < QUEUE_LENGTH]
        for queue in queues:
            producer.publish("", exchange="", routing_key=queue, retry=False)
        too_long = [queue for queue in queues if client.llen(queue) > QUEUE_LENGTH]
        for queue in too_long:
            client.ltrim(queue, 0, QUEUE_LENGTH - 1)
    return len(too_long) == len(queues)


class Notifier:
    """The thread that notifies, so that nobody else waits for the broker, well or ill."""

    def __init__(self) -> None:
        # Destinations; an event to set when all before it have left; None to end.
        self.waiting: SimpleQueue[frozenset[str] | threading.Event | None] = SimpleQueue()
        self.starting = threading.Lock()
        self.thread: threading.Thread | None = None

    def take(self, destinations: frozenset[str]) -> None:
        """Takes destinations along; one that waits already is notified once for both."""
        self.waiting.put(destinations)
        if self.thread is None or not self.thread.is_alive():
            self._start()

    def flush(self, seconds: float = FLUSH_SECONDS) -> bool:
        """Waits until all that was taken has left; says whether it has."""
        if self.thread is None or not self.thread.is_alive():
            return self.waiting.empty()
        left = threading.Event()
        self.waiting.put(left)
        return left.wait(seconds)

    def end(self) -> None:
        """Sends what waits and ends the thread, with its connection."""
        self.waiting.put(None)
        if self.thread is not None:
            self.thread.join(FLUSH_SECONDS)

    def _start(self) -> None:
        with self.starting:
            if self.thread is None or not self.thread.is_alive():
                self.thread = threading.Thread(target=self._run, name="notifier", daemon=True)
                self.thread.start()

    def _run(self) -> None:
        is_over, sent = False, Sent.SENT
        while not is_over:
            taken = [self.waiting.get()]
            with suppress(Empty):
                while True:
                    taken.append(self.waiting.get_nowait())
            names = {name for each in taken if isinstance(each, frozenset) for name in each}
            if names:
                sent = self._notify(names, look_first=sent is Sent.FULL)
            for each in taken:
                if isinstance(each, threading.Event):
                    each.set()
                is_over = is_over or each is None
            if sent is Sent.FULL and not is_over:
                time.sleep(GATHER_SECONDS)
        broker.forget_connection()

    def _notify(self, destinations: set[str], *, look_first: bool) -> Sent:
        try:
            sent = notify(*sorted(destinations), look_first=look_first)
            if connection.connection is not None:  # a failure was counted
                connection.close()
        except Exception:  # the next one is sent in any case
            log.exception("notifier.failed")
            return Sent.FAILED
        return sent


_notifier = Notifier()


def notify_soon(*destinations: str) -> None:
    """Wakes a worker of each destination, a moment after this has returned."""
    _notifier.take(frozenset(destinations))


def flush() -> bool:
    """Waits a moment for the notifications on their way; says whether they have left."""
    return _notifier.flush()


def forget_connection() -> None:
    """Closes what this thread and the notifier hold open: after a failure, or before a fork."""
    global _notifier
    _notifier.end()
    _notifier = Notifier()
    broker.forget_connection()


def _after_fork() -> None:
    """A forked child has no thread of its parent's; what waited there is the parent's to send."""
    global _notifier
    _notifier = Notifier()


os.register_at_fork(after_in_child=_after_fork)
atexit.register(flush)
