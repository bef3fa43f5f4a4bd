"""PostgreSQL restarted under a running office: no process keeps a dead connection."""

from __future__ import annotations

import signal

import pytest

from tests.faults.house import House

pytestmark = pytest.mark.faults


def test_a_restart_of_postgresql_leaves_no_process_with_a_dead_connection(house: House) -> None:
    house.start_web()
    house.until(lambda: house.get("/readyz")[0] == 200, "the web is ready")
    house.place()
    house.until_settled()
    stumbles = house.stumbles("web", "worker", "sweeper")
    before = {name: house.processes_of(name) for name in ("web", "worker")}
    assert house.tell("connections")["count"] >= 3

    house.postgres.stop()
    assert house.get("/readyz")[0] == 503
    house.postgres.start()
    house.postgres.wait_ready()

    assert [house.get("/sign-in/")[0] for _ in range(12)] == [200] * 12
    house.until(lambda: house.get("/readyz")[0] == 200, "the web is ready again")
    house.signal("sweeper", signal.SIGSTOP)
    try:
        house.place()
        house.until_settled().assert_whole(dead=house.dead)  # by the worker alone
    finally:
        house.signal("sweeper", signal.SIGCONT)
    house.signal("worker", signal.SIGSTOP)
    try:
        house.place()
        house.until_settled().assert_whole(dead=house.dead)  # by the sweeper alone
    finally:
        house.signal("worker", signal.SIGCONT)
    assert {name: house.processes_of(name) for name in before} == before
    assert house.stumbles(*stumbles) == stumbles
    house.kill("web")
