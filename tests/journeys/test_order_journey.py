"""An order from placing to handing over, with the keyboard alone."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from decimal import Decimal

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from backoffice.tickets.actions import complete_ticket, return_ticket, take_ticket
from backoffice.tickets.models import Ticket
from frontdesk.customers.models import Customer
from frontdesk.orders.actions.place import place_order
from frontdesk.orders.actions.pricing import NewLine
from frontdesk.orders.models import Order
from frontdesk.orders.states import BillingState, OrderState
from officeflow.catalogue.models import Product
from officeflow.staff.models import User
from tests.factories import make_product
from tests.journeys.conftest import axe_clean, sign_in

pytestmark = pytest.mark.django_db(transaction=True)

BARCODE = "5012345678900"
RECORD_MOUSE_EVENTS = """
    for (const kind of ["pointerdown", "mousedown", "touchstart"]) {
        addEventListener(kind, () => sessionStorage.setItem("mouse", kind), true);
    }
"""


@pytest.fixture
def keyboard(page: Page) -> Iterator[Page]:
    """A page on which the test fails after any mouse event."""
    page.add_init_script(RECORD_MOUSE_EVENTS)
    yield page
    assert page.evaluate("sessionStorage.getItem('mouse')") is None


def choose(page: Page, text: str) -> None:
    """Types into a combobox and chooses the first option."""
    page.keyboard.insert_text(text)
    expect(page.get_by_role("option").first).to_be_visible()
    page.keyboard.press("Enter")


def expect_focus(page: Page, selector: str) -> None:
    expect(page.locator(selector)).to_be_focused()


def tab_to(page: Page, selector: str) -> None:
    """Presses Tab until the control has the focus."""
    for _ in range(60):
        if page.locator(selector).evaluate("each => each === document.activeElement"):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"Tab does not lead to {selector}")


def test_an_order_goes_from_the_counter_to_the_customer(
    keyboard: Page,
    rita: User,
    femi: User,
    nora: Customer,
    mug: Product,
    lamp: Product,
    drain: Callable[[], int],
) -> None:
    page = keyboard
    Product.objects.filter(pk=lamp.pk).update(barcode=BARCODE)
    sign_in(page, rita)
    page.goto("/desk/")
    page.keyboard.press("n")
    expect_focus(page, "#id_customer_name")
    choose(page, "nora")
    expect_focus(page, "#id_line-0-product")
    axe_clean(page)
    choose(page, "blue")
    expect_focus(page, "#id_line-0-quantity")
    page.keyboard.type("2")
    page.keyboard.press("Enter")
    expect_focus(page, "#id_line-1-product")
    # A scanner presses Enter before the list appears.
    page.keyboard.type(BARCODE)
    page.keyboard.press("Enter")
    expect_focus(page, "#id_line-1-quantity")
    expect(page.locator("#id_line-1-product")).to_have_value("LAMP Paper lamp")
    page.keyboard.press("Tab")
    page.keyboard.type("10")
    expect(page.locator("#line-1-total")).to_have_text("£40.95")
    expect(page.locator(".till__total")).to_contain_text("£64.95")
    page.keyboard.press("Enter")
    expect_focus(page, "#id_line-2-product")
    # Enter never places the order; its button does.
    page.keyboard.press("Enter")
    expect(page.get_by_text("Press Ctrl and Enter to place it")).to_be_visible()
    expect_focus(page, "#id_line-2-product")
    tab_to(page, "#place-order")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("SO-")
    order = Order.objects.get()
    assert [str(line) for line in order.lines.all()] == ["2 × Blue mug", "1 × Paper lamp"]
    assert order.customer == nora

    drain()
    take_ticket(actor=femi, ticket=Ticket.objects.get(department="fulfilment"))
    drain()
    badges = page.locator("#order-badges")
    expect(badges).to_contain_text("In progress")
    expect(page.locator("#timeline")).to_contain_text("Femi Fulfilment")
    complete_ticket(actor=femi, ticket=Ticket.objects.get(department="fulfilment"))
    drain()
    expect(badges).to_contain_text("Ready for pick-up")
    axe_clean(page)

    page.keyboard.press("p")
    expect_focus(page, "#id_cash_given")
    page.keyboard.type("100")
    expect(page.locator("#change")).to_contain_text("£35.05")
    axe_clean(page)
    page.keyboard.press("Enter")
    expect(page.locator("#taken")).to_contain_text("£35.05")
    page.keyboard.press("h")
    expect(page.get_by_role("button", name="Hand over")).to_be_focused()
    axe_clean(page)
    page.keyboard.press("Enter")
    expect(badges).to_contain_text("Completed")
    drain()
    expect(badges).to_contain_text("Paid")
    order.refresh_from_db()
    assert (order.state, order.billing_state) == (OrderState.COMPLETED, BillingState.PAID)


def test_a_new_customer_is_added_and_an_invalid_form_keeps_its_values(
    keyboard: Page, rita: User, mug: Product
) -> None:
    page = keyboard
    sign_in(page, rita)
    page.goto("/desk/orders/new/")
    expect_focus(page, "#id_customer_name")
    choose(page, "020 7946 0111")
    expect_focus(page, "#id_new_name")
    page.keyboard.type("Émile Žižka")
    page.keyboard.press("Enter")
    expect_focus(page, "#id_new_phone")
    page.keyboard.press("Enter")
    expect_focus(page, "#id_new_email")
    page.keyboard.type("nowhere")
    tab_to(page, "#id_line-0-product")
    choose(page, "mug")
    expect_focus(page, "#id_line-0-quantity")
    page.keyboard.type("1.5")
    page.keyboard.press("Control+Enter")
    expect_focus(page, "#id_new_email")
    expect(page.locator("#id_new_email-error")).to_contain_text("Enter an e-mail address")
    expect(page.locator("#id_line-0-quantity-error")).to_contain_text("by the piece")
    axe_clean(page)
    expect(page.locator("#id_new_phone")).to_have_value("020 7946 0111")
    expect(page.locator("#id_line-0-product")).to_have_value("MUG Blue mug")
    page.keyboard.press("Control+a")
    page.keyboard.type("emile@example.org")
    tab_to(page, "#id_line-0-quantity")
    page.keyboard.press("Control+a")
    page.keyboard.type("3")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("SO-")
    customer = Customer.objects.get()
    assert (customer.name, customer.email) == ("Émile Žižka", "emile@example.org")
    assert Order.objects.get().customer == customer


def test_lines_are_typed_by_code_and_removed(
    keyboard: Page, rita: User, mug: Product, lamp: Product
) -> None:
    page = keyboard
    Product.objects.filter(pk=lamp.pk).update(barcode=BARCODE)
    sign_in(page, rita)
    page.goto("/desk/orders/new/")
    expect_focus(page, "#id_customer_name")
    page.keyboard.press("Enter")
    page.keyboard.type("4000000000000")
    page.keyboard.press("Enter")
    expect(page.locator("#toasts")).to_contain_text("4000000000000 is not known")
    expect_focus(page, "#id_line-0-product")
    # What a scanner types too slowly to be recognised counts as a code in a quantity too.
    for code, focused in (("MUG", 0), (BARCODE, 1), ("MUG", 0)):
        page.keyboard.type(code)
        page.keyboard.press("Enter")
        expect_focus(page, f"#id_line-{focused}-quantity")
    expect(page.locator("#id_line-0-quantity")).to_have_value("2")
    expect(page.locator(".till__total")).to_contain_text("£69.50")
    tab_to(page, "#id_line-1-quantity")
    page.keyboard.press("Enter")
    expect_focus(page, "#id_line-2-product")
    # Backspace removes the empty line and nothing more.
    page.keyboard.press("Backspace")
    expect(page.locator("[data-line]")).to_have_count(2)
    expect_focus(page, "#id_line-1-quantity")
    page.keyboard.press("Backspace")
    expect(page.locator("#id_line-1-quantity")).to_have_value("1")
    tab_to(page, "[data-line='0'] [data-line-remove]")
    page.keyboard.press("Enter")
    expect(page.locator("[data-line]")).to_have_count(1)
    expect(page.locator(".till__total")).to_contain_text("£45.50")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("SO-")
    assert [str(line) for line in Order.objects.get().lines.all()] == ["1 × Paper lamp"]


def test_a_discount_with_decimals_is_seen_whole_on_a_phone(
    page: Page, rita: User, mug: Product
) -> None:
    sign_in(page, rita)
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto("/desk/orders/new/")
    page.locator("#id_line-0-product").click()
    choose(page, "mug")
    box = page.locator("#id_line-0-discount")
    box.fill("33.33")
    expect(page.locator(".till__total")).to_contain_text("£8.00")
    assert box.evaluate("each => each.scrollWidth <= each.clientWidth")


def test_a_returned_ticket_is_answered_at_the_desk(
    keyboard: Page,
    rita: User,
    femi: User,
    mug: Product,
    drain: Callable[[], int],
) -> None:
    page = keyboard
    sign_in(page, rita)
    page.goto("/desk/orders/new/")
    expect_focus(page, "#id_customer_name")
    page.keyboard.press("Enter")
    choose(page, "mug")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("SO-")
    drain()
    page.goto("/desk/")
    expect(page.locator("#needs-you")).to_contain_text("Nothing needs you right now")
    ticket = take_ticket(actor=femi, ticket=Ticket.objects.get(department="fulfilment"))
    return_ticket(actor=femi, ticket=ticket, reason="ask_customer", question="Blue or dark blue?")
    drain()
    expect(page.locator("#needs-you")).to_contain_text("Blue or dark blue?")
    axe_clean(page)
    tab_to(page, f"#need-{ticket.number}")
    page.keyboard.press("Enter")
    expect_focus(page, "#id_answer")
    axe_clean(page)
    page.keyboard.type("Dark blue")
    page.keyboard.press("Control+Enter")
    expect(page.locator("#timeline")).to_contain_text("Dark blue")
    drain()
    ticket.refresh_from_db()
    assert ticket.state == "taken"
    assert ticket.assignee == femi


def test_what_is_typed_into_a_refused_field_replaces_its_value(
    keyboard: Page, rita: User, mug: Product
) -> None:
    page = keyboard
    sign_in(page, rita)
    page.goto("/desk/orders/new/")
    expect_focus(page, "#id_customer_name")
    page.keyboard.press("Enter")
    choose(page, "mug")
    expect_focus(page, "#id_line-0-quantity")
    page.keyboard.type("0")
    page.keyboard.press("Control+Enter")
    expect(page.locator("[data-error-summary]")).to_be_visible()
    expect_focus(page, "#id_line-0-quantity")
    page.keyboard.type("3")
    expect(page.locator("#id_line-0-quantity")).to_have_value("3")
    # An amount that a page offers is replaced too.
    page.goto(f"/desk/till/{timezone.localdate()}/count/")
    expect_focus(page, "#id_opening_float")
    page.keyboard.type("100")
    expect(page.locator("#id_opening_float")).to_have_value("100")


def test_a_misspelt_customer_is_chosen_and_an_exact_code_at_once(
    keyboard: Page, rita: User, nora: Customer, mug: Product
) -> None:
    make_product("MUG-L", "Large mug", "15.00")
    make_product("CUP", "mug", "9.00")
    page = keyboard
    sign_in(page, rita)
    page.goto("/desk/orders/new/")
    expect_focus(page, "#id_customer_name")
    page.keyboard.insert_text("Nora Nordmamn")
    options = page.get_by_role("option")
    expect(options.first).to_contain_text("similar")
    expect(options.first).to_have_attribute("aria-selected", "true")
    # A new customer is one key away.
    page.keyboard.press("ArrowDown")
    expect(options.last).to_have_attribute("aria-selected", "true")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Enter")
    expect_focus(page, "#id_line-0-product")
    expect(page.locator(".customer-choice__warning")).to_contain_text("Nora Nordmann")
    page.keyboard.type("mug")
    page.keyboard.press("Enter")
    expect_focus(page, "#id_line-0-quantity")
    expect(page.locator("#id_line-0-product")).to_have_value("MUG Blue mug")


def test_escape_leaves_a_page_that_asks_and_no_typed_words(
    keyboard: Page, rita: User, femi: User, mug: Product, drain: Callable[[], int]
) -> None:
    line = NewLine(product=mug, quantity=Decimal(1))
    order = place_order(actor=rita, customer=None, lines=[line])
    drain()
    page = keyboard
    sign_in(page, rita)
    address = f"/desk/orders/{order.number}/"
    page.goto(f"{address}rush/")
    expect_focus(page, "#id_reason")
    page.keyboard.type("Soon")
    page.keyboard.press("Escape")
    expect(page.locator("#toasts")).to_contain_text("This form is not sent")
    expect(page.locator("#id_reason")).to_have_value("Soon")
    complete_ticket(actor=femi, ticket=take_ticket(actor=femi, ticket=Ticket.objects.get()))
    drain()
    for way in ("cancel", "hand-over"):
        page.goto(f"{address}{way}/")
        page.keyboard.press("Escape")
        page.wait_for_url(f"**{address}")
