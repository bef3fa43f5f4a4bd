"""A scanner at every page: a scan is never a shortcut, and its Enter presses nothing."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

import pytest
from playwright.sync_api import Page, expect

from backoffice.tickets.models import Ticket
from backoffice.tickets.states import TicketState
from frontdesk.customers.models import Customer
from frontdesk.orders.actions.place import place_order
from frontdesk.orders.actions.pricing import NewLine
from frontdesk.orders.models import Order
from officeflow.catalogue.models import Product
from officeflow.staff.models import User
from tests.factories import make_product
from tests.journeys.conftest import axe_clean, sign_in
from tests.journeys.keys import scan, type_by_hand

pytestmark = pytest.mark.django_db(transaction=True)

NEW = "/desk/orders/new/"
BARCODE = "5060000100178"


@pytest.fixture
def goods(mug: Product, lamp: Product) -> None:
    """Codes that begin with shortcuts of the pages on which they are scanned."""
    Product.objects.filter(pk=lamp.pk).update(barcode=BARCODE)
    make_product("DIARY-27", "Diary 2027", "15.00")
    make_product("CARD-BDAY", "Birthday card", "3.50")


def lines_of(page: Page) -> list[tuple[str, str]]:
    """Returns the code and quantity of each line with a product."""
    found: list[tuple[str, str]] = page.locator("[data-line]").evaluate_all(
        """rows => rows.map(row => [
            row.querySelector("[data-line-product]").value.split(" ")[0],
            row.querySelector("[data-line-quantity]").value,
        ]).filter(([code]) => code)"""
    )
    return [(code, quantity) for code, quantity in found]


def test_a_scan_on_a_ticket_names_the_line_and_presses_nothing(
    page: Page, femi: User, goods: None, mug: Product, ordered: Callable[..., Ticket]
) -> None:
    ticket = ordered()
    sign_in(page, femi)
    page.goto(f"/office/tickets/{ticket.number}/")
    page.keyboard.press("t")
    expect(page.get_by_text("Assigned to you")).to_be_visible()
    said = page.locator("#toasts")
    # The first letter completes a ticket as a shortcut, and the second one reassigns it.
    for code in ("DIARY-27", "CARD-BDAY"):
        scan(page, code)
        expect(said).to_contain_text("is not in this order")
    # The letters before a pause within a code are no shortcuts either.
    scan(page, "DIARY-27", pause_after=2)
    expect(said).to_contain_text("Diary 2027 is not in this order")
    scan(page, "4000000000000", pause_after=4)
    expect(said).to_contain_text("4000000000000 is not known")
    # The focus is on a button, in a text, and in no control at all.
    page.locator("#return").focus()
    scan(page, "MUG")
    expect(said).to_contain_text("Line 1: Blue mug, 2 pieces")
    expect(page.locator("[data-found]")).to_have_count(1)
    comment = page.locator("#id_text")
    comment.fill("Wrapped ")
    scan(page, "DIARY-27", suffix="Tab")
    expect(said).to_contain_text("Diary 2027 is not in this order")
    expect(comment).to_have_value("Wrapped ")
    expect(comment).to_be_focused()
    axe_clean(page)
    ticket.refresh_from_db()
    assert (ticket.state, ticket.assignee) == (TicketState.TAKEN, femi)
    # The same keys by hand are shortcuts, and Caps Lock is none.
    page.locator("#return").focus()
    type_by_hand(page, "DR")
    page.keyboard.press("r")
    page.wait_for_url("**/return/")
    ticket.refresh_from_db()
    assert ticket.state == TicketState.TAKEN


def test_scans_at_the_counter_begin_one_order(page: Page, rita: User, goods: None) -> None:
    sign_in(page, rita)
    page.goto("/desk/")
    scan(page, "DIARY-27")
    page.wait_for_url("**/orders/new/**")
    expect(page.locator("#id_line-0-quantity")).to_be_focused()
    assert lines_of(page) == [("DIARY-27", "1")]
    expect(page.locator(".till__total")).to_contain_text("£15.00")
    # A wireless scanner pauses within the code, where no field takes its keys.
    for pause_after in (2, 8):
        page.goto("/desk/orders/")
        scan(page, BARCODE, pause_after=pause_after)
        page.wait_for_url("**/orders/new/**")
        expect(page.locator("#id_line-0-product")).to_have_value("LAMP Paper lamp")


def test_the_number_of_a_record_opens_it(page: Page, rita: User, nora: Customer) -> None:
    sign_in(page, rita)
    page.goto("/desk/orders/")
    scan(page, nora.number)
    page.wait_for_url(f"**/desk/customers/{nora.number}/")
    # The search box is where a code is typed.
    page.locator("#global-search").fill("nora")
    with page.expect_navigation():
        scan(page, nora.number)
    page.wait_for_url(f"**/desk/customers/{nora.number}/")


def test_a_form_that_is_not_sent_is_not_left_by_a_scan(page: Page, rita: User, goods: None) -> None:
    sign_in(page, rita)
    page.goto("/desk/customers/new/")
    page.locator("#id_name").fill("Somebody")
    page.locator("#id_note").fill("The lamp ")
    scan(page, "CARD-BDAY")
    said = page.locator("#toasts")
    expect(said).to_contain_text("CARD-BDAY Birthday card: this page has a form that is not sent")
    expect(said.get_by_role("link", name="Begin an order")).to_be_visible()
    expect(page.locator("#id_note")).to_have_value("The lamp ")


def test_a_scan_chooses_what_a_complaint_is_about(
    page: Page, rita: User, nora: Customer, mug: Product, goods: None
) -> None:
    line = NewLine(product=mug, quantity=Decimal(1))
    order = place_order(actor=rita, customer=nora, lines=[line])
    sign_in(page, rita)
    page.goto("/desk/complaints/new/")
    page.locator("#id_description").fill("The lamp ")
    scan(page, BARCODE)
    expect(page.locator("#toasts")).to_contain_text("LAMP Paper lamp is chosen.")
    expect(page.locator("#id_product_sku")).to_have_value("LAMP")
    expect(page.locator("#id_description")).to_have_value("The lamp ")
    page.locator("#id_product").focus()
    scan(page, "CARD-BDAY", suffix="Tab")
    expect(page.locator("#id_product")).to_have_value("CARD-BDAY Birthday card")
    scan(page, order.number)
    expect(page.get_by_label("Line of the order")).to_contain_text("Blue mug")


def test_an_order_is_scanned_wherever_the_focus_is(
    page: Page, rita: User, nora: Customer, goods: None
) -> None:
    sign_in(page, rita)
    page.goto(NEW)
    name = page.locator("#id_customer_name")
    expect(name).to_be_focused()
    # In the customer's box it is no customer, and a chosen one stays chosen.
    page.keyboard.insert_text("nora")
    expect(page.get_by_role("option").first).to_be_visible()
    page.keyboard.press("Enter")
    name.focus()
    scan(page, BARCODE)
    expect(page.locator("#id_line-0-quantity")).to_be_focused()
    expect(name).to_have_value(nora.name)
    expect(page.locator("#id_customer")).to_have_value(nora.number)
    # 3 without Enter is the quantity of the line; the next scan has its own.
    page.keyboard.press("3")
    scan(page, "MUG")
    expect(page.locator("#id_line-1-quantity")).to_be_focused()
    assert lines_of(page) == [("LAMP", "3"), ("MUG", "1")]
    # The same code again raises the quantity.
    for _ in range(2):
        scan(page, BARCODE)
    expect(page.locator("#id_line-0-quantity")).to_have_value("5")
    # A wireless scanner pauses within the code, or before its Enter: no part of it stays behind.
    for pause_after in (5, 11, len(BARCODE)):
        scan(page, BARCODE, pause_after=pause_after)
    expect(page.locator("#id_line-0-quantity")).to_have_value("8")
    expect(page.locator("#toasts")).to_contain_text("LAMP Paper lamp: quantity 8")
    # Its Enter does not press the button that has the focus, and the text before it stays.
    page.locator("#id_note").fill("For Ada")
    scan(page, "MUG", suffix="Tab")
    expect(page.locator("#id_line-1-quantity")).to_have_value("2")
    expect(page.locator("#id_note")).to_have_value("For Ada")
    page.locator("#place-order").focus()
    scan(page, "DIARY-27")
    expect(page.locator("#id_line-2-quantity")).to_be_focused()
    page.locator("#id_delivery_0").focus()
    scan(page, "4000000000000")
    expect(page.locator("#toasts")).to_contain_text("4000000000000 is not known")
    assert lines_of(page) == [("LAMP", "8"), ("MUG", "2"), ("DIARY-27", "1")]
    assert not Order.objects.exists()
    axe_clean(page)
    page.locator("#id_note").focus()
    page.keyboard.press("Control+Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("SO-")
    order = Order.objects.get()
    assert (order.customer, order.note) == (nora, "For Ada")


def test_the_layout_of_the_computer_and_caps_lock_do_not_matter(
    page: Page, rita: User, goods: None
) -> None:
    sign_in(page, rita)
    page.goto(NEW)
    expect(page.locator("#id_customer_name")).to_be_focused()
    scan(page, BARCODE, typed="(à-àààà&àà&è_")
    expect(page.locator("#id_line-0-quantity")).to_be_focused()
    scan(page, "CARD-BDAY", typed="card-bday")
    expect(page.locator("#id_line-1-quantity")).to_be_focused()
    scan(page, "DIARY-27", typed="DIQRY)é-")
    expect(page.locator("#id_line-2-quantity")).to_be_focused()
    assert lines_of(page) == [("LAMP", "1"), ("CARD-BDAY", "1"), ("DIARY-27", "1")]


def test_new_orders_and_complaints_begin_on_every_desk_page(
    page: Page, rita: User, nora: Customer, mug: Product
) -> None:
    sign_in(page, rita)
    for path in ("/desk/customers/", "/desk/payments/", "/desk/orders/"):
        page.goto(path)
        page.keyboard.press("n")
        page.wait_for_url("**/orders/new/")
    page.goto(f"/desk/customers/{nora.number}/")
    page.keyboard.press("?")
    keys = page.locator("#shortcuts dl")
    expect(keys).to_contain_text("New order")
    page.keyboard.press("Escape")
    page.keyboard.press("c")
    page.wait_for_url(f"**/complaints/new/?customer={nora.number}")
