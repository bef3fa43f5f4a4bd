"""A mistyped name finds the customer by keyboard and creates no second record."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, Route, expect

from frontdesk.customers.models import Customer
from frontdesk.orders.models import Order
from officeflow.catalogue.models import Product
from officeflow.staff.models import User
from tests.factories import CustomerFactory
from tests.journeys.conftest import axe_clean, sign_in

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_later_answer_keeps_the_focus_on_the_result(page: Page, rita: User) -> None:
    CustomerFactory(name="Tomáš Dvořák")
    CustomerFactory(name="Tom Dale")
    held: list[Route] = []
    sign_in(page, rita)
    page.goto("/search/?q=tom+d")
    page.route("**/search/?q=**", lambda route: held.append(route))
    box, hits = page.locator("#page-search"), page.locator("a[data-hit]")
    with page.expect_request("**/search/?q=**"):
        page.keyboard.type("v")
    page.keyboard.press("ArrowDown")
    kept = page.get_by_role("link", name="Tomáš Dvořák")
    if hits.first.inner_text() != "Tomáš Dvořák":
        page.keyboard.press("ArrowDown")
    expect(kept).to_be_focused()
    held[-1].continue_()
    expect(hits).to_have_count(1)
    expect(kept).to_be_focused()

    with page.expect_request("**/search/?q=**"):
        page.keyboard.type("q")
    page.keyboard.press("ArrowDown")
    expect(kept).to_be_focused()
    held[-1].continue_()
    expect(hits).to_have_count(0)
    expect(box).to_be_focused()


def test_a_mistyped_name_finds_the_customer_and_creates_no_second_record(
    page: Page, rita: User, mug: Product
) -> None:
    customer = CustomerFactory(
        name="Tomáš Dvořák",
        phone="020 7946 0106",
        phone_key="+442079460106",
    )
    sign_in(page, rita)
    page.goto("/desk/customers/")
    page.keyboard.press("/")
    page.keyboard.type("dvroak")
    page.keyboard.press("Enter")
    box = page.locator("#page-search")
    expect(box).to_be_focused()
    expect(page.get_by_text("Did you mean one of these?")).to_be_visible()
    axe_clean(page)
    box.fill("")
    page.keyboard.type("tomas dvořk")
    hit = page.get_by_role("link", name="Tomáš Dvořák")
    expect(hit).to_be_visible()
    page.keyboard.press("ArrowDown")
    expect(hit).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text(customer.name)
    axe_clean(page)

    page.goto("/desk/orders/new/")
    expect(page.locator("#id_customer_name")).to_be_focused()
    page.keyboard.insert_text("Thomas D")
    # The known customer is proposed first, a new one is one key further.
    expect(page.get_by_role("option").last).to_contain_text("as a new customer")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.locator("#id_new_phone")).to_be_focused()
    page.keyboard.type("+44 20 7946 0106")
    page.keyboard.press("Tab")
    alike = page.locator("[data-duplicates]")
    expect(alike).to_contain_text("same phone")
    axe_clean(page)
    alike.get_by_role("button", name="Use this customer").press("Enter")
    expect(page.locator("#id_customer")).to_have_value(customer.number)
    expect(page.locator("[data-line-product]").first).to_be_focused()
    page.keyboard.insert_text("mug")
    expect(page.get_by_role("option").first).to_be_visible()
    page.keyboard.press("Enter")
    expect(page.locator("#order-totals")).to_contain_text("12.00")
    page.keyboard.press("Control+Enter")
    expect(page.locator("h1")).to_contain_text("SO-")
    assert Order.objects.get().customer == customer
    assert Customer.objects.count() == 1


def test_the_box_in_the_top_bar_shows_results_while_typing(page: Page, rita: User) -> None:
    customer = CustomerFactory(name="Tomáš Dvořák", address="Quay 7, London SW1A 1AA")
    sign_in(page, rita)
    page.goto("/desk/customers/")
    page.keyboard.press("/")
    page.keyboard.type("sw1a1aa")
    hit = page.locator("#global-results").get_by_role("link", name="Tomáš Dvořák")
    expect(hit).to_be_visible()
    axe_clean(page)
    page.keyboard.press("Escape")
    expect(hit).not_to_be_visible()
    page.keyboard.type(" ")
    page.keyboard.press("Backspace")
    expect(hit).to_be_visible()
    page.keyboard.press("ArrowDown")
    expect(hit).to_be_focused()
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/desk/customers/{customer.number}/")
