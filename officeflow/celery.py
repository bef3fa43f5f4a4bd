"""The Celery application. Its messages only notify; PostgreSQL holds the work."""

import os
from typing import Any

from celery import Celery
from celery.signals import heartbeat_sent, task_postrun, task_prerun, worker_init

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "officeflow.settings")

app = Celery("officeflow")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks(["officeflow.imports"])
# Imports the worker's consumer of notifications.
app.autodiscover_tasks(["officeflow.handoff.applying"], related_name="worker")


@worker_init.connect(dispatch_uid="officeflow.install_watchdog")
def install_watchdog(**kwargs: Any) -> None:
    """Has the worker's log show where the process hung when the watchdog ends it."""
    from officeflow import watchdog

    watchdog.install()


@task_prerun.connect(dispatch_uid="officeflow.begin_task")
def begin_task(**kwargs: Any) -> None:
    """Starts the task's time limit, and closes a kept database connection that has died.

    With `CELERY_DB_REUSE_MAX` Celery keeps the connection but never checks it; after a restart of
    PostgreSQL the next tasks would fail on the dead one.
    """
    from django.db import connections

    from officeflow import watchdog

    watchdog.begin()
    for connection in connections.all(initialized_only=True):
        if connection.connection is not None and not connection.in_atomic_block:
            connection.close_if_unusable_or_obsolete()
            if connection.connection is not None and not connection.is_usable():
                connection.close()


@task_postrun.connect(dispatch_uid="officeflow.end_task")
def end_task(**kwargs: Any) -> None:
    """Ends the task's time limit."""
    from officeflow import watchdog

    watchdog.end()


@heartbeat_sent.connect(dispatch_uid="officeflow.worker_heartbeat")
def worker_heartbeat(sender: Any, **kwargs: Any) -> None:
    """Writes the worker's heartbeat every two seconds, for each queue that it consumes."""
    from officeflow.handoff.monitoring.heartbeat import beat_worker

    beat_worker(list(app.amqp.queues.consume_from))
