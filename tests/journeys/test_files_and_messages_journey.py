"""A photo that the department sees, and a message in the mailbox."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

import pytest
from django.conf import settings
from playwright.sync_api import Page, expect

from backoffice.tickets.models import Ticket
from frontdesk.complaints.models import Complaint
from frontdesk.customers.models import Customer
from frontdesk.orders.actions.place import place_order
from frontdesk.orders.actions.pricing import NewLine
from officeflow.catalogue.models import Product
from officeflow.staff.models import User
from tests.attachments.conftest import picture
from tests.journeys.conftest import axe_clean, sign_in

pytestmark = pytest.mark.django_db(transaction=True)


def test_the_department_sees_the_photo_of_a_complaint(
    page: Page, rita: User, femi: User, nora: Customer, drain: Callable[[], int]
) -> None:
    sign_in(page, rita)
    page.goto(f"/desk/complaints/new/?customer={nora.number}")
    page.get_by_label("Goods").check()
    page.locator("[data-attach-input]").first.set_input_files(
        [
            {"name": "mug.jpg", "mimeType": "image/jpeg", "buffer": picture(size=(80, 60))},
            {"name": "notes.txt", "mimeType": "text/plain", "buffer": b"It is chipped."},
        ]
    )
    expect(page.locator("#draft-files")).to_contain_text("mug.jpg")
    expect(page.locator(".attach__wrong")).to_contain_text("Use JPEG")
    # An error in another field loses no file.
    page.keyboard.press("Control+Enter")
    expect(page.locator("[data-error-summary]")).to_be_visible()
    expect(page.locator("#draft-files")).to_contain_text("mug.jpg")
    axe_clean(page)
    page.get_by_label("What happened?").fill("The mug is chipped")
    page.get_by_role("button", name="Log complaint").click()
    expect(page.locator("#files")).to_contain_text("mug.jpg")
    axe_clean(page)

    drain()
    ticket = Ticket.objects.get(subject=Complaint.objects.get().number)
    sign_in(page, femi)
    page.goto(f"/office/tickets/{ticket.number}/")
    shown = page.locator("#files .files img").first
    expect(shown).to_be_visible()
    assert shown.evaluate("img => img.complete && img.naturalWidth > 0")


def test_a_placed_order_puts_a_message_into_the_mailbox(
    page: Page,
    rita: User,
    nora: Customer,
    mug: Product,
    drain: Callable[[], int],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(settings, "MAIL_MODE", "mailbox")
    sign_in(page, rita)
    order = place_order(
        actor=rita, customer=nora, lines=[NewLine(product=mug, quantity=Decimal(2))]
    )
    drain()
    page.goto(f"/desk/orders/{order.number}/")
    page.locator("#messages").get_by_role("link", name="Order placed").click()
    expect(page.locator("#message-text")).to_contain_text("2 × Blue mug: £24.00")
    axe_clean(page)
    page.keyboard.press("r")
    page.get_by_label("Why do you want to send it again?").fill("She lost it")
    page.get_by_role("button", name="Send again").click()
    expect(page.locator("h1")).to_contain_text(order.number)
    drain()
    page.goto("/desk/messages/")
    expect(page.locator("tbody tr")).to_have_count(2)
    expect(page.locator(".notice")).to_contain_text("No e-mail is sent")
    axe_clean(page)
