"""The Celery worker's consumer of notifications: each has it apply for one destination.

Notifications are consumed beside Celery's tasks, by the worker's own process (`-P solo`), without
acknowledgement. As Celery tasks they would take longer and carry nothing more.
"""

from __future__ import annotations

from typing import Any

import structlog
from celery import bootsteps
from django.db import InterfaceError, OperationalError, connection
from kombu import Consumer, Queue
from kombu.message import Message

from officeflow import watchdog
from officeflow.celery import app
from officeflow.handoff.applying import apply
from officeflow.handoff.models import Destination
from officeflow.handoff.notifier import queue_of

log = structlog.get_logger(__name__)


class Notifications(bootsteps.ConsumerStep):
    """Consumes the notifications of the destinations whose Celery queues the worker consumes."""

    def get_consumers(self, channel: Any) -> list[Consumer]:
        """Returns one Kombu consumer for the queues of all these destinations."""
        names = sorted(set(Destination.values) & set(app.amqp.queues.consume_from))
        queues = [Queue(queue_of(name), exchange="", routing_key=queue_of(name)) for name in names]
        return [
            Consumer(channel, queues, no_ack=True, on_message=self.on_message, auto_declare=False)
        ]

    def on_message(self, message: Message) -> None:
        """Applies what is due for the destination of the message's queue."""
        _prefix, _dot, destination = message.delivery_info["routing_key"].partition(".")
        with watchdog.time_limit():
            apply_notified(destination)


app.steps["consumer"].add(Notifications)


def apply_notified(destination: str) -> None:
    """Applies what is due for a destination, for `SESSION_SECONDS` at most. Never raises.

    A kept connection may have died while it was idle, which its first statement shows: then it
    begins again on a new one. When PostgreSQL is away, the hand-offs wait, and the sweeper notifies
    again.
    """
    try:
        try:
            apply.apply_due(destination)
        except (OperationalError, InterfaceError):
            connection.close()
            apply.apply_due(destination)
    except (OperationalError, InterfaceError) as error:
        connection.close()
        log.warning("apply.database_away", destination=destination, error=type(error).__name__)
    except Exception:  # the worker goes on; the hand-off is claimed again when its lease ends
        connection.close()
        log.exception("apply.failed", destination=destination)
