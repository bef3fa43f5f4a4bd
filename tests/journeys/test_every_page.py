"""Every page that the house's links lead to: found, within the screen, and open to everybody.

Of a page that is made of nothing but what stands on another, only headings and names are asked.
`make test ARGS='-m look'` takes its time over it: more pages of each kind, with all that stands
around them, at every width and in both colour schemes, and every rule on each.
"""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Page

from officeflow.local.demo.demo_company import create_demo_company
from officeflow.permissions import Role
from officeflow.staff.actions import grant_role
from officeflow.staff.models import User
from tests.journeys.conftest import ALL_RULES, HEIGHT, ON_NAMES, axe_clean, sign_in
from tests.journeys.rounds import Kind, Round, go_round

STARTS = ("/", "/desk/")
# What stands around a page's own part is the same on all of them, and so is one row after another.
OWN_PART = {"include": ["main"], "exclude": ["tbody tr:nth-child(n+5)"]}


@pytest.fixture
def everybody(transactional_db: None) -> User:
    """One person who wears every hat, in the demo company after its last days."""
    create_demo_company(lambda step: None, days=3)
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
    del found.kinds["styleguide"]  # has tests of its own
    faults = faults_of(page, found, within=OWN_PART, themes=("light",), widths=(1024, 390))
    assert not faults, "\n".join(faults)


@pytest.mark.look
def test_every_page_whole_at_every_width_in_light_and_dark(page: Page, everybody: User) -> None:
    sign_in(page, everybody)
    found = go_round(page.request, *STARTS, "/styleguide/", of_a_kind=8, by_department=True)
    assert found.broken == []
    themes = ("light", "dark")
    faults = faults_of(page, found, within=None, themes=themes, widths=(390, 1024, 1440))
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
    known: set[str] = set()
    for kind in sorted(found.kinds.values(), key=by_parts):
        path = kind.path
        if not path:
            continue
        rules = ALL_RULES if within is None or kind.parts - known else ON_NAMES
        known |= kind.parts
        page.set_viewport_size({"width": widths[0], "height": HEIGHT})
        page.goto(path)
        try:
            axe_clean(page, themes=themes, within=within, rules=rules)
        except AssertionError as error:
            faults.append(str(error))
        for width in widths:
            page.set_viewport_size({"width": width, "height": HEIGHT})
            wide = page.evaluate("document.documentElement.scrollWidth")
            if wide > width:
                faults.append(f"{path} is {wide} wide on a screen of {width}")
    return faults


def by_parts(kind: Kind) -> tuple[int, str]:
    """The pages of most parts first, so that few show something new."""
    return -len(kind.parts), kind.path
