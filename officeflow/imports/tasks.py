"""The imports' one Celery task: a turn at a file. PostgreSQL says what is pending in it."""

from __future__ import annotations

import structlog
from celery import shared_task
from django.db import InterfaceError, OperationalError, connection

from officeflow.broker import Message, publish
from officeflow.imports.models import ImportFile
from officeflow.imports.running import work
from officeflow.imports.states import ImportState

log = structlog.get_logger(__name__)

WORK_TASK = "officeflow.imports.work_on"
QUEUE = "frontdesk"
TURN_SECONDS = 5.0


def wake(number: str) -> bool:
    """Asks a worker to take a turn at a file; says whether the message left. Never raises.

    When it is lost, the page that looks on does the work itself.
    """
    return bool(publish([Message(task=WORK_TASK, args=(number,), queue=QUEUE)]))


@shared_task(name=WORK_TASK, acks_late=True, ignore_result=True)
def work_on(number: str) -> None:
    """A turn at a file; while units are left, the next turn is asked for at its end."""
    try:
        done = work(number, seconds=TURN_SECONDS)
    except (OperationalError, InterfaceError) as error:
        log.warning("import_file.database_away", import_file=number, error=type(error).__name__)
        connection.close()
        return
    if done is not None and still_running(number):
        wake(number)


def still_running(number: str) -> bool:
    """Whether units of the file are left to take."""
    return ImportFile.objects.filter(number=number, state=ImportState.RUNNING).exists()
