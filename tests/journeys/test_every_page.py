"""Every page that the house's links lead to: found, within the screen, and open to everybody.

`make test ARGS='-m look'` takes its time over it: more pages of each kind, with all that stands
around them, at every width and in both colour schemes.
"""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Page

from officeflow.local.demo.company import make
from officeflow.staff.actions import grant_role
from officeflow.staff.models import User
from officeflow.staff.permissions import Role
from tests.journeys.conftest import HEIGHT, axe_clean, sign_in
from tests.journeys.rounds import Round, go_round

STARTS = ("/", "/desk/")
# What stands around a page's own part is the same on all of them, and so is one row after another.
OWN_PART = {"include": ["main"], "exclude": ["tbody tr:nth-child(n+5)"]}


@pytest.fixture
def everybody(transactional_db: None) -> User:
    """One person who wears every hat, in the demo company after its last days."""
    make(lambda step: None, days=3)
    ada = User.objects.get(username="ada")
    for role in Role:
        if role not in ada.roles:
            grant_role(actor=ada, user=ada, role=role)
    return User.objects.get(username="ada")


def test_every_page_opens_fits_and_can_be_read_by_all(page: Page, everybody: User) -> None:
    sign_in(page, everybody)
    found = go_round(page.request, *STARTS, of_a_kind=2, by_department=False)
    assert found.broken == []
    assert len(found.kinds) > 60
    faults = faults_of(page, found, within=OWN_PART, themes=("light",), widths=(1024, 390))
    assert not faults, "\n".join(faults)


@pytest.mark.look
def test_every_page_whole_at_every_width_in_light_and_dark(page: Page, everybody: User) -> None:
    sign_in(page, everybody)
    found = go_round(page.request, *STARTS, "/styleguide/", of_a_kind=8, by_department=True)
    assert found.broken == []
    faults = faults_of(page, found, within=None, themes=("light", "dark"), widths=(390, 1024, 1440))
    assert not faults, "\n".join(faults)


def faults_of(
    page: Page,
    found: Round,
    *,
    within: dict[str, Any] | None,
    themes: tuple[str, ...],
    widths: tuple[int, ...],
) -> list[str]:
    """What is wrong with the fullest page of each kind, which axe sees at the first width."""
    faults: list[str] = []
    for path in sorted(kind.path for kind in found.kinds.values() if kind.path):
        page.set_viewport_size({"width": widths[0], "height": HEIGHT})
        page.goto(path)
        try:
            axe_clean(page, themes=themes, within=within)
        except AssertionError as error:
            faults.append(str(error))
        for width in widths:
            page.set_viewport_size({"width": width, "height": HEIGHT})
            wide = page.evaluate("document.documentElement.scrollWidth")
            if wide > width:
                faults.append(f"{path} is {wide} wide on a screen of {width}")
    return faults
