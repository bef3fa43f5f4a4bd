"""Only Redis is faulty: the web works as usual, and no hand-off is lost."""

from __future__ import annotations

import signal
import time

from tests.faults.drill.case import NOTIFICATION_LOST, Case

HANGS_SECONDS = 10.0


def test_redis_flushed(case: Case) -> None:
    """Redis: FLUSHALL with full queues"""
    office = case.office
    case.start_load()
    case.measure_baseline()
    for part in ("worker", "sweeper"):
        office.signal(part, signal.SIGSTOP)
    began = time.time()
    case.wait_for_acknowledged(case.acknowledged() + 25)
    case.fired(office.queued(), "notifications deleted")
    office.broker().flushall()
    for part in ("worker", "sweeper"):
        office.signal(part, signal.SIGCONT)
    case.heal()
    case.wait_for_acknowledged(case.acknowledged() + 10)
    case.drain()
    case.check(bound=NOTIFICATION_LOST, desk=(began, time.time()))


def test_redis_restarted(case: Case) -> None:
    """Redis killed and restarted empty"""
    office = case.office
    case.start_load()
    case.measure_baseline()
    began = time.time()
    for _ in range(2):
        office.valkey.kill()
        case.during(2, office.start_what_ended, every=0.2)
        office.crash_valkey()
        case.fired(1, "times killed")
        case.wait_for_acknowledged(case.acknowledged() + 8)
    case.heal()
    case.drain()
    case.check(bound=NOTIFICATION_LOST, desk=(began, time.time()))


def test_redis_hangs(case: Case) -> None:
    """Redis hangs (SIGSTOP) for 10 s"""
    office = case.office
    case.start_load(rate=12, max_operations=160)
    case.measure_baseline()
    began = time.time()
    before = office.count_in_log("web", "publish.failed")
    office.valkey.pause()
    time.sleep(HANGS_SECONDS)
    office.valkey.resume()
    case.heal()
    case.drain()
    case.fired(office.count_in_log("web", "publish.failed") - before, "notifications failed")
    case.check(bound=NOTIFICATION_LOST, desk=(began, time.time()))


def test_redis_full(case: Case) -> None:
    """Redis out of memory"""
    office = case.office
    case.start_load()
    case.measure_baseline()
    began = time.time()
    before = office.count_in_log("web", "publish.failed")
    office.broker().config_set("maxmemory", "1")
    time.sleep(6)
    office.broker().config_set("maxmemory", "0")
    case.heal()
    case.drain()
    case.fired(office.count_in_log("web", "publish.failed") - before, "notifications failed")
    case.check(bound=NOTIFICATION_LOST, desk=(began, time.time()))
