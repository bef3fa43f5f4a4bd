"""A payment, its receipt, and the till count at the end of the day."""

from __future__ import annotations

import io
from decimal import Decimal

from playwright.sync_api import Page, expect
from pypdf import PdfReader

from frontdesk.orders.actions import NewLine, place_order
from officeflow.catalogue.models import Product
from officeflow.staff.models import User
from tests.journeys.conftest import axe_clean, sign_in


def test_a_payment_a_receipt_and_a_till_count(page: Page, rita: User, mug: Product) -> None:
    order = place_order(
        actor=rita, customer=None, lines=[NewLine(product=mug, quantity=Decimal(2))]
    )
    sign_in(page, rita)
    page.goto(f"/desk/orders/{order.number}/pay/")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Payment of £24.00 taken (Cash).")).to_be_visible()

    page.keyboard.press("r")
    expect(page.get_by_role("article", name="Receipt")).to_contain_text("£24.00")
    axe_clean(page, themes=("light",))
    address = page.get_by_role("link", name="Open PDF").get_attribute("href")
    answer = page.request.get(address or "")
    assert answer.headers["content-type"] == "application/pdf"
    (paper,) = PdfReader(io.BytesIO(answer.body())).pages
    assert "Cash\n£24.00" in paper.extract_text() or "Cash £24.00" in paper.extract_text()

    page.goto("/desk/till/")
    expect(page.get_by_text("The drawer has not been counted yet")).to_be_visible()
    page.keyboard.press("t")
    page.get_by_label("Opening float").fill("10")
    page.get_by_label("Counted").fill("33")
    page.keyboard.press("Enter")
    expect(page.get_by_text("£1.00 less than expected").first).to_be_visible()
    page.get_by_label("Note").fill("A coin rolled away")
    page.get_by_role("button", name="Save count").click()
    expect(page.get_by_text("£1.00 is missing.")).to_be_visible()
    axe_clean(page)
