"""The corridor's one Celery task. It carries no data: PostgreSQL says what is due."""

from __future__ import annotations

import time

import structlog
from celery import shared_task
from django.db import InterfaceError, OperationalError, connection

from officeflow.celery import app
from officeflow.handoff import awake, relay
from officeflow.handoff.publisher import APPLY_TASK

log = structlog.get_logger(__name__)


@shared_task(name=APPLY_TASK, acks_late=True, ignore_result=True, begins_again=True)
def apply_due(destination: str) -> None:
    """Applies what waits for one destination, and for a moment what comes for any.

    When PostgreSQL is away there is nothing to do: what waits is there when it is back, and the
    sweeper nudges again.
    """
    until = time.monotonic() + relay.TURN_SECONDS

    def take(name: str) -> int:
        return _apply(name, max(0.0, until - time.monotonic()))

    in_worker = not (apply_due.request.called_directly or apply_due.request.is_eager)
    try:
        # Whoever came for nothing goes at once, so that other messages get their turn.
        if take(destination) and in_worker:
            awake.stay(sorted(app.amqp.queues.consume_from), until, take)
    except (OperationalError, InterfaceError) as error:
        connection.close()
        lost = type(error).__name__
        log.warning("apply.database_away", destination=destination, error=lost)


def _apply(destination: str, seconds: float) -> int:
    """A turn; how many took effect.

    The kept connection may have died while nothing came: that shows at the first statement, and
    the turn begins again on a new one.
    """
    try:
        return relay.apply_due(destination, seconds=seconds)
    except (OperationalError, InterfaceError):
        connection.close()
        return relay.apply_due(destination, seconds=seconds)
