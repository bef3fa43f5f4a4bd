"""A payment with change, its correction and receipt, and the till count at the end of the day."""

from __future__ import annotations

import io
from decimal import Decimal

from playwright.sync_api import Page, expect
from pypdf import PdfReader

from frontdesk.orders.actions.place import place_order
from frontdesk.orders.actions.pricing import NewLine
from officeflow.catalogue.models import Product
from officeflow.staff.models import User
from tests.journeys.conftest import axe_clean, sign_in
from tests.journeys.keys import scan


def test_a_payment_its_correction_its_receipt_and_a_till_count(
    page: Page, rita: User, mug: Product
) -> None:
    order = place_order(
        actor=rita, customer=None, lines=[NewLine(product=mug, quantity=Decimal(2))]
    )
    sign_in(page, rita)
    page.goto(f"/desk/orders/{order.number}/")
    page.keyboard.press("p")
    panel = page.get_by_role("dialog", name="Take payment")
    expect(page.locator("#id_cash_given")).to_be_focused()
    page.keyboard.press("a")
    expect(panel.get_by_role("button", name="Take £24.00 (Card)")).to_be_visible()
    # The letters of a scan are no keys of a method, and its Enter takes no payment.
    scan(page, "x-cash-1")
    expect(panel.get_by_text("The code x-cash-1 is not known.")).to_be_visible()
    expect(panel.get_by_role("button", name="Take £24.00 (Card)")).to_be_visible()
    page.keyboard.press("c")
    page.keyboard.type("3")
    page.keyboard.press("Enter")
    expect(panel.get_by_text("£21.00 is missing")).to_be_visible()
    expect(page.locator("#id_cash_given")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#id_cash_given")).to_be_focused()
    page.keyboard.type("30")
    expect(panel.get_by_text("£6.00")).to_be_visible()
    axe_clean(page)
    page.keyboard.press("Enter")
    taken = page.get_by_role("region", name="Payment of £24.00 taken (Cash)")
    expect(taken).to_contain_text("£6.00")
    page.reload()
    expect(taken).to_contain_text("£6.00")

    taken.get_by_role("link", name="Wrong method? Correct it").click()
    page.get_by_label("Card").check()
    page.get_by_label("Reason").fill("Tapped the wrong button")
    page.get_by_role("button", name="Correct the payment").click()
    expect(page.get_by_text("Card, not Cash")).to_be_visible()
    page.get_by_role("link", name="Correct the method").click()
    page.get_by_label("Cash").check()
    page.get_by_label("Reason").fill("It was cash after all")
    page.get_by_role("button", name="Correct the payment").click()

    expect(page.get_by_role("article", name="Receipt")).to_contain_text("£24.00")
    axe_clean(page)
    address = page.get_by_role("link", name="Open PDF").get_attribute("href")
    answer = page.request.get(address or "")
    assert answer.headers["content-type"] == "application/pdf"
    (paper,) = PdfReader(io.BytesIO(answer.body())).pages
    assert "Cash\n£24.00" in paper.extract_text() or "Cash £24.00" in paper.extract_text()

    page.goto("/desk/till/")
    expect(page.get_by_text("Nobody has counted this day yet")).to_be_visible()
    page.keyboard.press("t")
    page.get_by_label("Opening float").fill("10")
    expect(page.locator("#expected")).to_contain_text("£34.00")
    page.get_by_label("Counted").fill("33")
    page.keyboard.press("Enter")
    expect(page.get_by_text("£1.00 less than expected").first).to_be_visible()
    page.get_by_label("Note").fill("A coin rolled away")
    page.get_by_role("button", name="Save count").click()
    expect(page.get_by_text("£1.00 is missing.")).to_be_visible()
    axe_clean(page)


def test_a_payment_is_taken_by_a_click_or_enter_right_after_the_last_digit(
    page: Page, rita: User, mug: Product
) -> None:
    order = place_order(
        actor=rita, customer=None, lines=[NewLine(product=mug, quantity=Decimal(3))]
    )
    sign_in(page, rita)
    page.goto(f"/desk/orders/{order.number}/pay/")
    amount, button = page.locator("#id_amount"), page.locator(".pay__go")
    # In the form as it was opened Enter only moves to the button.
    expect(page.get_by_role("button", name="Take £36.00 (Cash)")).to_be_visible()
    amount.press("Enter")
    expect(button).to_be_focused()
    amount.fill("")
    amount.press_sequentially("12")
    place = button.bounding_box()
    assert place
    # While the button is pressed the change and other likely amounts arrive above it.
    page.mouse.click(place["x"] + 20, place["y"] + 10, delay=600)
    expect(page.get_by_role("region", name="Payment of £12.00 taken (Cash)")).to_be_visible()
    page.goto(f"/desk/orders/{order.number}/pay/")
    amount.fill("")
    amount.press_sequentially("5")
    amount.press("Enter")
    expect(page.get_by_role("region", name="Payment of £5.00 taken (Cash)")).to_be_visible()
    page.goto(f"/desk/orders/{order.number}/pay/")
    amount.fill("")
    amount.press_sequentially("7")
    button.click()
    expect(page.get_by_role("region", name="Payment of £7.00 taken (Cash)")).to_be_visible()
    assert [each.amount for each in order.payments.order_by("pk")] == [12, 5, 7]
