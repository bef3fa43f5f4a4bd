"""Publishing to the broker: short time limits, no retry, a circuit breaker.

A lost message loses nothing, because PostgreSQL holds what it is about.
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
    """A circuit breaker: open for some seconds after a failure, in which nothing is published."""

    def __init__(self) -> None:
        self.open_until = 0.0

    @property
    def is_open(self) -> bool:
        """Whether publishing is paused."""
        return time.monotonic() < self.open_until

    def trip(self, seconds: float) -> None:
        """Pauses publishing for some seconds."""
        self.open_until = time.monotonic() + seconds

    def reset(self) -> None:
        """Ends the pause."""
        self.open_until = 0.0


breaker = Breaker()
# Sent after a message could not be published.
publish_failed = Signal()
_local = threading.local()  # a producer for each thread: connections are not shared


def publish(send: Callable[[Producer], T]) -> T | None:
    """Calls `send` with this thread's producer; returns its result, or None when it failed.

    Never raises. While the breaker is open it returns None at once.
    """
    if breaker.is_open:
        return None
    try:
        return send(_producer())
    except Exception as error:  # no failure of the broker may reach the caller
        breaker.trip(settings.HANDOFF_BREAKER_SECONDS)
        forget_connection()
        log.warning("publish.failed", error=type(error).__name__)
        publish_failed.send_robust(sender=Breaker)
        return None


def send_task(name: str, *args: object, queue: str) -> bool:
    """Publishes a Celery task; returns whether it was published. Never raises."""

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
        # A connection that died while idle is opened once more; a timeout is not retried.
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
        except Exception:  # the connection is dropped in any case
            log.debug("publish.release_failed")


def _after_fork() -> None:
    """In a fork: it must not write to the socket of its parent's connection."""
    global _local
    _local = threading.local()
    breaker.reset()


os.register_at_fork(after_in_child=_after_fork)
