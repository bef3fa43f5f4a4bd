"""Faults that hand-offs survive. All tests are in one file, so that they share one office."""

from __future__ import annotations

import signal

import pytest

from tests.faults.breakable_office import ATTEMPTS, UNCOUNTED_KILLS, BreakableOffice
from tests.faults.failing.apps import HANGS, KILLS, RAISES

pytestmark = pytest.mark.faults

BACK = ("fulfilment", "accounting", "hr")


@pytest.mark.parametrize(
    ("point", "attempts"), [("after_claim", 2), ("before_commit", 2), ("after_commit", 1)]
)
def test_a_killed_worker_loses_and_duplicates_nothing(
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


def test_a_handoff_that_always_raises_is_dead_after_its_attempts_and_blocks_no_other(
    office: BreakableOffice,
) -> None:
    bad = office.place(RAISES)
    office.dead.add((bad, "fulfilment"))
    good = office.place()
    office.tell("cancel", number=bad)
    report = office.until_settled()
    report.assert_whole(dead=office.dead)
    # A fresh hand-off is not claimed, so that a second process may begin it before the failure in
    # the first is written; both are one attempt.
    assert office.failures(RAISES) in (ATTEMPTS, ATTEMPTS + 1)
    placed, cancelled = report.of(bad, "fulfilment")
    assert placed["attempts"] == ATTEMPTS
    assert placed["last_error"].startswith("RuntimeError")
    assert (cancelled["state"], cancelled["attempts"]) == ("waiting", 0)
    assert report.of(good, "fulfilment")[0]["state"] == "applied"


def test_a_handoff_that_kills_its_worker_is_dead_after_its_attempts_and_blocks_no_other(
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
def test_a_handoff_that_hangs_is_dead_after_its_attempts_and_blocks_no_other(
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


def test_a_notification_delivered_many_times_has_one_effect(
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
def test_the_desk_is_fast_while_redis_hangs(office: BreakableOffice) -> None:
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


def test_handoffs_are_applied_without_redis_and_after_its_return(office: BreakableOffice) -> None:
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
    office.signal("sweeper", signal.SIGSTOP)  # so that only the worker can apply
    try:
        office.tell("notify", destination="fulfilment", times=1)  # closes the breaker
        office.place()
        office.until_settled().assert_whole(dead=office.dead)
    finally:
        office.signal("sweeper", signal.SIGCONT)


def test_the_sweeper_replaces_lost_notifications(office: BreakableOffice) -> None:
    office.signal("worker", signal.SIGSTOP)
    office.signal("sweeper", signal.SIGSTOP)
    try:
        office.place()
        assert office.tell("lose_notifications")["lost"] > 0
    finally:
        office.signal("worker", signal.SIGCONT)
        office.signal("sweeper", signal.SIGCONT)
    office.until_settled().assert_whole(dead=office.dead)


@pytest.mark.drill  # long: in `make faults`
def test_no_process_keeps_a_dead_connection_after_a_restart_of_postgresql(
    office: BreakableOffice,
) -> None:
    office.start_web()
    office.until(lambda: office.get("/readyz")[0] == 200, "the web is ready")
    office.place()
    office.until_settled()
    traceback_counts = office.traceback_counts("web", "worker", "sweeper")
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
    assert office.traceback_counts(*traceback_counts) == traceback_counts

    # A request does not wait long for a lock.
    assert office.tell("lock_office", seconds=1) == {"locked": True}
    assert office.get("/sign-in/")[0] == 503
    assert office.answer() == {}
    assert office.get("/sign-in/")[0] == 200
    office.kill("web")
