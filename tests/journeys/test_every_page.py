"""Every page that the house's links lead to: found, within the screen, and open to everybody."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page

from officeflow.local.demo.company import make
from officeflow.staff.actions import grant_role
from officeflow.staff.models import User
from officeflow.staff.permissions import Role
from tests.journeys.conftest import axe_clean, sign_in
from tests.journeys.rounds import Round, go_round

WIDTHS = (390, 1024)
# The colours of the dark come from the same tokens on every page, so every third page tells.
DARK_EVERY = 3


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
    found = go_round(page.request, "/", "/styleguide/", "/desk/")
    assert found.broken == []
    faults: list[str] = []
    for place, path in enumerate(paths(found)):
        page.goto(path)
        themes = ("light",) if place % DARK_EVERY else ("light", "dark")
        try:
            axe_clean(page, themes=themes)
        except AssertionError as error:
            faults.append(str(error))
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 900})
            wide = page.evaluate("document.documentElement.scrollWidth")
            if wide > width:
                faults.append(f"{path} is {wide} wide on a screen of {width}")
        page.set_viewport_size({"width": 1280, "height": 900})
    assert not faults, "\n".join(faults)
    assert len(found.kinds) > 50


def paths(found: Round) -> list[str]:
    """The fullest page of each kind."""
    return sorted(kind.path for kind in found.kinds.values() if kind.path)
