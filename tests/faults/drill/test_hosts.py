"""Several machines: one is cut off from the others in the middle of something, and healed.

    DRILL_HOSTS=relays make faults ARGS='-k cut_off'

does without network namespaces, as where the kernel makes none.
"""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Iterator

import pytest

from officeflow.local.pytest_plugin import TemporaryFolder
from tests.faults.drill.hosts import Hosts, Namespaces, Relayed
from tests.faults.drill.machines import HOST_OF, Machines
from tests.faults.drill.office import LEASE
from tests.faults.drill.trial import BUSY, NOTIFICATION_LOST, WORKER_KILLED, Trial
from tests.faults.failing.apps import TAKES_LONG

# Seconds. A short cut is over before anybody's TCP has given up: what was on its way comes late.
# A long one is not: whoever was cut off has given its connections up.
SHORT, LONG = 6.0, 20.0
# How soon somebody who was cut off for long is at work again. A worker looks at its connection to
# the broker every 5 s, and gives up one that said nothing for 6 s more.
BACK_AT_WORK = 20.0
IS_APPLIED = "SELECT state = 'applied' FROM handoff_handoff WHERE id = %s"
FATE = "SELECT attempts, delivered_at, state FROM handoff_handoff WHERE id = %s"


@pytest.fixture(scope="module")
def open_machines() -> Iterator[Machines]:
    names = list(HOST_OF.values())
    why = os.environ.get("DRILL_HOSTS") or Namespaces.impossible()
    hosts: Hosts = Relayed(names) if why else Namespaces(names)
    folder = TemporaryFolder()
    machines = Machines(folder.path, hosts)
    try:
        machines.open()
        yield machines
    finally:
        machines.close()
        folder.delete()


@pytest.fixture
def office(open_machines: Machines) -> Machines:
    """In place of the one machine that other cases have."""
    open_machines.mend()
    return open_machines


@pytest.mark.parametrize(("how_long", "seconds"), [("shortly", SHORT), ("for long", LONG)])
def test_worker_cut_off(trial: Trial, office: Machines, how_long: str, seconds: float) -> None:
    """A worker's host cut off {how_long} in the middle of an apply, and healed"""
    trial.note(office.hosts.kind)
    trial.open_counter(failures={TAKES_LONG: 0.4})
    handoff = office.slow_in("worker2")
    began = time.monotonic()
    office.cut("yard")
    trial.fired(1, "hosts cut off")
    office.mended_file.touch()  # nobody else is slow
    promised = WORKER_KILLED + BUSY
    taken_over = office.seconds_until(IS_APPLIED, handoff, patience=promised)
    problems = []
    if taken_over is None:
        problems.append(f"hand-off {handoff} was not taken over in {promised:.1f} s")
    else:
        trial.note(f"taken over after {taken_over:.1f} s with a lease of {LEASE:g} s")
    fate = office.sql(FATE, handoff)
    time.sleep(max(0.0, seconds - (time.monotonic() - began)))
    if seconds == LONG and office.hosts.open_connections("yard"):
        problems.append("the worker still waits for an answer from machines that are gone")
    office.heal("yard")
    trial.heal()
    time.sleep(2)  # whatever was on its way arrives
    if office.sql(FATE, handoff) != fate:
        problems.append(f"hand-off {handoff} was {fate} and is {office.sql(FATE, handoff)}")
    refused = {status for status in trial.history.statuses(0) if status not in (200, 201, 409)}
    if refused:
        problems.append(f"the counter, which was not cut off, answered {refused}")
    trial.drain()
    problems += worker_is_back(trial, office, "worker2")
    trial.judge(bound=WORKER_KILLED, problems=problems)


def worker_is_back(trial: Trial, office: Machines, part: str) -> list[str]:
    """Whether a worker applies again by itself, while nobody else does."""
    others = office.stop_all_but(part)
    try:
        trial.open_counter(rate=4, clients=2)
        trial.until_asked(trial.acknowledged() + 3)
        trial.close_counter()
        nothing_waits = "SELECT NOT EXISTS (SELECT FROM handoff_handoff WHERE state = 'waiting')"
        back = office.seconds_until(nothing_waits, patience=BACK_AT_WORK)
    finally:
        for name in others:
            office.signal(name, signal.SIGCONT)
    trial.heal()  # what waited just now waited for the test
    if back is None:
        return [f"{part} was not at work again {BACK_AT_WORK:.0f} s after it could be"]
    trial.note(f"at work again after {back:.1f} s")
    return []


def test_sweeper_cut_off(trial: Trial, office: Machines) -> None:
    """The sweeper's host cut off and healed, notifications lost meanwhile"""
    trial.note(office.hosts.kind)
    trial.open_counter()
    trial.until_asked(5)
    office.cut("porch")
    trial.fired(1, "hosts cut off")
    time.sleep(1)
    lost = 0
    for _ in range(8):
        lost += office.queued()
        office.broker().flushall()
        trial.until_asked(trial.acknowledged() + 3)
    trial.close_counter()
    trial.note(f"{lost} notifications lost")
    office.heal("porch")
    trial.heal()
    trial.judge(bound=NOTIFICATION_LOST + BACK_AT_WORK)


def test_counter_cut_off(trial: Trial, office: Machines) -> None:
    """The web's host cut off from the engines and healed, clients retrying"""
    trial.note(office.hosts.kind)
    trial.open_counter()
    trial.until_asked(10)
    office.cut("counter")
    trial.fired(1, "hosts cut off")
    time.sleep(SHORT)
    office.heal("counter")
    trial.heal()
    back = trial.acknowledged() + 5
    trial.until_asked(back, patience=30)
    problems = [] if trial.acknowledged() >= back else ["the counter answered nobody for 30 s"]
    trial.judge(bound=WORKER_KILLED, problems=problems)
