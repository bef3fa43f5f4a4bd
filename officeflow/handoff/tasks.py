"""The corridor's one Celery task. It carries no data: PostgreSQL says what is due."""

from __future__ import annotations

from celery import shared_task

from officeflow.handoff import relay
from officeflow.handoff.publisher import APPLY_TASK


@shared_task(name=APPLY_TASK, acks_late=True, ignore_result=True)
def apply_due(destination: str) -> None:
    """Applies what waits for one destination."""
    relay.apply_due(destination)
