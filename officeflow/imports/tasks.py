"""The Celery task that works on a file. What is left to do is in PostgreSQL."""

from __future__ import annotations

from collections.abc import Callable

import structlog
from celery import shared_task
from django.db import InterfaceError, OperationalError, connection

from officeflow import watchdog
from officeflow.broker import send_task
from officeflow.imports.checking import check
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
    """Works on a file for some seconds; while more is to be done, it sends the next task."""
    try:
        if work_for(number, seconds=SESSION_SECONDS, alive=watchdog.renew) and is_under_way(number):
            send_work_task(number)
    except (OperationalError, InterfaceError) as error:
        log.warning("import_file.database_away", import_file=number, error=type(error).__name__)
        connection.close()


def work_for(number: str, *, seconds: float, alive: Callable[[], None] = lambda: None) -> bool:
    """Checks or imports a file for some seconds; returns whether this process could work on it.

    `alive` is called while it works.
    """
    checked = check(number, seconds=seconds, alive=alive)
    return checked is not None or work(number, seconds=seconds, alive=alive) is not None


def is_under_way(number: str) -> bool:
    """Returns whether a file is still being checked or imported."""
    return ImportFile.objects.filter(
        number=number, state__in=[ImportState.CHECKING, ImportState.RUNNING]
    ).exists()
