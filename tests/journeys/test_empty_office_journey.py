"""An owner sets up an empty office, invites a colleague and adds a product."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from officeflow.administration.actions import issue_set_up_token
from officeflow.catalogue.models import Product
from officeflow.company.models import Office
from officeflow.permissions import Role
from officeflow.staff.models import User
from tests.journeys.conftest import axe_clean

TOKEN = "k" * 43


@pytest.mark.django_db(transaction=True)
def test_an_owner_sets_up_an_office(page: Page) -> None:
    issue_set_up_token(token=TOKEN)
    page.goto("/")
    expect(page.get_by_role("heading", name="This office is not set up yet")).to_be_visible()
    page.goto(f"/set-up/{TOKEN}/")
    axe_clean(page)
    # By keyboard alone: the first field has the focus.
    page.keyboard.type("Olga Owner")
    for typed in ("olga", "paper lantern at dusk", "paper lantern at dusk"):
        page.keyboard.press("Tab")
        page.keyboard.type(typed)
    page.get_by_label("Name of the office").fill("The Glass Lantern")
    page.get_by_label("Time zone").fill("nairo")
    page.get_by_role("option", name="Africa/Nairobi").click()
    page.get_by_label("Percent").first.fill("16")
    # Monday's hours are copied to the other open days.
    page.get_by_label("Monday, closes", exact=True).fill("16:00")
    page.get_by_role("button", name="Copy Monday to").click()
    expect(page.get_by_label("Friday, closes", exact=True)).to_have_value("16:00")
    expect(page.get_by_label("Sunday, closes", exact=True)).to_have_value("")
    page.get_by_role("button", name="Set up the office").click()

    page.wait_for_url("**/administration/")
    expect(page.get_by_role("heading", name="left to set up")).to_be_visible()
    axe_clean(page)
    assert Office.objects.get().time_zone == "Africa/Nairobi"

    page.get_by_role("link", name="Colleagues", exact=True).click()
    page.get_by_label("Full name").fill("Rita Receptionist")
    page.get_by_label("Receptionist").check()
    page.get_by_role("button", name="Create invitation").click()
    link = page.get_by_label("Invitation link").input_value()
    axe_clean(page)

    page.goto("/administration/new-product/")
    page.get_by_label("Code", exact=True).fill("MUG")
    page.get_by_label("Name", exact=True).fill("Blue mug")
    page.get_by_label("Price", exact=True).fill("12.50")
    page.keyboard.press("Control+Enter")
    page.wait_for_url("**/administration/products/MUG/")
    assert str(Product.objects.get().tax_rate.rate) == "0.16000"
    page.goto("/administration/")
    expect(page.locator('[data-step="products"]')).to_have_attribute("data-done", "yes")
    expect(page.locator('[data-step="staff"]')).to_have_attribute("data-done", "yes")

    # Rita opens her link without a session.
    page.context.clear_cookies()
    page.goto(link)
    axe_clean(page)
    page.get_by_label("Password", exact=True).fill("blue mugs on a shelf")
    page.get_by_label("Repeat the password").fill("blue mugs on a shelf")
    page.get_by_role("button", name="Accept invitation").click()
    page.wait_for_url("**/desk/")
    assert User.objects.get(username="rita").roles == {Role.RECEPTIONIST}
