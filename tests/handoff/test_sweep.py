"""The sweeper: finds what is due, notifies, and applies in a child when that does not help."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import connection
from django.db.models.functions import Now

from officeflow.broker import breaker
from officeflow.celery import app
from officeflow.handoff import notifier
from officeflow.handoff.applying import claims, draining
from officeflow.handoff.maintenance import sweeper
from officeflow.handoff.maintenance.sweeper import NOTIFICATIONS_PER_SWEEP, Sweeper, find_overdue
from officeflow.handoff.models import Destination, Handoff, HandoffState, Heartbeat
from officeflow.handoff.monitoring import heartbeat
from officeflow.handoff.monitoring.heartbeat import broker_client
from officeflow.handoff.notifier import queue_of
from tests.handoff.conftest import Recorder, clear_notifications, post_handed_over


@pytest.fixture
def sweeping() -> Iterator[Sweeper]:
    breaker.reset()
    clear_notifications()
    one = Sweeper()
    yield one
    one.end_children()
    clear_notifications()


def let_wait(seconds: float) -> None:
    """Makes everything due for that many seconds."""
    Handoff.objects.filter(state=HandoffState.WAITING).update(
        due_at=Now() - timedelta(seconds=seconds)
    )


@pytest.mark.django_db
def test_fresh_leased_and_applied_ones_are_not_due(recorder: Recorder) -> None:
    post_handed_over("SO-000001")
    assert find_overdue() == []
    claims.claim_next("fulfilment")
    assert find_overdue() == []
    let_wait(3)
    (overdue,) = find_overdue()
    assert (overdue.destination, overdue.count) == ("fulfilment", 1)
    assert overdue.seconds == pytest.approx(3, abs=1)
    draining.drain()
    assert find_overdue() == []


@pytest.mark.django_db
def test_only_the_head_of_a_stream_is_due(recorder: Recorder) -> None:
    post_handed_over("first", subject="SO-000001")
    post_handed_over("second", subject="SO-000001")
    let_wait(3)
    assert find_overdue()[0].count == 1


@pytest.mark.django_db
def test_many_due_handoffs_make_few_notifications(recorder: Recorder, sweeping: Sweeper) -> None:
    for number in range(20):
        post_handed_over(f"SO-{number:06}", Destination.FULFILMENT, Destination.HR)
    let_wait(1)
    sweeping.sweep()
    assert broker_client().llen(queue_of("fulfilment")) == NOTIFICATIONS_PER_SWEEP
    assert broker_client().llen(queue_of("hr")) == NOTIFICATIONS_PER_SWEEP
    assert broker_client().llen(queue_of("accounting")) == 0
    assert not sweeping.children


@pytest.mark.django_db(transaction=True)
def test_when_notifications_do_not_help_a_child_applies(
    recorder: Recorder, sweeping: Sweeper, settings
) -> None:
    post_handed_over("SO-000001")
    let_wait(settings.HANDOFF_FALLBACK_SECONDS + 1)
    sweeping.sweep()
    child = sweeping.children["fulfilment"].process
    assert child.pid != os.getpid()
    sweeping.sweep()
    assert sweeping.children["fulfilment"].process is child  # one child a destination
    wait_for(lambda: Handoff.objects.get().state == HandoffState.APPLIED)


@pytest.mark.django_db(transaction=True)
def test_when_notifications_cannot_be_sent_a_child_applies_at_once(
    recorder: Recorder, sweeping: Sweeper, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    notifier.forget_connection()
    monkeypatch.setattr(app.conf, "broker_write_url", f"redis+socket://{tmp_path}/no.sock")
    post_handed_over("SO-000001")
    let_wait(0)
    sweeping.sweep()
    assert "fulfilment" in sweeping.children
    # The sweeper starts another child when one ended without applying.
    wait_for(lambda: sweeping.sweep() or Handoff.objects.get().state == HandoffState.APPLIED)
    notifier.forget_connection()
    breaker.reset()


@pytest.mark.django_db(transaction=True)
def test_a_hanging_child_is_killed(
    recorder: Recorder, sweeping: Sweeper, monkeypatch: pytest.MonkeyPatch, settings
) -> None:
    monkeypatch.setattr(sweeper, "CHILD_SECONDS", -2 * settings.HANDOFF_LEASE_SECONDS)
    recorder.failure = lambda handoff: threading.Event().wait()  # type: ignore[assignment,return-value]
    monkeypatch.setattr(sweeper, "apply_in_this_process", lambda *_: signal.pause())
    sweeping.apply_in_child("fulfilment")
    child = sweeping.children["fulfilment"].process
    sweeping.end_finished_children()
    child.join(10)
    assert child.exitcode == -signal.SIGKILL
    sweeping.end_finished_children()
    assert not sweeping.children


@pytest.mark.django_db
def test_each_sweep_writes_the_heartbeat(sweeping: Sweeper) -> None:
    assert heartbeat.sweeper_age_seconds() is None
    sweeping.sweep()
    age = heartbeat.sweeper_age_seconds()
    assert age is not None
    assert age < 5
    assert Heartbeat.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_a_lost_connection_is_replaced_in_the_next_sweep(sweeping: Sweeper) -> None:
    sweeping.sweep()
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        (pid,) = cursor.fetchone()

    def end_it() -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_terminate_backend(%s, 5000)", [pid])
        connection.close()

    other = threading.Thread(target=end_it)
    other.start()
    other.join()
    sweeping.try_to_sweep()  # meets the dead connection
    sweeping.sweep()
    assert heartbeat.sweeper_age_seconds() is not None


def wait_for(condition) -> None:  # type: ignore[no-untyped-def]
    from officeflow.local.processes import wait_until

    assert wait_until(condition, 15)
