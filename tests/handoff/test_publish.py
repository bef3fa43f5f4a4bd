"""Nudging a broker that is sick: quickly given up, and nobody hears of it."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import transaction

from officeflow import broker
from officeflow.celery import app
from officeflow.handoff import publisher
from officeflow.handoff.heartbeat import broker_client
from officeflow.handoff.models import Handoff
from officeflow.local.engines import ValkeyEngine
from officeflow.local.processes import wait_until
from tests.handoff.conftest import tell


@pytest.fixture
def another_broker(monkeypatch: pytest.MonkeyPatch, engine_room: Path) -> Iterator[ValkeyEngine]:
    """A broker of the test's own, not started, at which nudges are aimed."""
    engine = ValkeyEngine(engine_room / "valkey", engine_room / "run", {"appendonly": "no"})
    publisher.breaker.reset()
    publisher.forget_connection()
    monkeypatch.setattr(app.conf, "broker_write_url", engine.url)
    yield engine
    publisher.breaker.reset()
    publisher.forget_connection()
    if engine.running:
        engine.kill()


@pytest.mark.django_db(transaction=True)
def test_a_broker_that_is_gone_does_not_reach_the_caller(another_broker: ValkeyEngine) -> None:
    with transaction.atomic():
        tell("SO-000001")
    assert Handoff.objects.count() == 1
    assert publisher.flush()
    assert publisher.breaker.is_open


def test_a_broker_that_hangs_is_given_up_quickly(another_broker: ValkeyEngine) -> None:
    with another_broker:
        assert publisher.nudge("fulfilment")
        another_broker.pause()
        began = time.monotonic()
        assert not publisher.nudge("fulfilment")
        assert time.monotonic() - began < 1.5
        another_broker.resume()


def test_while_the_breaker_is_open_nobody_asks_the_broker(another_broker: ValkeyEngine) -> None:
    assert not publisher.nudge("fulfilment")
    with another_broker:
        assert not publisher.nudge("fulfilment")
        publisher.breaker.reset()  # as when its seconds have passed
        assert publisher.nudge("fulfilment")


def test_the_breaker_closes_by_itself() -> None:
    breaker = publisher.Breaker()
    breaker.trip(60)
    assert breaker.is_open
    breaker.trip(0)
    assert not breaker.is_open


def test_a_broker_that_comes_back_is_used_again(another_broker: ValkeyEngine) -> None:
    with another_broker:
        assert publisher.nudge("fulfilment")
    with another_broker:
        publisher.nudge("fulfilment")  # may find that its connection died
        publisher.breaker.reset()
        assert publisher.nudge("fulfilment")


