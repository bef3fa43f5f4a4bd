"""The web dies around the commit, and the clients repeat requests with the same key."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.faults.drill.case import NOTIFICATION_LOST, Case
from tests.faults.drill.office import Office

WHEN = {
    "before the commit": "posted",
    "after the commit, before publishing": "before_publish",
    "after publishing, before the answer": "after_publish",
}


@pytest.fixture(scope="module")
def _fault_points(running_office: Office) -> Iterator[None]:
    running_office.repair()
    with running_office.with_environment("web", **running_office.web_points):
        yield


@pytest.mark.usefixtures("_fault_points")
@pytest.mark.parametrize("when", WHEN)
def test_web_killed(case: Case, when: str) -> None:
    """Web killed -9 {when}"""
    office, point = case.office, WHEN[when]
    case.start_load()
    for number in range(3):
        case.wait_for_acknowledged(case.acknowledged() + 6)
        office.arm_point("web", point)
        office.until(lambda number=number: office.fired_at("web", point) > number, "a process dies")
    case.fired(office.fired_at("web", point), "processes killed")
    case.heal()
    case.check(bound=NOTIFICATION_LOST)
