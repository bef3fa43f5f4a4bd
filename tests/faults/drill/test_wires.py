"""Connections that go dead without a word, and replies that get lost on the way."""

from __future__ import annotations

import shutil
import time
from collections.abc import Iterator

import pytest

from tests.faults.drill.office import LEASE, Office
from tests.faults.drill.trial import NOTIFICATION_LOST, WORKER_KILLED, WORKERS_GONE, Trial
from tests.faults.drill.wires import Wires

COMMIT = "COMMIT\0"  # as psycopg2 sends it
PUBLISH = "LPUSH"  # as a notification is sent
WEB_IDLE = 5.0  # WEB_IDLE_SECONDS of the drill's office


@pytest.fixture(scope="module")
def to_redis(open_office: Office) -> Iterator[Wires]:
    open_office.mend()
    with open_office.rewired("valkey") as wires:
        yield wires


@pytest.fixture(scope="module")
def to_postgres(open_office: Office) -> Iterator[Wires]:
    open_office.mend()
    with open_office.rewired("postgres") as wires:
        yield wires


def test_redis_half_open(to_redis: Wires, trial: Trial) -> None:
    """Redis: connections half open"""
    trial.open_counter()
    trial.measure_desk()
    began = time.time()
    for _ in range(2):
        trial.fired(to_redis.freeze("valkey"), "connections dead without a word")
        trial.until_asked(trial.acknowledged() + 15)
    trial.heal()
    to_redis.thaw("valkey")
    trial.drain()
    trial.judge(bound=WORKERS_GONE, desk=(began, time.time()))


def test_redis_reply_lost(to_redis: Wires, trial: Trial) -> None:
    """Redis: the reply to a notification lost on the way"""
    trial.open_counter()
    trial.measure_desk()
    began = time.time()
    to_redis.lose_replies("valkey", PUBLISH, 8)
    trial.during(6, lambda: None, every=0.5)
    trial.fired(to_redis.lost("valkey"), "replies lost")
    trial.heal()
    trial.drain()
    trial.judge(bound=NOTIFICATION_LOST, desk=(began, time.time()))


def test_reply_to_commit_lost(to_postgres: Wires, trial: Trial) -> None:
    """PostgreSQL: the reply to COMMIT cut off, for the desk and the workers"""
    trial.open_counter()
    trial.until_asked(5)
    for _ in range(8):
        to_postgres.lose_replies("postgres", COMMIT, 2)
        trial.until_asked(trial.acknowledged() + 3)
        trial.fired(to_postgres.lost("postgres"), "replies lost")
    trial.heal()
    trial.judge(bound=WORKER_KILLED)


def test_reply_to_commit_lost_in_a_crash(to_postgres: Wires, trial: Trial) -> None:
    """PostgreSQL restarted in immediate mode with the reply to COMMIT cut off"""
    office = trial.office
    trial.open_counter()
    for _ in range(2):
        trial.until_asked(trial.acknowledged() + 5)
        to_postgres.lose_replies("postgres", COMMIT, 1)
        office.until(lambda: to_postgres.tell("postgres", "count") > 0, "a reply is lost")
        office.crash_postgres()
        trial.fired(to_postgres.lost("postgres"), "replies lost")
    trial.heal()
    trial.judge(bound=WORKER_KILLED)


def test_postgres_half_open(to_postgres: Wires, trial: Trial) -> None:
    """PostgreSQL: connections half open"""
    trial.open_counter()
    trial.until_asked(10)
    trial.fired(to_postgres.freeze("postgres"), "connections dead without a word")
    time.sleep(4)
    trial.heal()
    to_postgres.thaw("postgres")
    trial.until_asked(trial.acknowledged() + 10)
    trial.judge(bound=max(WORKER_KILLED, WEB_IDLE) + LEASE)


@pytest.mark.skipif(shutil.which("pgbouncer") is None, reason="PgBouncer is not installed here")
def test_pgbouncer(trial: Trial) -> None:
    """PgBouncer in transaction mode between all and PostgreSQL"""
    with trial.office.pooled():
        trial.open_counter()
        trial.until_asked(30)
        trial.office.kill("worker")
        trial.office.start_part("worker")
        trial.until_asked(40)
        trial.fired(1, "times the workers killed")
        trial.heal()
        trial.drain()
    trial.judge(bound=WORKERS_GONE + WORKER_KILLED)
