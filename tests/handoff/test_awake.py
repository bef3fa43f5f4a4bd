"""A worker's process that stays awake for a moment: it is rung instead of sent a message."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import connection

from officeflow import broker
from officeflow.handoff import awake, publisher
from officeflow.handoff.awake import Waking
from officeflow.handoff.heartbeat import broker_client
from officeflow.local.engines import ValkeyEngine
from officeflow.local.processes import wait_until
from tests.handoff.conftest import tell

QUEUES = ["fulfilment", "hr"]


@pytest.fixture(autouse=True)
def _silence() -> Iterator[None]:
    """Nobody is awake and nothing is in the queues, before and after."""

    def clear() -> None:
        publisher.breaker.reset()
        for pattern in (f"{broker.AWAKE}*", f"{broker.BELL}*", *QUEUES):
            for key in broker_client().keys(pattern):
                broker_client().delete(key)

    clear()
    yield
    clear()


class Process(threading.Thread):
    """Stays awake as a worker's process does, and notes what it was to apply."""

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self.applied: list[str] = []

    def run(self) -> None:
        try:
            awake.stay(QUEUES, time.monotonic() + 20, self.applied.append)
        finally:
            connection.close()


@pytest.fixture
def process(monkeypatch: pytest.MonkeyPatch) -> Iterator[Process]:
    """A process that says that it is awake, and stays so until it is told to leave."""
    monkeypatch.setattr(awake, "AWAKE_SECONDS", 20.0)
    monkeypatch.setattr(awake, "HOLDS_SECONDS", 20.0)  # however busy the machine
    one = Process()
    one.start()
    assert wait_until(lambda: bool(broker_client().zcard(f"{broker.AWAKE}hr")), 5)
    yield one
    broker_client().rpush(Waking(QUEUES).bell, awake.LEAVE_WORD)
    one.join(5)


def messages(queue: str) -> int:
    return int(broker_client().llen(queue))


def rings(who: str) -> int:
    return int(broker_client().llen(broker.BELL + who))


@pytest.mark.django_db(transaction=True)
def test_whoever_is_awake_is_rung_instead_of_sent_a_message(process: Process) -> None:
    for number, queue in enumerate(QUEUES, start=1):
        assert publisher.nudge(queue)
        assert wait_until(lambda number=number: len(process.applied) == number, 5)  # type: ignore[misc]
    assert (process.applied, messages("fulfilment"), messages("hr")) == (QUEUES, 0, 0)


@pytest.mark.django_db(transaction=True)
def test_a_message_of_another_kind_is_sent_and_ends_the_waking(process: Process) -> None:
    assert broker.publish([broker.Message(task="another", args=(), queue="hr")])
    process.join(5)
    assert not process.is_alive()
    assert (process.applied, messages("hr")) == ([], 1)


@pytest.mark.django_db(transaction=True)
def test_what_its_worker_was_nudged_for_meanwhile_is_found(process: Process) -> None:
    tell("SO-000001")
    publisher.flush()
    assert wait_until(lambda: "fulfilment" in process.applied, 5)
    process.applied.clear()
    # Nobody has applied it, and nobody rings again.
    assert wait_until(lambda: "fulfilment" in process.applied, 5)


@pytest.mark.django_db
def test_what_was_posted_just_now_is_left_to_whoever_was_nudged() -> None:
    tell("SO-000001")
    assert awake.waiting(QUEUES, missed=60) == []
    assert awake.waiting(QUEUES, missed=0) == ["fulfilment"]


def test_of_two_the_one_with_fewer_rings_is_rung_and_a_message_goes_when_both_are_busy() -> None:
    for who in ("a", "b"):
        Waking(QUEUES, who).say(20)
    assert all(publisher.nudge("hr") for _ in range(3))
    assert sorted([rings("a"), rings("b")]) == [1, 2]
    assert messages("hr") == 1


def test_somebody_busy_is_not_rung_for_ever() -> None:
    Waking(QUEUES, "a").say(20)
    assert all(publisher.nudge("hr") for _ in range(20))
    assert (rings("a"), messages("hr")) == (8, publisher.MOST_WAITING)


def test_whoever_has_not_said_so_lately_is_not_rung() -> None:
    Waking(QUEUES, "a").say(-1)
    assert publisher.nudge("hr")
    assert (rings("a"), messages("hr")) == (0, 1)


def test_nobody_is_rung_for_a_queue_of_other_workers() -> None:
    Waking(["fulfilment"], "a").say(20)
    assert publisher.nudge("hr")
    assert (rings("a"), messages("hr")) == (0, 1)


def test_a_ring_that_comes_as_it_leaves_is_answered() -> None:
    waking = Waking(QUEUES, "a")
    waking.say(20)
    assert publisher.nudge("hr")
    assert waking.leave() == ["hr"]
    assert publisher.nudge("hr")
    assert (rings("a"), messages("hr")) == (0, 1)


@pytest.mark.django_db(transaction=True)
def test_it_goes_to_sleep_when_nothing_has_come_for_a_moment(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(awake, "AWAKE_SECONDS", 0.1)
    one = Process()
    one.start()
    one.join(5)
    assert not one.is_alive()
    assert broker_client().zcard(f"{broker.AWAKE}hr") == 0


@pytest.mark.django_db(transaction=True)
def test_what_it_raises_while_applying_reaches_its_caller_and_it_is_not_rung_any_more() -> None:
    tell("SO-000001")

    def fail(name: str) -> None:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        awake.stay(QUEUES, time.monotonic() + 20, fail)
    assert broker_client().zcard(f"{broker.AWAKE}hr") == 0


def test_a_broker_that_is_gone_lets_it_sleep(
    monkeypatch: pytest.MonkeyPatch, engine_room: Path
) -> None:
    engine = ValkeyEngine(engine_room / "valkey", engine_room / "run")
    monkeypatch.setattr("django.conf.settings.REDIS_URL", engine.url)
    applied: list[str] = []
    awake._client.cache_clear()
    try:
        awake.stay(QUEUES, time.monotonic() + 20, applied.append)
    finally:
        awake._client.cache_clear()
    assert applied == []
