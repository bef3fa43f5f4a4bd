"""Notifications while the broker is gone or hangs: short time limits, no errors."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import transaction

from officeflow import broker
from officeflow.broker import Breaker, breaker
from officeflow.celery import app
from officeflow.handoff import notifier
from officeflow.handoff.models import Handoff
from officeflow.handoff.monitoring.heartbeat import broker_client
from officeflow.handoff.notifier import QUEUE_LENGTH, Notifier, Sent, notify, queue_of
from officeflow.local.engines import ValkeyEngine
from officeflow.local.processes import wait_until
from tests.handoff.conftest import clear_notifications, post_handed_over


@pytest.fixture
def another_broker(monkeypatch: pytest.MonkeyPatch, engine_folder: Path) -> Iterator[ValkeyEngine]:
    """A broker of the test's own, not started, which notifications are sent to."""
    engine = ValkeyEngine(engine_folder / "valkey", engine_folder / "run", {"appendonly": "no"})
    breaker.reset()
    notifier.forget_connection()
    monkeypatch.setattr(app.conf, "broker_write_url", engine.url)
    yield engine
    breaker.reset()
    notifier.forget_connection()
    if engine.running:
        engine.kill()


@pytest.fixture
def queues() -> Iterator[None]:
    """Empties the queues before and after."""
    breaker.reset()
    clear_notifications()
    yield
    clear_notifications()


def waiting(destination: str) -> int:
    return int(broker_client().llen(queue_of(destination)))


@pytest.mark.django_db(transaction=True)
def test_a_missing_broker_raises_nothing(another_broker: ValkeyEngine) -> None:
    with transaction.atomic():
        post_handed_over("SO-000001")
    assert Handoff.objects.count() == 1
    assert notifier.flush()
    assert breaker.is_open


def test_publishing_to_a_hanging_broker_times_out_quickly(another_broker: ValkeyEngine) -> None:
    with another_broker:
        assert notify("fulfilment")
        another_broker.pause()
        began = time.monotonic()
        assert not notify("fulfilment")
        assert time.monotonic() - began < 1.5
        another_broker.resume()


def test_nothing_is_published_while_the_breaker_is_open(another_broker: ValkeyEngine) -> None:
    assert not notify("fulfilment")
    with another_broker:
        assert not notify("fulfilment")
        breaker.reset()  # as when its seconds have passed
        assert notify("fulfilment")


def test_the_breaker_closes_by_itself() -> None:
    one = Breaker()
    one.trip(60)
    assert one.is_open
    one.trip(0)
    assert not one.is_open


def test_a_broker_that_comes_back_is_used_again(another_broker: ValkeyEngine) -> None:
    with another_broker:
        assert notify("fulfilment")
    with another_broker:
        notify("fulfilment")  # may find that its connection died
        breaker.reset()
        assert notify("fulfilment")


@pytest.mark.django_db(transaction=True)
def test_a_hanging_broker_does_not_delay_the_caller(another_broker: ValkeyEngine) -> None:
    with another_broker:
        notifier.notify_soon("fulfilment")
        assert notifier.flush()
        another_broker.pause()
        with transaction.atomic():
            post_handed_over("SO-000001")
        assert not breaker.is_open  # the notification is still on its way, and we went on
        another_broker.resume()
        assert notifier.flush()


def test_waiting_destinations_are_published_together(monkeypatch: pytest.MonkeyPatch) -> None:
    sent: list[tuple[str, ...]] = []

    def note(*names: str, skip_full: bool) -> Sent:
        sent.append(names)
        return Sent.SENT

    monkeypatch.setattr(notifier, "notify", note)
    one = Notifier()
    for names in (("hr", "mail"), ("hr",), ("accounting",)):
        one.waiting.put(frozenset(names))
    one.add(frozenset(["hr"]))
    assert one.flush()
    one.end()
    assert sent == [("accounting", "hr", "mail")]


def test_after_full_queues_notifications_are_collected_and_published_together(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    sent: list[tuple[str, ...]] = []

    def note(*names: str, skip_full: bool) -> Sent:
        sent.append(names)
        return Sent.FULL

    monkeypatch.setattr(notifier, "notify", note)
    monkeypatch.setattr(notifier, "GATHER_SECONDS", 0.5)
    one = Notifier()
    one.add(frozenset(["hr"]))
    assert wait_until(lambda: len(sent) == 1, 5)
    for names in (("hr",), ("mail",), ("hr",)):
        one.add(frozenset(names))
    assert one.flush(5)
    one.end()
    assert sent == [("hr",), ("hr", "mail")]


def test_a_forked_child_publishes_over_a_connection_of_its_own(queues: None) -> None:
    assert notify("fulfilment")
    child = os.fork()
    if child == 0:
        os._exit(0 if notify("fulfilment") else 1)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    assert notify("fulfilment")
    assert waiting("fulfilment") == 3


def test_a_queue_keeps_its_newest_notifications(queues: None) -> None:
    sent = [notify("fulfilment") for _each in range(QUEUE_LENGTH + 2)]
    assert sent == [Sent.SENT] * QUEUE_LENGTH + [Sent.FULL] * 2
    assert notify("fulfilment", "hr") is Sent.SENT
    assert (waiting("fulfilment"), waiting("hr")) == (QUEUE_LENGTH, 1)
    assert notify("fulfilment", skip_full=True) is Sent.FULL
    assert notify("fulfilment", "hr", skip_full=True) is Sent.SENT
    assert (waiting("fulfilment"), waiting("hr")) == (QUEUE_LENGTH, 2)


def test_tasks_are_never_dropped(queues: None) -> None:
    for _each in range(QUEUE_LENGTH + 5):
        assert broker.send_task("somebody.elses", "IN-000001", queue="hr")
    assert broker_client().llen("hr") == QUEUE_LENGTH + 5
    broker_client().delete("hr")
