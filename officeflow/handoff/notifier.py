"""Notifications: empty messages that make a destination's workers look for hand-offs.

When one is lost, the sweeper finds the hand-off. So no request waits for the broker: a thread of
the process publishes.
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
from kombu.transport.redis import Channel
from kombu.utils.json import dumps

from officeflow import broker

# More would be useless: each notification wakes a process, which applies while work is left.
QUEUE_LENGTH = 8
# How long the thread collects notifications after all queues were full. The workers have yet to
# look, and will find what is posted until then. A busy desk saves most of its notifications so.
GATHER_SECONDS = 0.02
# How long a process that ends waits for its last notifications.
FLUSH_SECONDS = 1.0

log = structlog.get_logger(__name__)


class Sent(Enum):
    """The result of publishing; only `FAILED` is false."""

    FAILED = "failed"
    SENT = "sent"
    # All their queues were full: enough notifications wait.
    FULL = "full"

    def __bool__(self) -> bool:
        return self is not Sent.FAILED


def queue_of(destination: str) -> str:
    """Returns the name of the queue of a destination's notifications."""
    return f"handoff.{destination}"


def notify(*destinations: str, skip_full: bool = False) -> Sent:
    """Publishes a notification for each destination and returns the result. Never raises.

    With `skip_full` nothing is published to a queue that is full.
    """
    queues = [queue_of(name) for name in destinations]
    are_full = broker.publish(lambda producer: _publish(producer, queues, skip_full=skip_full))
    if are_full is None:
        return Sent.FAILED
    return Sent.FULL if are_full else Sent.SENT


def _publish(producer: Producer, queues: list[str], *, skip_full: bool) -> bool:
    """Publishes, drops the oldest beyond `QUEUE_LENGTH`, returns whether all queues were full."""
    channel = producer.channel
    with channel.conn_or_acquire() as client, client.pipeline(transaction=False) as together:
        if skip_full:
            for queue in queues:
                together.llen(queue)
            lengths = dict(zip(queues, together.execute(), strict=True))
            queues = [queue for queue in queues if lengths[queue] < QUEUE_LENGTH]
        for queue in queues:
            together.lpush(queue, _message(channel, queue))
        lengths = dict(zip(queues, together.execute(), strict=True))
        too_long = [queue for queue in queues if lengths[queue] > QUEUE_LENGTH]
        for queue in too_long:
            client.ltrim(queue, 0, QUEUE_LENGTH - 1)
    return len(too_long) == len(queues)


# The written notification of each queue.
_messages: dict[str, str] = {}


def _message(channel: Channel, queue: str) -> str:
    """Returns the notification as Kombu writes it, which takes it longer than all else.

    All of a queue are the same, also in their delivery tag, because nobody acknowledges them.
    """
    if queue not in _messages:
        message = channel.prepare_message("", content_type="text/plain", content_encoding="utf-8")
        channel._inplace_augment_message(message, "", queue)
        _messages[queue] = dumps(message)
    return _messages[queue]


class Notifier:
    """The thread that publishes a process's notifications."""

    def __init__(self) -> None:
        # Destinations to notify; an event to set when all before it are published; None to end.
        self.waiting: SimpleQueue[frozenset[str] | threading.Event | None] = SimpleQueue()
        self.starting = threading.Lock()
        self.thread: threading.Thread | None = None

    def add(self, destinations: frozenset[str]) -> None:
        """Has the thread notify destinations; one that waits already is notified once."""
        self.waiting.put(destinations)
        if self.thread is None or not self.thread.is_alive():
            self._start()

    def flush(self, seconds: float = FLUSH_SECONDS) -> bool:
        """Waits until all that was added is published; returns whether it is."""
        if self.thread is None or not self.thread.is_alive():
            return self.waiting.empty()
        published = threading.Event()
        self.waiting.put(published)
        return published.wait(seconds)

    def end(self) -> None:
        """Publishes what waits, and ends the thread and its connection."""
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
                sent = self._notify(names, skip_full=sent is Sent.FULL)
            for each in taken:
                if isinstance(each, threading.Event):
                    each.set()
                is_over = is_over or each is None
            if sent is Sent.FULL and not is_over:
                time.sleep(GATHER_SECONDS)
        broker.forget_connection()

    def _notify(self, destinations: set[str], *, skip_full: bool) -> Sent:
        try:
            sent = notify(*sorted(destinations), skip_full=skip_full)
            if connection.connection is not None:  # opened to count a failure
                connection.close()
        except Exception:  # the thread must go on
            log.exception("notifier.failed")
            return Sent.FAILED
        return sent


_notifier = Notifier()


def notify_soon(*destinations: str) -> None:
    """Has the notifier thread notify the destinations."""
    _notifier.add(frozenset(destinations))


def flush() -> bool:
    """Waits for `FLUSH_SECONDS` until all is published; returns whether it is."""
    return _notifier.flush()


def forget_connection() -> None:
    """Closes the connections of this thread and of the notifier thread, before a fork."""
    global _notifier
    _notifier.end()
    _notifier = Notifier()
    broker.forget_connection()


def _after_fork() -> None:
    """In a fork: it has no notifier thread; the parent publishes what was waiting."""
    global _notifier
    _notifier = Notifier()


os.register_at_fork(after_in_child=_after_fork)
atexit.register(flush)
