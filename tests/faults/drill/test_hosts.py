"""Several hosts: one is cut off from the others and reconnected.

    DRILL_HOSTS=relays make faults ARGS='-k cut_off'

uses relays instead of network namespaces, as on a kernel without these.
"""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Iterator

import pytest

from officeflow.local.pytest_plugin import TemporaryFolder
from tests.faults.drill.case import BUSY, NOTIFICATION_LOST, WORKER_KILLED, Case
from tests.faults.drill.hosts import Hosts, NamespaceHosts, RelayedHosts
from tests.faults.drill.multi_host_office import HOST_OF, MultiHostOffice
from tests.faults.drill.office import LEASE
from tests.faults.failing.apps import TAKES_LONG

# Seconds. After a short cut TCP connections still work and delayed packets arrive; after a long one
# the host has closed its connections.
SHORT, LONG = 6.0, 20.0
# Seconds until a host works again. A worker checks its connection to the broker every 5 s and
# closes it after 6 s without an answer.
BACK_AT_WORK = 20.0
IS_APPLIED = "SELECT state = 'applied' FROM handoff_handoff WHERE id = %s"
HANDOFF_STATE = "SELECT attempts, delivered_at, state FROM handoff_handoff WHERE id = %s"


@pytest.fixture(scope="module")
def multi_host_office() -> Iterator[MultiHostOffice]:
    names = list(HOST_OF.values())
    why = os.environ.get("DRILL_HOSTS") or NamespaceHosts.unavailable_reason()
    hosts: Hosts = RelayedHosts(names) if why else NamespaceHosts(names)
    folder = TemporaryFolder()
    multi_host = MultiHostOffice(folder.path, hosts)
    try:
        multi_host.open()
        yield multi_host
    finally:
        multi_host.close()
        folder.delete()


@pytest.fixture
def office(multi_host_office: MultiHostOffice) -> MultiHostOffice:
    """The office on several hosts, in place of the one that other cases use."""
    multi_host_office.repair()
    return multi_host_office


@pytest.mark.parametrize(("how_long", "seconds"), [("shortly", SHORT), ("for long", LONG)])
def test_worker_cut_off(case: Case, office: MultiHostOffice, how_long: str, seconds: float) -> None:
    """A worker's host cut off {how_long} in the middle of an apply, then reconnected"""
    case.note(office.hosts.kind)
    case.start_load(failures={TAKES_LONG: 0.4})
    handoff = office.wait_for_slow_handoff("worker2")
    began = time.monotonic()
    office.cut("worker2_host")
    case.fired(1, "hosts cut off")
    office.repaired_file.touch()  # no other hand-off is slow
    promised = WORKER_KILLED + BUSY
    taken_over = office.seconds_until(IS_APPLIED, handoff, timeout=promised)
    problems = []
    if taken_over is None:
        problems.append(f"hand-off {handoff} was not taken over within {promised:.1f} s")
    else:
        case.note(f"taken over after {taken_over:.1f} s with a lease of {LEASE:g} s")
    before = office.sql(HANDOFF_STATE, handoff)
    time.sleep(max(0.0, seconds - (time.monotonic() - began)))
    if seconds == LONG and office.hosts.open_connections("worker2_host"):
        problems.append("the worker still has connections to hosts that are unreachable")
    office.heal("worker2_host")
    case.heal()
    time.sleep(2)  # delayed packets arrive
    if office.sql(HANDOFF_STATE, handoff) != before:
        problems.append(
            f"hand-off {handoff} was {before} and is {office.sql(HANDOFF_STATE, handoff)}"
        )
    refused = {status for status in case.history.statuses(0) if status not in (200, 201, 409)}
    if refused:
        problems.append(f"the web, which was not cut off, answered {refused}")
    case.drain()
    problems += worker_is_back(case, office, "worker2")
    case.check(bound=WORKER_KILLED, problems=problems)


def worker_is_back(case: Case, office: MultiHostOffice, part: str) -> list[str]:
    """Returns a violation when the worker does not apply again while no other part does."""
    others = office.pause_others(part)
    try:
        case.start_load(rate=4, clients=2)
        case.wait_for_acknowledged(case.acknowledged() + 3)
        case.stop_load()
        nothing_waits = "SELECT NOT EXISTS (SELECT FROM handoff_handoff WHERE state = 'waiting')"
        back = office.seconds_until(nothing_waits, timeout=BACK_AT_WORK)
    finally:
        for name in others:
            office.signal(name, signal.SIGCONT)
    case.heal()  # the waits until now were part of the test
    if back is None:
        return [f"{part} did not apply for {BACK_AT_WORK:.0f} s after the reconnection"]
    case.note(f"applies again after {back:.1f} s")
    return []


def test_sweeper_cut_off(case: Case, office: MultiHostOffice) -> None:
    """The sweeper's host cut off, then reconnected, notifications lost meanwhile"""
    case.note(office.hosts.kind)
    case.start_load()
    case.wait_for_acknowledged(5)
    office.cut("sweeper_host")
    case.fired(1, "hosts cut off")
    time.sleep(1)
    lost = 0
    for _ in range(8):
        lost += office.queued()
        office.broker().flushall()
        case.wait_for_acknowledged(case.acknowledged() + 3)
    case.stop_load()
    case.note(f"{lost} notifications lost")
    office.heal("sweeper_host")
    case.heal()
    case.check(bound=NOTIFICATION_LOST + BACK_AT_WORK)


def test_counter_cut_off(case: Case, office: MultiHostOffice) -> None:
    """The web's host cut off from the engines, then reconnected, clients retrying"""
    case.note(office.hosts.kind)
    case.start_load()
    case.wait_for_acknowledged(10)
    office.cut("web_host")
    case.fired(1, "hosts cut off")
    time.sleep(SHORT)
    office.heal("web_host")
    case.heal()
    back = case.acknowledged() + 5
    case.wait_for_acknowledged(back, timeout=30)
    problems = [] if case.acknowledged() >= back else ["the web did not answer for 30 s"]
    case.check(bound=WORKER_KILLED, problems=problems)
