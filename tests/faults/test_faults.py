"""What hand-offs survive. In one file, so that one office serves all of it."""

from __future__ import annotations

import signal

import pytest

from tests.faults.breakable_office import ATTEMPTS, UNCOUNTED_KILLS, BreakableOffice
from tests.faults.failing.apps import HANGS, KILLS, RAISES

pytestmark = pytest.mark.faults

BACK = ("fulfilment", "accounting", "hr")

# --- workers that die, and hand-offs that make them -------------------------------------------


@pytest.mark.parametrize(
    ("point", "attempts"), [("after_claim", 2), ("before_commit", 2), ("after_commit", 1)]
)
def test_a_killed_worker_loses_and_doubles_nothing(
    office: BreakableOffice, point: str, attempts: int
) -> None:
    office.arm(point)
    orders = [office.place() for _ in range(4)]
    office.tell("pay", number=orders[0])
    office.tell("cancel", number=orders[1])
    for category in ("conduct", "goods", "service"):
        office.tell("complain", category=category)
    office.until(lambda: bool(office.fired(point)), f"a process dies {point}")
    office.kill("worker")  # the rest of it too, before it can acknowledge anything
    office.start_worker()
    report = office.until_settled()
    report.assert_whole(dead=office.dead)
    assert len(report.complaints) >= 3
    (victim,) = office.fired(point)
    (row,) = [row for row in report.handoffs if row["id"] == victim]
    assert row["attempts"] in (1, attempts)  # what was tried fresh, without a claim, counts once


def test_one_that_always_raises_is_dead_after_its_attempts_and_blocks_nobody_else(
    office: BreakableOffice,
) -> None:
    bad = office.place(RAISES)
    office.dead.add((bad, "fulfilment"))
    good = office.place()
    office.tell("cancel", number=bad)
    report = office.until_settled()
    report.assert_whole(dead=office.dead)
    assert office.failures(RAISES) == ATTEMPTS
    placed, cancelled = report.of(bad, "fulfilment")
    assert placed["attempts"] == ATTEMPTS
    assert placed["last_error"].startswith("RuntimeError")
    assert (cancelled["state"], cancelled["attempts"]) == ("waiting", 0)
    assert report.of(good, "fulfilment")[0]["state"] == "applied"


def test_one_that_kills_its_worker_is_dead_after_its_attempts_and_blocks_nobody_else(
    office: BreakableOffice,
) -> None:
    bad = office.place(KILLS)
    office.dead.add((bad, "fulfilment"))
    good = office.place()
    report = office.until_settled()
    report.assert_whole(dead=office.dead)
    assert ATTEMPTS <= office.failures(KILLS) <= ATTEMPTS + UNCOUNTED_KILLS
    (placed,) = report.of(bad, "fulfilment")
    assert placed["attempts"] - placed["attempts_forgiven"] == ATTEMPTS
    assert "died" in placed["last_error"]
    assert report.of(good, "fulfilment")[0]["state"] == "applied"


@pytest.mark.drill  # long: in `make faults`
def test_one_that_hangs_for_ever_is_dead_after_its_attempts_and_blocks_nobody_else(
    office: BreakableOffice,
) -> None:
    bad = office.place(HANGS)
    office.dead.add((bad, "fulfilment"))
    good = office.place()
    report = office.until_settled()
    report.assert_whole(dead=office.dead)
    assert ATTEMPTS <= office.failures(HANGS) <= ATTEMPTS + UNCOUNTED_KILLS
    assert report.of(good, "fulfilment")[0]["state"] == "applied"
    office.until(lambda: office.tell("alive")["ready"] is True, "the office is ready again")


# --- notifications that come too often, and a broker that hangs or is gone --------------------


def test_the_same_notification_delivered_many_times_at_once_has_one_effect(
    office: BreakableOffice,
) -> None:
    office.signal("worker", signal.SIGSTOP)
    office.signal("sweeper", signal.SIGSTOP)
    try:
        orders = [office.place() for _ in range(5)]
        sent = sum(office.tell("notify", destination=name, times=40)["sent"] for name in BACK)
        assert sent == 120
        waiting = office.report()
        assert all(
            waiting.of(number, name)[0]["attempts"] == 0 for number in orders for name in BACK
        )
    finally:
        office.signal("worker", signal.SIGCONT)
        office.signal("sweeper", signal.SIGCONT)
    report = office.until_settled()
    report.assert_whole(dead=office.dead)
    assert {report.of(number, name)[0]["attempts"] for number in orders for name in BACK} == {1}


