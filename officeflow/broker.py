"""Sending Celery messages over Redis: short, without retry, behind a breaker.

A message is only ever a nudge: whoever sends one finds its work again when it is lost.
"""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Sequence
from typing import Any

import structlog
from django.conf import settings
from kombu import Connection

from officeflow.celery import app

log = structlog.get_logger(__name__)


class Breaker:
    """Stays open for some seconds after a failure, so that nobody waits for a sick broker."""

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
_local = threading.local()  # one publishing connection a thread: channels are not shared


def _publishing_connection() -> Connection:
    """This thread's own connection for publishing, with the short time limits."""
    connection: Connection | None = getattr(_local, "connection", None)
    if connection is None:
        timeout = settings.HANDOFF_PUBLISH_TIMEOUT_SECONDS
        connection = _local.connection = app.connection_for_write(
            transport_options={
                **settings.CELERY_BROKER_TRANSPORT_OPTIONS,
                "socket_timeout": timeout,
                "socket_connect_timeout": timeout,
                "max_retries": 0,
                "retry_on_timeout": False,
            }
        )
    return connection


def forget_connection() -> None:
    """Drops the publishing connection, after a failure or a fork."""
    connection: Connection | None = getattr(_local, "connection", None)
    _local.connection = None
    if connection is not None:
        try:
            connection.release()
        except Exception:  # the broker is sick: there is nothing to tidy
            log.debug("publisher.release_failed")


def _begin_afresh() -> None:
    """A forked child must not write on the socket that its parent publishes over."""
    global _local
    _local = threading.local()
    breaker.reset()


os.register_at_fork(after_in_child=_begin_afresh)


def publish(task: str, args: Sequence[Any], queue: str) -> bool:
    """Sends a task's message to a queue; says whether it left. Never raises."""
    if breaker.is_open:
        return False
    try:
        app.send_task(
            task,
            args=list(args),
            queue=queue,
            connection=_publishing_connection(),
            ignore_result=True,
            retry=False,
        )
    except Exception as error:  # whatever ails the broker, the work itself is already safe
        breaker.trip(settings.HANDOFF_BREAKER_SECONDS)
        forget_connection()
        log.warning("nudge.failed", queue=queue, error=type(error).__name__)
        return False
    return True
