"""Every page that links lead to answers, fits the screen and is accessible.

Pages whose parts were all checked on other pages are checked for headings and names only.
`make test ARGS='-m look'` checks more pages of each kind completely, at every width and in both
colour schemes.
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
from tests.journeys.crawler import Kind, Pages, crawl

STARTS = ("/", "/desk/")
# The frame of the pages and the further rows of a table are the same on all pages.
OWN_PART = {"include": ["main"], "exclude": ["tbody tr:nth-child(n+5)"]}


@pytest.fixture
def everybody(transactional_db: None) -> User:
    """A person with every role, in the demo company."""
    create_demo_company(lambda step: None, days=3)
    ada = User.objects.get(username="ada")
    for role in Role:
        if role not in ada.roles:
            grant_role(actor=ada, user=ada, role=role)
    return User.objects.get(username="ada")


def test_every_page_answers_fits_and_is_accessible(page: Page, everybody: User) -> None:
    sign_in(page, everybody)
    found = crawl(page.request, *STARTS, per_kind=2, by_department=False)
    assert found.broken == []
    assert len(found.kinds) > 60
    faults = faults_of(page, found, within=OWN_PART, themes=("light",), widths=(1024, 390))
    assert not faults, "\n".join(faults)


@pytest.mark.look
def test_every_page_at_every_width_in_light_and_dark(page: Page, everybody: User) -> None:
    sign_in(page, everybody)
    found = crawl(page.request, *STARTS, "/styleguide/", per_kind=8, by_department=True)
    assert found.broken == []
    themes = ("light", "dark")
    faults = faults_of(page, found, within=None, themes=themes, widths=(390, 1024, 1440))
    assert not faults, "\n".join(faults)


def faults_of(
    page: Page,
    found: Pages,
    *,
    within: dict[str, Any] | None,
    themes: tuple[str, ...],
    widths: tuple[int, ...],
) -> list[str]:
    """Returns the faults of the longest page of each kind; axe checks it at the first width."""
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
    """Sorts pages with the most parts first, so that few later ones have new parts."""
    return -len(kind.parts), kind.path
