"""What the corridor survives. In one file, so that one office serves all of it."""

from __future__ import annotations

import signal

import pytest

from tests.faults.house import ATTEMPTS, UNCOUNTED_KILLS, House
from tests.faults.trouble.apps import HANGS, KILLS, RAISES

pytestmark = pytest.mark.faults

BACK = ("fulfilment", "accounting", "hr")

# --- workers that die, and hand-offs that make them -------------------------------------------


@pytest.mark.parametrize(
    ("point", "attempts"), [("after_claim", 2), ("before_commit", 2), ("after_commit", 1)]
)
def test_a_killed_worker_loses_and_doubles_nothing(house: House, point: str, attempts: int) -> None:
    house.arm(point)
    orders = [house.place() for _ in range(4)]
    house.tell("pay", number=orders[0])
    house.tell("cancel", number=orders[1])
    for category in ("conduct", "goods", "service"):
        house.tell("complain", category=category)
    house.until(lambda: bool(house.fired(point)), f"a process dies {point}")
    house.kill("worker")  # the rest of it too, before it can acknowledge anything
    house.start_worker()
    report = house.until_settled()
    report.assert_whole(dead=house.dead)
    assert len(report.complaints) >= 3
    (victim,) = house.fired(point)
    (row,) = [row for row in report.handoffs if row["id"] == victim]
    assert row["attempts"] in (1, attempts)  # what was tried fresh, without a claim, counts once


def test_one_that_always_raises_is_dead_after_its_attempts_and_blocks_nobody_else(
    house: House,
) -> None:
    bad = house.place(RAISES)
    house.dead.add((bad, "fulfilment"))
    good = house.place()
    house.tell("cancel", number=bad)
    report = house.until_settled()
    report.assert_whole(dead=house.dead)
    assert house.troubles(RAISES) == ATTEMPTS
    placed, cancelled = report.of(bad, "fulfilment")
    assert placed["attempts"] == ATTEMPTS
    assert placed["last_error"].startswith("RuntimeError")
    assert (cancelled["state"], cancelled["attempts"]) == ("waiting", 0)
    assert report.of(good, "fulfilment")[0]["state"] == "applied"


def test_one_that_kills_its_worker_is_dead_after_its_attempts_and_blocks_nobody_else(
    house: House,
) -> None:
    bad = house.place(KILLS)
    house.dead.add((bad, "fulfilment"))
    good = house.place()
    report = house.until_settled()
    report.assert_whole(dead=house.dead)
    assert ATTEMPTS <= house.troubles(KILLS) <= ATTEMPTS + UNCOUNTED_KILLS
    (placed,) = report.of(bad, "fulfilment")
    assert placed["attempts"] - placed["attempts_forgiven"] == ATTEMPTS
    assert "died" in placed["last_error"]
    assert report.of(good, "fulfilment")[0]["state"] == "applied"


@pytest.mark.drill  # long: in `make faults`
def test_one_that_hangs_for_ever_is_dead_after_its_attempts_and_blocks_nobody_else(
    house: House,
) -> None:
    bad = house.place(HANGS)
    house.dead.add((bad, "fulfilment"))
    good = house.place()
    report = house.until_settled()
    report.assert_whole(dead=house.dead)
    assert ATTEMPTS <= house.troubles(HANGS) <= ATTEMPTS + UNCOUNTED_KILLS
    assert report.of(good, "fulfilment")[0]["state"] == "applied"
    house.until(lambda: house.tell("alive")["ready"] is True, "the office is ready again")


# --- nudges that come too often, and a broker that hangs or is gone ---------------------------


def test_the_same_nudge_delivered_many_times_at_once_has_one_effect(house: House) -> None:
    house.signal("worker", signal.SIGSTOP)
    house.signal("sweeper", signal.SIGSTOP)
    try:
        orders = [house.place() for _ in range(5)]
        sent = sum(house.tell("nudge", destination=name, times=40)["sent"] for name in BACK)
        assert sent == 120
        waiting = house.report()
        assert all(
            waiting.of(number, name)[0]["attempts"] == 0 for number in orders for name in BACK
        )
    finally:
        house.signal("worker", signal.SIGCONT)
        house.signal("sweeper", signal.SIGCONT)
    report = house.until_settled()
    report.assert_whole(dead=house.dead)
    assert {report.of(number, name)[0]["attempts"] for number in orders for name in BACK} == {1}


@pytest.mark.drill  # long: in `make faults`
def test_the_desk_answers_quickly_while_redis_hangs(house: House) -> None:
    house.valkey.pause()
    try:
        assert house.tell("nudge", destination="fulfilment", times=1)["sent"] == 0
        answers = [house.tell("place") for _ in range(6)]
        assert all(answer.get("seconds", 99) < 2 for answer in answers), answers
        # The sweeper does without Redis too, while it hangs.
        house.until_settled().assert_whole(dead=house.dead)
    finally:
        house.valkey.resume()
    house.until(lambda: house.tell("alive")["ready"] is True, "the office is ready again")


def test_handoffs_are_applied_without_redis_and_with_it_again(house: House) -> None:
    house.valkey.kill()
    try:
        orders = [house.place() for _ in range(3)]
        house.tell("cancel", number=orders[0])
        report = house.until_settled()
        # No nudge can have reached a worker: the sweeper did it.
        assert not house.valkey.running
        assert all(row["state"] == "applied" for number in orders for row in report.about(number))
    finally:
        house.valkey.start()
        house.valkey.wait_ready()
    report.assert_whole(dead=house.dead)
    house.until(lambda: house.tell("alive")["ready"] is True, "the office is ready again")
    house.signal("sweeper", signal.SIGSTOP)  # so that nobody but the worker can apply
    try:
        house.tell("nudge", destination="fulfilment", times=1)  # closes the breaker
        house.place()
        house.until_settled().assert_whole(dead=house.dead)
    finally:
        house.signal("sweeper", signal.SIGCONT)


def test_nudges_that_were_lost_are_made_good_by_the_sweeper(house: House) -> None:
    house.signal("worker", signal.SIGSTOP)
    house.signal("sweeper", signal.SIGSTOP)
    try:
        house.place()
        assert house.tell("lose_nudges")["lost"] > 0
    finally:
        house.signal("worker", signal.SIGCONT)
        house.signal("sweeper", signal.SIGCONT)
    house.until_settled().assert_whole(dead=house.dead)


# --- PostgreSQL restarted under a running office ----------------------------------------------


@pytest.mark.drill  # long: in `make faults`
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

    # Nobody waits for long on what somebody else keeps locked.
    assert house.tell("lock_office", seconds=1) == {"locked": True}
    assert house.get("/sign-in/")[0] == 503
    assert house.answer() == {}
    assert house.get("/sign-in/")[0] == 200
    house.kill("web")