@pytest.mark.django_db(transaction=True)
def test_nobody_waits_for_a_broker_that_hangs(
    another_broker: ValkeyEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    with another_broker:
        publisher.nudge_soon("fulfilment")
        assert publisher.flush()
        another_broker.pause()
        sent: list[bool] = []
        real = publisher.nudge
        monkeypatch.setattr(publisher, "nudge", lambda *names: sent.append(real(*names)))
        with transaction.atomic():
            tell("SO-000001")
        went_on = list(sent)
        another_broker.resume()
        assert publisher.flush()
        assert (went_on, len(sent)) == ([], 1)  # it was on its way when the desk went on


def test_destinations_that_wait_for_the_courier_leave_together(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    sent: list[tuple[str, ...]] = []
    monkeypatch.setattr(publisher, "nudge", lambda *names: sent.append(names))
    courier = publisher.Courier()
    for names in (("hr", "mail"), ("hr",), ("accounting",)):
        courier.given.put(frozenset(names))
    courier.take(frozenset(["hr"]))
    assert courier.flush()
    courier.end()
    assert sent == [("accounting", "hr", "mail")]


def test_a_forked_child_publishes_over_a_connection_of_its_own() -> None:
    publisher.breaker.reset()
    assert publisher.nudge("fulfilment")
    child = os.fork()
    if child == 0:
        os._exit(0 if getattr(broker._local, "line", None) is None else 1)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    assert broker._local.line is not None
    broker_client().delete("fulfilment")


@pytest.fixture
def queue() -> Iterator[str]:
    """A queue that nobody consumes, empty before and after."""
    publisher.breaker.reset()
    broker_client().delete("fulfilment")
    yield "fulfilment"
    broker_client().delete("fulfilment")


def test_a_message_is_the_one_that_celery_itself_would_send(queue: str) -> None:
    message = broker.Message(task=publisher.APPLY_TASK, args=(queue,), queue=queue)
    assert broker.publish([message])
    app.send_task(message.task, args=list(message.args), queue=queue, ignore_result=True)
    theirs, ours = (json.loads(raw) for raw in broker_client().lrange(queue, 0, -1))
    for envelope in (theirs, ours):
        number = envelope["headers"].pop("id")
        assert envelope["headers"].pop("root_id") == number
        assert envelope["properties"].pop("correlation_id") == number
        assert envelope["properties"].pop("delivery_tag")
        envelope["properties"].pop("reply_to")  # each process's own, for results that none wants
        envelope["properties"]["delivery_info"].pop("exchange")  # ours names the queue alone
    assert ours == theirs


def test_each_message_has_a_number_of_its_own(queue: str) -> None:
    broker_client().delete("hr")
    for _each in range(2):
        assert publisher.nudge(queue, "hr")
    sent = [
        json.loads(raw) for name in (queue, "hr") for raw in broker_client().lrange(name, 0, -1)
    ]
    assert len({envelope["headers"]["id"] for envelope in sent}) == 4
    assert len({envelope["properties"]["delivery_tag"] for envelope in sent}) == 4
    broker_client().delete("hr")


def test_a_queue_in_which_enough_nudges_wait_gets_no_more(queue: str) -> None:
    for _each in range(publisher.MOST_WAITING + 5):
        assert publisher.nudge(queue)
    assert broker_client().llen(queue) == publisher.MOST_WAITING


def test_other_messages_are_never_left_out(queue: str) -> None:
    message = broker.Message(task="somebody.elses", args=("IN-000001",), queue=queue)
    for _each in range(publisher.MOST_WAITING + 5):
        assert broker.publish([message])
    assert broker_client().llen(queue) == publisher.MOST_WAITING + 5


def test_several_destinations_are_nudged_at_once(queue: str) -> None:
    broker_client().delete("hr")
    assert publisher.nudge(queue, "hr")
    assert (broker_client().llen(queue), broker_client().llen("hr")) == (1, 1)
    broker_client().delete("hr")


def test_whoever_nudges_is_told_when_all_have_been_told_often_enough(queue: str) -> None:
    answers = [publisher.nudge(queue) for _each in range(publisher.MOST_WAITING + 1)]
    assert answers == [broker.Sent.LEFT] * publisher.MOST_WAITING + [broker.Sent.NEEDLESS]
    broker_client().delete("hr")
    assert publisher.nudge(queue, "hr") is broker.Sent.LEFT
    broker_client().delete("hr")


Sendings = list[set[str]]


@pytest.fixture
def sendings(monkeypatch: pytest.MonkeyPatch) -> Sendings:
    """What was sent to a broker at which nobody has to be told anything."""
    sent: Sendings = []

    def nudge(*names: str) -> broker.Sent:
        sent.append(set(names))
        return broker.Sent.NEEDLESS

    monkeypatch.setattr(publisher, "nudge", nudge)
    return sent


@pytest.fixture
def courier(monkeypatch: pytest.MonkeyPatch, sendings: Sendings) -> Iterator[publisher.Courier]:
    """A courier that has just told HR to no use, and lets the next nudges gather for long."""
    monkeypatch.setattr(publisher, "GATHER_SECONDS", 60)
    courier = publisher.Courier()
    courier.take(frozenset(["hr"]))
    assert wait_until(lambda: bool(courier.told), 5)
    yield courier
    courier.end()


def test_after_a_needless_nudge_the_next_ones_gather_and_leave_as_one(
    sendings: Sendings, courier: publisher.Courier
) -> None:
    for _each in range(3):
        courier.take(frozenset(["hr"]))
    gathered = list(sendings)
    assert courier.flush()
    assert (gathered, sendings) == ([{"hr"}], [{"hr"}, {"hr"}])


def test_who_was_not_told_is_nudged_at_once_and_the_others_with_them(
    sendings: Sendings, courier: publisher.Courier
) -> None:
    courier.take(frozenset(["hr"]))
    courier.take(frozenset(["hr", "mail"]))
    assert wait_until(lambda: len(sendings) > 1, 5)
    assert sendings == [{"hr"}, {"hr", "mail"}]


def test_what_has_gathered_leaves_by_itself(
    monkeypatch: pytest.MonkeyPatch, sendings: Sendings
) -> None:
    monkeypatch.setattr(publisher, "GATHER_SECONDS", 0.001)
    courier = publisher.Courier()
    for number in range(1, 200):
        courier.take(frozenset(["hr"]))
        assert wait_until(lambda number=number: len(sendings) >= number, 5)  # type: ignore[misc]
    courier.end()
