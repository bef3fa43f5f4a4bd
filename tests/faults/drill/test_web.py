"""The web dies at the worst moments, and the clients ask again with the same key."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.faults.drill.office import Office
from tests.faults.drill.trial import NOTIFICATION_LOST, Trial

WHEN = {
    "before the commit": "posted",
    "after the commit, before publishing": "before_publish",
    "after publishing, before the answer": "after_publish",
}


@pytest.fixture(scope="module")
def _armed(open_office: Office) -> Iterator[None]:
    open_office.mend()
    with open_office.different("web", **open_office.web_points):
        yield


@pytest.mark.usefixtures("_armed")
@pytest.mark.parametrize("when", WHEN)
def test_web_killed(trial: Trial, when: str) -> None:
    """Web killed -9 {when}"""
    office, point = trial.office, WHEN[when]
    trial.open_counter()
    for number in range(3):
        trial.until_asked(trial.acknowledged() + 6)
        office.arm_point("web", point)
        office.until(lambda number=number: office.fired_at("web", point) > number, "one dies")
    trial.fired(office.fired_at("web", point), "processes killed")
    trial.heal()
    trial.judge(bound=NOTIFICATION_LOST)
