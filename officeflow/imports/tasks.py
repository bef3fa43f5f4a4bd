"""The Celery task that imports some units of a file. Pending units are in PostgreSQL."""

from __future__ import annotations

import structlog
from celery import shared_task
from django.db import InterfaceError, OperationalError, connection

from officeflow.broker import send_task
from officeflow.imports.models import ImportFile
from officeflow.imports.running import work
from officeflow.imports.states import ImportState

log = structlog.get_logger(__name__)

WORK_TASK = "officeflow.imports.work_on"
QUEUE = "frontdesk"
SESSION_SECONDS = 5.0


def send_work_task(number: str) -> bool:
    """Sends the task for a file and returns whether it was sent. Never raises.

    When the task is lost, the import's page continues the import.
    """
    return send_task(WORK_TASK, number, queue=QUEUE)


@shared_task(name=WORK_TASK, acks_late=True, ignore_result=True)
def work_on(number: str) -> None:
    """Imports some units of a file; while more are pending, it sends the next task."""
    try:
        done = work(number, seconds=SESSION_SECONDS)
    except (OperationalError, InterfaceError) as error:
        log.warning("import_file.database_away", import_file=number, error=type(error).__name__)
        connection.close()
        return
    if done is not None and still_running(number):
        send_work_task(number)


def still_running(number: str) -> bool:
    """Returns whether the import is still running."""
    return ImportFile.objects.filter(number=number, state=ImportState.RUNNING).exists()
