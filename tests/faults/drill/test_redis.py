"""Redis is faulty and nothing else: the desk must not notice, and nothing may depend on it."""

from __future__ import annotations

import signal
import time

from tests.faults.drill.trial import NOTIFICATION_LOST, Trial

HANGS_SECONDS = 10.0


def test_redis_flushed(trial: Trial) -> None:
    """Redis: FLUSHALL with full queues"""
    office = trial.office
    trial.open_counter()
    trial.measure_desk()
    for part in ("worker", "sweeper"):
        office.signal(part, signal.SIGSTOP)
    began = time.time()
    trial.until_asked(trial.acknowledged() + 25)
    trial.fired(office.queued(), "notifications thrown away")
    office.broker().flushall()
    for part in ("worker", "sweeper"):
        office.signal(part, signal.SIGCONT)
    trial.heal()
    trial.until_asked(trial.acknowledged() + 10)
    trial.drain()
    trial.judge(bound=NOTIFICATION_LOST, desk=(began, time.time()))


def test_redis_restarted(trial: Trial) -> None:
    """Redis killed and restarted empty"""
    office = trial.office
    trial.open_counter()
    trial.measure_desk()
    began = time.time()
    for _ in range(2):
        office.valkey.kill()
        trial.during(2, office.start_what_ended, every=0.2)
        office.crash_valkey()
        trial.fired(1, "times killed")
        trial.until_asked(trial.acknowledged() + 8)
    trial.heal()
    trial.drain()
    trial.judge(bound=NOTIFICATION_LOST, desk=(began, time.time()))


def test_redis_hangs(trial: Trial) -> None:
    """Redis hangs (SIGSTOP) for 10 s"""
    office = trial.office
    trial.open_counter(rate=12, most=160)
    trial.measure_desk()
    began = time.time()
    before = office.said("web", "publish.failed")
    office.valkey.pause()
    time.sleep(HANGS_SECONDS)
    office.valkey.resume()
    trial.heal()
    trial.drain()
    trial.fired(office.said("web", "publish.failed") - before, "notifications failed")
    trial.judge(bound=NOTIFICATION_LOST, desk=(began, time.time()))


def test_redis_full(trial: Trial) -> None:
    """Redis out of memory"""
    office = trial.office
    trial.open_counter()
    trial.measure_desk()
    began = time.time()
    before = office.said("web", "publish.failed")
    office.broker().config_set("maxmemory", "1")
    time.sleep(6)
    office.broker().config_set("maxmemory", "0")
    trial.heal()
    trial.drain()
    trial.fired(office.said("web", "publish.failed") - before, "notifications failed")
    trial.judge(bound=NOTIFICATION_LOST, desk=(began, time.time()))
