"""Connections that break silently, and replies that are lost."""

from __future__ import annotations

import shutil
import time
from collections.abc import Iterator

import pytest

from tests.faults.drill.case import NOTIFICATION_LOST, WORKER_KILLED, WORKERS_GONE, Case
from tests.faults.drill.office import LEASE, Office
from tests.faults.drill.relays import Relays

COMMIT = "COMMIT\0"  # as psycopg2 sends it
PUBLISH = "LPUSH"  # as a notification is sent
WEB_IDLE = 5.0  # WEB_IDLE_SECONDS of the drill's office


@pytest.fixture(scope="module")
def to_redis(running_office: Office) -> Iterator[Relays]:
    running_office.repair()
    with running_office.through_relay("valkey") as relays:
        yield relays


@pytest.fixture(scope="module")
def to_postgres(running_office: Office) -> Iterator[Relays]:
    running_office.repair()
    with running_office.through_relay("postgres") as relays:
        yield relays


def test_redis_half_open(to_redis: Relays, case: Case) -> None:
    """Redis: connections half open"""
    case.start_load()
    case.measure_baseline()
    began = time.time()
    for _ in range(2):
        case.fired(to_redis.freeze("valkey"), "connections frozen")
        case.wait_for_acknowledged(case.acknowledged() + 15)
    case.heal()
    to_redis.thaw("valkey")
    case.drain()
    case.check(bound=WORKERS_GONE, desk=(began, time.time()))


def test_redis_reply_lost(to_redis: Relays, case: Case) -> None:
    """Redis: the reply to a notification lost on the way"""
    case.start_load()
    case.measure_baseline()
    began = time.time()
    to_redis.lose_replies("valkey", PUBLISH, 8)
    case.during(6, lambda: None, every=0.5)
    case.fired(to_redis.lost("valkey"), "replies lost")
    case.heal()
    case.drain()
    case.check(bound=NOTIFICATION_LOST, desk=(began, time.time()))


def test_reply_to_commit_lost(to_postgres: Relays, case: Case) -> None:
    """PostgreSQL: the reply to COMMIT cut off, for the desk and the workers"""
    case.start_load()
    case.wait_for_acknowledged(5)
    for _ in range(8):
        to_postgres.lose_replies("postgres", COMMIT, 2)
        case.wait_for_acknowledged(case.acknowledged() + 3)
        case.fired(to_postgres.lost("postgres"), "replies lost")
    case.heal()
    case.check(bound=WORKER_KILLED)


def test_reply_to_commit_lost_in_a_crash(to_postgres: Relays, case: Case) -> None:
    """PostgreSQL restarted in immediate mode with the reply to COMMIT cut off"""
    office = case.office
    case.start_load()
    for _ in range(2):
        case.wait_for_acknowledged(case.acknowledged() + 5)
        to_postgres.lose_replies("postgres", COMMIT, 1)
        office.until(lambda: to_postgres.tell("postgres", "count") > 0, "a reply is lost")
        office.crash_postgres()
        case.fired(to_postgres.lost("postgres"), "replies lost")
    case.heal()
    case.check(bound=WORKER_KILLED)


def test_postgres_half_open(to_postgres: Relays, case: Case) -> None:
    """PostgreSQL: connections half open"""
    case.start_load()
    case.wait_for_acknowledged(10)
    case.fired(to_postgres.freeze("postgres"), "connections frozen")
    time.sleep(4)
    case.heal()
    to_postgres.thaw("postgres")
    case.wait_for_acknowledged(case.acknowledged() + 10)
    case.check(bound=max(WORKER_KILLED, WEB_IDLE) + LEASE)


@pytest.mark.skipif(shutil.which("pgbouncer") is None, reason="PgBouncer is not installed here")
def test_pgbouncer(case: Case) -> None:
    """PgBouncer in transaction mode between all and PostgreSQL"""
    with case.office.through_pgbouncer():
        case.start_load()
        case.wait_for_acknowledged(30)
        case.office.kill("worker")
        case.office.start_part("worker")
        case.wait_for_acknowledged(40)
        case.fired(1, "times the workers killed")
        case.heal()
        case.drain()
    case.check(bound=WORKERS_GONE + WORKER_KILLED)
