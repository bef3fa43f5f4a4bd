"""Publishing to the broker: short time limits, no retry, behind a circuit breaker.

PostgreSQL knows what each message is about, so losing one loses nothing.
"""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable
from typing import TypeVar

import redis
import structlog
from django.conf import settings
from django.dispatch import Signal
from kombu import Producer
from redis.backoff import NoBackoff
from redis.retry import Retry

from officeflow.celery import app

log = structlog.get_logger(__name__)

T = TypeVar("T")


class Breaker:
    """Stays open for some seconds after a failure, so that nobody waits for a broker that fails."""

    def __init__(self) -> None:
        self.open_until = 0.0

    @property
    def is_open(self) -> bool:
        """Whether the broker is left alone just now."""
        return time.monotonic() < self.open_until

    def trip(self, seconds: float) -> None:
        """Leaves the broker alone for some seconds."""
        self.open_until = time.monotonic() + seconds

    def reset(self) -> None:
        """Tries the broker again at once."""
        self.open_until = 0.0


breaker = Breaker()
# Sent after a message could not be published.
publish_failed = Signal()
_local = threading.local()  # one producer a thread: connections are not shared


def publish(send: Callable[[Producer], T]) -> T | None:
    """Calls `send` with this thread's producer; its answer, or None when it failed.

    Never raises. While the breaker is open nothing is tried.
    """
    if breaker.is_open:
        return None
    try:
        return send(_producer())
    except Exception as error:  # whatever ails the broker, the work itself is already safe
        breaker.trip(settings.HANDOFF_BREAKER_SECONDS)
        forget_connection()
        log.warning("publish.failed", error=type(error).__name__)
        publish_failed.send_robust(sender=Breaker)
        return None


def send_task(name: str, *args: object, queue: str) -> bool:
    """Publishes a Celery task; says whether the message left. Never raises."""

    def send(producer: Producer) -> bool:
        app.send_task(
            name, args=args, queue=queue, ignore_result=True, producer=producer, retry=False
        )
        return True

    return bool(publish(send))


def _producer() -> Producer:
    producer: Producer | None = getattr(_local, "producer", None)
    if producer is None:
        timeout = settings.HANDOFF_PUBLISH_TIMEOUT_SECONDS
        connection = app.connection_for_write(
            transport_options={
                **settings.CELERY_BROKER_TRANSPORT_OPTIONS,
                "socket_timeout": timeout,
                "socket_connect_timeout": timeout,
                "max_retries": 0,
                "retry_on_timeout": False,
            }
        )
        producer = app.amqp.Producer(connection)
        # A connection that died while nothing was sent is opened once more; a broker that does
        # not answer in time is not asked again.
        with producer.channel.conn_or_acquire() as client:
            client.set_retry(Retry(NoBackoff(), 1, supported_errors=(redis.ConnectionError,)))
        _local.producer = producer
    return producer


def forget_connection() -> None:
    """Closes this thread's connection, after a failure or before a fork."""
    producer: Producer | None = getattr(_local, "producer", None)
    _local.producer = None
    if producer is not None:
        try:
            producer.connection.release()
        except Exception:  # it is gone anyway
            log.debug("publish.release_failed")


def _after_fork() -> None:
    """A forked child must not write on the socket that its parent publishes over."""
    global _local
    _local = threading.local()
    breaker.reset()


os.register_at_fork(after_in_child=_after_fork)
