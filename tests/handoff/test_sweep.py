"""The sweeper: what is due, a few nudges each, and a child when nudges do not help."""

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

from officeflow.celery import app
from officeflow.handoff import heartbeat, publisher, relay, sweeper
from officeflow.handoff.heartbeat import broker_client
from officeflow.handoff.models import Destination, Handoff, HandoffState, Heartbeat
from officeflow.handoff.sweeper import NUDGES_A_ROUND, Sweeper, look
from tests.handoff.conftest import Ear, tell


@pytest.fixture
def sweeping() -> Iterator[Sweeper]:
    publisher.breaker.reset()
    broker_client().delete(*Destination.values)
    one = Sweeper()
    yield one
    one.end_children()
    broker_client().delete(*Destination.values)


def let_wait(seconds: float) -> None:
    """Everything has been due for so long."""
    Handoff.objects.filter(state=HandoffState.WAITING).update(
        due_at=Now() - timedelta(seconds=seconds)
    )


@pytest.mark.django_db
def test_fresh_leased_and_applied_ones_are_not_due(ear: Ear) -> None:
    tell("SO-000001")
    assert look() == []
    relay.claim_next("fulfilment")
    assert look() == []
    let_wait(3)
    (overdue,) = look()
    assert (overdue.destination, overdue.count) == ("fulfilment", 1)
    assert overdue.seconds == pytest.approx(3, abs=1)
    relay.drain()
    assert look() == []


@pytest.mark.django_db
def test_what_stands_behind_another_is_not_due(ear: Ear) -> None:
    tell("first", subject="SO-000001")
    tell("second", subject="SO-000001")
    let_wait(3)
    assert look()[0].count == 1


@pytest.mark.django_db
def test_many_rows_make_few_nudges(ear: Ear, sweeping: Sweeper) -> None:
    for number in range(20):
        tell(f"SO-{number:06}", Destination.FULFILMENT, Destination.HR)
    let_wait(1)
    sweeping.sweep()
    assert broker_client().llen("fulfilment") == NUDGES_A_ROUND
    assert broker_client().llen("hr") == NUDGES_A_ROUND
    assert broker_client().llen("accounting") == 0
    assert not sweeping.children


@pytest.mark.django_db(transaction=True)
def test_when_nudges_do_not_help_a_child_applies(ear: Ear, sweeping: Sweeper, settings) -> None:
    tell("SO-000001")
    let_wait(settings.HANDOFF_FALLBACK_SECONDS + 1)
    sweeping.sweep()
    child = sweeping.children["fulfilment"].process
    assert child.pid != os.getpid()
    sweeping.sweep()
    assert sweeping.children["fulfilment"].process is child  # one child a destination
    wait_for(lambda: Handoff.objects.get().state == HandoffState.APPLIED)


@pytest.mark.django_db(transaction=True)
def test_when_nudges_cannot_be_sent_a_child_applies_at_once(
    ear: Ear, sweeping: Sweeper, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    publisher.forget_connection()
    monkeypatch.setattr(app.conf, "broker_write_url", f"redis+socket://{tmp_path}/no.sock")
    tell("SO-000001")
    let_wait(0)
    sweeping.sweep()
    assert "fulfilment" in sweeping.children
    # As it does every second: a child that was out of luck is followed by another.
    wait_for(lambda: sweeping.sweep() or Handoff.objects.get().state == HandoffState.APPLIED)
    publisher.forget_connection()
    publisher.breaker.reset()


@pytest.mark.django_db(transaction=True)
def test_a_child_that_hangs_is_ended(
    ear: Ear, sweeping: Sweeper, monkeypatch: pytest.MonkeyPatch, settings
) -> None:
    monkeypatch.setattr(sweeper, "CHILD_SECONDS", -2 * settings.HANDOFF_LEASE_SECONDS)
    ear.trouble = lambda handoff: threading.Event().wait()  # type: ignore[assignment,return-value]
    monkeypatch.setattr(sweeper, "_child", lambda *_: signal.pause())
    sweeping.apply_in_child("fulfilment")
    child = sweeping.children["fulfilment"].process
    sweeping.reap()
    child.join(10)
    assert child.exitcode == -signal.SIGKILL
    sweeping.reap()
    assert not sweeping.children


@pytest.mark.django_db
def test_each_round_says_that_the_sweeper_lives(sweeping: Sweeper) -> None:
    assert heartbeat.sweeper_age_seconds() is None
    sweeping.sweep()
    age = heartbeat.sweeper_age_seconds()
    assert age is not None
    assert age < 5
    assert Heartbeat.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_a_lost_connection_is_replaced_in_the_next_round(sweeping: Sweeper) -> None:
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
    sweeping.sweep_or_wait()  # meets the dead connection
    sweeping.sweep()
    assert heartbeat.sweeper_age_seconds() is not None


def wait_for(condition) -> None:  # type: ignore[no-untyped-def]
    from officeflow.local.processes import wait_until

    assert wait_until(condition, 15)
