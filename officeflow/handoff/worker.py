"""The Celery worker's part: each notification has it apply what waits for one destination.

Notifications are consumed beside Celery's tasks, by the worker's own process (`-P solo`): Celery's
task messages would only carry a name there and back. They need no acknowledgement.
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
from officeflow.handoff import apply
from officeflow.handoff.models import Destination
from officeflow.handoff.notifier import queue_of

log = structlog.get_logger(__name__)


class Notifications(bootsteps.ConsumerStep):
    """Consumes the notifications of the destinations whose Celery queues the worker consumes."""

    def get_consumers(self, channel: Any) -> list[Consumer]:
        """One consumer for all of them."""
        names = sorted(set(Destination.values) & set(app.amqp.queues.consume_from))
        queues = [Queue(queue_of(name), exchange="", routing_key=queue_of(name)) for name in names]
        return [
            Consumer(channel, queues, no_ack=True, on_message=self.on_message, auto_declare=False)
        ]

    def on_message(self, message: Message) -> None:
        """Applies what is due."""
        _prefix, _dot, destination = message.delivery_info["routing_key"].partition(".")
        with watchdog.watched():
            apply_notified(destination)


app.steps["consumer"].add(Notifications)


def apply_notified(destination: str) -> None:
    """Applies what waits for a destination, for some seconds at most. Never raises.

    The kept connection may have died while nothing came: that shows at the first statement, and
    begins again on a new one. When PostgreSQL is away there is nothing to do: what waits is there
    when it is back, and the sweeper notifies again.
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
