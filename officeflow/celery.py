"""The Celery application: its tasks only nudge, and PostgreSQL holds what they are about."""

import os
from typing import Any

from celery import Celery
from celery.signals import heartbeat_sent, task_prerun

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "officeflow.settings")

app = Celery("officeflow")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks(["officeflow.handoff", "officeflow.imports"])


@task_prerun.connect(dispatch_uid="officeflow.drop_dead_connections")
def drop_dead_connections(sender: Any = None, **kwargs: Any) -> None:
    """Checks the kept database connection before each task that does not do so itself.

    With `CELERY_DB_REUSE_MAX` Celery keeps the connection but never checks it; after a
    restart of PostgreSQL a row of tasks would fail on the dead one.
    """
    from django.db import connections

    if getattr(sender, "begins_again", False):  # on a new one; asking each time is dear
        return
    for connection in connections.all(initialized_only=True):
        if connection.connection is not None and not connection.in_atomic_block:
            connection.close_if_unusable_or_obsolete()
            if connection.connection is not None and not connection.is_usable():
                connection.close()


@heartbeat_sent.connect(dispatch_uid="officeflow.worker_heartbeat")
def worker_heartbeat(sender: Any, **kwargs: Any) -> None:
    """Says every two seconds, for each queue this worker consumes, that it lives."""
    from officeflow.handoff.heartbeat import beat_worker

    beat_worker(list(app.amqp.queues.consume_from))
