"""A worker goes on when its connection has died, and ends when it hangs."""

from __future__ import annotations

import os
import signal
import time
from contextlib import closing
from typing import Any

import pytest
from django.db import connection

from officeflow import watchdog
from officeflow.handoff.applying.worker import apply_notified
from officeflow.handoff.models import Handoff, HandoffState
from tests.handoff.conftest import Recorder, post_handed_over


@pytest.mark.django_db(transaction=True)
def test_a_worker_replaces_a_connection_that_has_died(
    recorder: Recorder,
) -> None:
    post_handed_over("SO-000001")
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        (backend,) = cursor.fetchone()
    with closing(connection.copy()) as other, other.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(%s)", [backend])
    apply_notified("fulfilment")
    assert Handoff.objects.get().state == HandoffState.APPLIED


def end_of_a_child(seconds: float) -> int:
    """Returns how a process ends that works for that many seconds."""
    child = os.fork()
    if child == 0:
        watchdog.install()
        with watchdog.time_limit():
            time.sleep(seconds)
        os._exit(0)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def test_a_process_that_hangs_is_ended(settings: Any) -> None:
    settings.WORKER_TIME_LIMIT_SECONDS = 0.2
    assert end_of_a_child(10) == -signal.SIGALRM


def test_a_process_that_finishes_in_time_goes_on(settings: Any) -> None:
    settings.WORKER_TIME_LIMIT_SECONDS = 5
    assert end_of_a_child(0) == 0
