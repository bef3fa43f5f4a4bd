"""A form that is sent without a connection or after the session ended is not lost."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from frontdesk.orders.models import Order
from officeflow.catalogue.models import Product
from officeflow.staff.models import User
from tests.journeys.conftest import axe_clean, sign_in
from tests.journeys.test_order_journey import choose, expect_focus

PASSWORD = "a long password, 12"
pytestmark = pytest.mark.django_db(transaction=True)


def test_a_typed_order_survives_a_lost_connection_and_a_lost_session(
    page: Page, rita: User, mug: Product
) -> None:
    rita.set_password(PASSWORD)
    rita.save()
    sign_in(page, rita)
    page.goto("/desk/orders/new/")
    page.keyboard.press("Enter")
    choose(page, "mug")
    expect_focus(page, "#id_line-0-quantity")
    page.context.set_offline(True)
    page.keyboard.press("Control+Enter")
    expect(page.locator(".toast--warning")).to_contain_text("nothing was sent")
    page.context.set_offline(False)
    page.context.clear_cookies(name="sessionid")
    page.keyboard.type("3")
    expect(page.locator(".toast--warning").last).to_contain_text("signed out")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_text("It has been kept")).to_be_visible()
    axe_clean(page)
    page.keyboard.type("rita")
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Send form")).to_be_focused()
    axe_clean(page)
    assert not Order.objects.exists()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("SO-")
    assert [str(line) for line in Order.objects.get().lines.all()] == ["3 × Blue mug"]
