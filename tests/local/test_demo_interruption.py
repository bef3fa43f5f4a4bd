"""The interruption in the demo company's history, during which hand-offs wait for the workers."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from officeflow.local.demo.demo_company import WITHOUT_WORKERS, interruption

MONDAY = datetime(2026, 11, 30, 11, 30, tzinfo=UTC)
SATURDAY = datetime(2026, 11, 28, 15, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("first_of_monday", "expected"),
    [
        (timedelta(hours=2), MONDAY - timedelta(hours=2)),
        # The workers would not be back yet.
        (timedelta(minutes=20), SATURDAY),
        (WITHOUT_WORKERS, SATURDAY),
    ],
)
def test_the_workers_are_back_by_now(first_of_monday: timedelta, expected: datetime) -> None:
    friday = SATURDAY - timedelta(days=1)
    orders = [MONDAY - first_of_monday, SATURDAY, friday]
    assert interruption(orders, MONDAY, 3) == expected


def test_a_history_of_minutes_has_no_interruption() -> None:
    assert interruption([MONDAY - timedelta(minutes=1)], MONDAY, 1) is None