@pytest.mark.drill  # long: in `make faults`
def test_the_desk_answers_quickly_while_redis_hangs(office: BreakableOffice) -> None:
    office.valkey.pause()
    try:
        assert office.tell("notify", destination="fulfilment", times=1)["sent"] == 0
        answers = [office.tell("place") for _ in range(6)]
        assert all(answer.get("seconds", 99) < 2 for answer in answers), answers
        # The sweeper does without Redis too, while it hangs.
        office.until_settled().assert_whole(dead=office.dead)
    finally:
        office.valkey.resume()
    office.until(lambda: office.tell("alive")["ready"] is True, "the office is ready again")


def test_handoffs_are_applied_without_redis_and_with_it_again(office: BreakableOffice) -> None:
    office.valkey.kill()
    try:
        orders = [office.place() for _ in range(3)]
        office.tell("cancel", number=orders[0])
        report = office.until_settled()
        # No notification can have reached a worker: the sweeper did it.
        assert not office.valkey.running
        assert all(row["state"] == "applied" for number in orders for row in report.about(number))
    finally:
        office.valkey.start()
        office.valkey.wait_ready()
    report.assert_whole(dead=office.dead)
    office.until(lambda: office.tell("alive")["ready"] is True, "the office is ready again")
    office.signal("sweeper", signal.SIGSTOP)  # so that nobody but the worker can apply
    try:
        office.tell("notify", destination="fulfilment", times=1)  # closes the breaker
        office.place()
        office.until_settled().assert_whole(dead=office.dead)
    finally:
        office.signal("sweeper", signal.SIGCONT)


def test_notifications_that_were_lost_are_made_good_by_the_sweeper(office: BreakableOffice) -> None:
    office.signal("worker", signal.SIGSTOP)
    office.signal("sweeper", signal.SIGSTOP)
    try:
        office.place()
        assert office.tell("lose_notifications")["lost"] > 0
    finally:
        office.signal("worker", signal.SIGCONT)
        office.signal("sweeper", signal.SIGCONT)
    office.until_settled().assert_whole(dead=office.dead)


# --- PostgreSQL restarted under a running office ----------------------------------------------


@pytest.mark.drill  # long: in `make faults`
def test_a_restart_of_postgresql_leaves_no_process_with_a_dead_connection(
    office: BreakableOffice,
) -> None:
    office.start_web()
    office.until(lambda: office.get("/readyz")[0] == 200, "the web is ready")
    office.place()
    office.until_settled()
    stumbles = office.stumbles("web", "worker", "sweeper")
    before = {name: office.processes_of(name) for name in ("web", "worker")}
    assert office.tell("connections")["count"] >= 3

    office.postgres.stop()
    assert office.get("/readyz")[0] == 503
    office.postgres.start()
    office.postgres.wait_ready()

    assert [office.get("/sign-in/")[0] for _ in range(12)] == [200] * 12
    office.until(lambda: office.get("/readyz")[0] == 200, "the web is ready again")
    office.signal("sweeper", signal.SIGSTOP)
    try:
        office.place()
        office.until_settled().assert_whole(dead=office.dead)  # by the worker alone
    finally:
        office.signal("sweeper", signal.SIGCONT)
    office.signal("worker", signal.SIGSTOP)
    try:
        office.place()
        office.until_settled().assert_whole(dead=office.dead)  # by the sweeper alone
    finally:
        office.signal("worker", signal.SIGCONT)
    assert {name: office.processes_of(name) for name in before} == before
    assert office.stumbles(*stumbles) == stumbles

    # Nobody waits for long on what somebody else keeps locked.
    assert office.tell("lock_office", seconds=1) == {"locked": True}
    assert office.get("/sign-in/")[0] == 503
    assert office.answer() == {}
    assert office.get("/sign-in/")[0] == 200
    office.kill("web")
