"""Nudges that come too often, and a broker that hangs or is gone."""

from __future__ import annotations

import signal

import pytest

from tests.faults.house import House

pytestmark = pytest.mark.faults

BACK = ("fulfilment", "accounting", "hr")


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
