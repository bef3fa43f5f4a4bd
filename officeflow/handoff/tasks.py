"""The corridor's one Celery task. It carries no data: PostgreSQL says what is due."""

from __future__ import annotations

import structlog
from celery import shared_task
from django.db import InterfaceError, OperationalError, connection

from officeflow.handoff import relay
from officeflow.handoff.publisher import APPLY_TASK

log = structlog.get_logger(__name__)


@shared_task(name=APPLY_TASK, acks_late=True, ignore_result=True, begins_again=True)
def apply_due(destination: str) -> None:
    """Applies what waits for one destination.

    The kept connection may have died while nothing came: that shows at the first statement, and
    the turn begins again on a new one. When PostgreSQL is away there is nothing to do: what waits
    is there when it is back, and the sweeper nudges again.
    """
    for is_last in (False, True):
        try:
            relay.apply_due(destination)
            return
        except (OperationalError, InterfaceError) as error:
            connection.close()
            if is_last:
                lost = type(error).__name__
                log.warning("apply.database_away", destination=destination, error=lost)
