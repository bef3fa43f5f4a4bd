"""Workers that die, and hand-offs that make them."""

from __future__ import annotations

import pytest

from tests.faults.house import ATTEMPTS, House
from tests.faults.trouble.apps import HANGS, KILLS, RAISES

pytestmark = pytest.mark.faults


@pytest.mark.parametrize(
    ("point", "attempts"), [("after_claim", 2), ("before_commit", 2), ("after_commit", 1)]
)
def test_a_killed_worker_loses_and_doubles_nothing(house: House, point: str, attempts: int) -> None:
    house.arm(point)
    orders = [house.place() for _ in range(4)]
    house.tell("pay", number=orders[0])
    house.tell("cancel", number=orders[1])
    house.until(lambda: bool(house.fired(point)), f"a process dies {point}")
    house.kill("worker")  # the rest of it too, before it can acknowledge anything
    house.start_worker()
    report = house.until_settled()
    report.assert_whole(dead=house.dead)
    (victim,) = house.fired(point)
    (row,) = [row for row in report.handoffs if row["id"] == victim]
    assert row["attempts"] == attempts


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
    assert house.troubles(KILLS) == ATTEMPTS
    (placed,) = report.of(bad, "fulfilment")
    assert placed["attempts"] == ATTEMPTS
    assert "died" in placed["last_error"]
    assert report.of(good, "fulfilment")[0]["state"] == "applied"


def test_one_that_hangs_for_ever_is_dead_after_its_attempts_and_blocks_nobody_else(
    house: House,
) -> None:
    bad = house.place(HANGS)
    house.dead.add((bad, "fulfilment"))
    good = house.place()
    report = house.until_settled()
    report.assert_whole(dead=house.dead)
    assert house.troubles(HANGS) == ATTEMPTS
    assert report.of(good, "fulfilment")[0]["state"] == "applied"
    house.until(lambda: house.tell("alive")["ready"] is True, "the office is ready again")
