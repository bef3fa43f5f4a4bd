"""The Celery task that works on a file. What is left to do is in PostgreSQL."""

from __future__ import annotations

from collections.abc import Callable

import structlog
from celery import shared_task
from django.db import InterfaceError, OperationalError, connection

from officeflow import watchdog
from officeflow.broker import send_task
from officeflow.imports.checking import check
from officeflow.imports.leases import longest_waiting
from officeflow.imports.models import ImportFile
from officeflow.imports.reading import Layout
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
    """Works on a file for some seconds, then sends the task for the one that waits longest.

    While another worker works on a file, it does nothing: that one sends the next task.
    """
    try:
        if work_for(number, seconds=SESSION_SECONDS, alive=watchdog.renew, in_turn=True):
            send_next_task()
    except (OperationalError, InterfaceError) as error:
        log.warning("import_file.database_away", import_file=number, error=type(error).__name__)
        connection.close()


def send_next_task() -> None:
    """Sends the task for the file that waits longest, if there is one."""
    if (waiting := longest_waiting()) is not None:
        send_work_task(waiting)


def work_for(
    number: str, *, seconds: float, alive: Callable[[], None] = lambda: None, in_turn: bool = False
) -> bool:
    """Checks or imports a file for some seconds; returns whether this process could work on it.

    `alive` is called while it works. With `in_turn` it works only while no other process does.
    """
    checked = check(number, seconds=seconds, alive=alive, in_turn=in_turn)
    if checked is not None:
        return True
    return work(number, seconds=seconds, alive=alive, in_turn=in_turn) is not None


def work_for_page(import_file: ImportFile, *, seconds: float) -> None:
    """Works on a file while its page is asked for, and has the workers continue.

    A workbook is unpacked in turn: it may take long.
    """
    is_unpacked = import_file.is_read or not Layout(**import_file.layout).is_workbook
    if work_for(import_file.number, seconds=seconds, in_turn=not is_unpacked):
        send_next_task()


def is_under_way(number: str) -> bool:
    """Returns whether a file is still being checked or imported."""
    return ImportFile.objects.filter(
        number=number, state__in=[ImportState.CHECKING, ImportState.RUNNING]
    ).exists()
