"""A complaint from the counter to a customer who is satisfied."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

import pytest
from playwright.sync_api import Page, expect

from backoffice.tickets.actions import complete_ticket, take_ticket
from backoffice.tickets.models import Ticket
from frontdesk.complaints.models import Complaint
from frontdesk.complaints.states import ComplaintState
from frontdesk.customers.models import Customer
from frontdesk.orders.actions.place import place_order
from frontdesk.orders.actions.pricing import NewLine
from officeflow.catalogue.models import Product
from officeflow.staff.models import User
from tests.journeys.conftest import axe_clean, sign_in

pytestmark = pytest.mark.django_db(transaction=True)


def answer_complaint(by: User, message: str) -> None:
    """Takes and completes the complaint's ticket."""
    ticket = Ticket.objects.get(department="fulfilment", kind="complaint", state="waiting")
    ticket = take_ticket(actor=by, ticket=ticket)
    complete_ticket(actor=by, ticket=ticket, outcome="upheld", message=message)


def test_a_complaint_is_logged_answered_reopened_and_confirmed(
    page: Page,
    rita: User,
    femi: User,
    nora: Customer,
    mug: Product,
    drain: Callable[[], int],
) -> None:
    order = place_order(
        actor=rita, customer=nora, lines=[NewLine(product=mug, quantity=Decimal(1))]
    )
    drain()
    sign_in(page, rita)
    page.goto(f"/desk/orders/{order.number}/")
    page.keyboard.press("c")
    expect(page.locator("#id_customer_name")).to_have_value("Nora Nordmann")
    page.keyboard.press("Control+Enter")
    expect(page.locator("[data-error-summary]")).to_be_visible()
    axe_clean(page)
    page.get_by_label("Goods").check()
    page.get_by_label("What happened?").fill("The mug is chipped")
    page.get_by_label("Line of the order").select_option(label="1 × Blue mug")
    page.get_by_label("High").check()
    page.get_by_role("button", name="Log complaint").click()
    badges = page.locator("#complaint-badges")
    expect(badges).to_contain_text("Logged")
    complaint = Complaint.objects.get()
    assert (complaint.order, complaint.severity) == (order, "high")
    assert complaint.product == mug
    axe_clean(page)

    drain()
    answer_complaint(femi, "A new mug is on its way")
    drain()
    expect(badges).to_contain_text("Answer ready")
    page.keyboard.press("t")
    expect(page.locator("#what-to-say")).to_contain_text("A new mug is on its way")
    axe_clean(page)
    page.get_by_label("What is the customer still unhappy about?").fill("She wants it today")
    page.get_by_role("button", name="Reopen for Fulfilment").click()
    expect(badges).to_contain_text("Reopened")

    drain()
    answer_complaint(femi, "Come and choose another one")
    drain()
    expect(badges).to_contain_text("Answer ready")
    page.goto("/desk/")
    page.locator(f"#need-{complaint.number}").click()
    expect(page.locator("#what-to-say")).to_contain_text("Come and choose another one")
    page.keyboard.press("y")
    expect(badges).to_contain_text("Confirmed")
    complaint.refresh_from_db()
    assert complaint.state == ComplaintState.CONFIRMED


def test_a_conduct_complaint_is_not_shown_at_the_desk(
    page: Page, rita: User, nora: Customer, drain: Callable[[], int]
) -> None:
    sign_in(page, rita)
    page.goto("/desk/")
    page.keyboard.press("c")
    expect(page.locator("#id_customer_name")).to_be_focused()
    page.keyboard.insert_text("nora")
    expect(page.get_by_role("option").first).to_be_visible()
    page.keyboard.press("Enter")
    note = page.get_by_text("Only HR can read this")
    expect(note).to_be_hidden()
    page.get_by_label("Conduct of a colleague").check()
    expect(note).to_be_visible()
    axe_clean(page)
    page.get_by_label("What happened?").fill("He shouted at me")
    page.get_by_role("button", name="Log complaint").click()
    expect(page.locator("#complaint-badges")).to_contain_text("Sealed")
    axe_clean(page)
    drain()
    for address in (page.url, "/desk/", "/desk/complaints/", "/desk/search/?q=nora"):
        page.goto(address)
        expect(page.locator("body")).to_contain_text(Complaint.objects.get().number)
        expect(page.locator("body")).not_to_contain_text("shouted")
