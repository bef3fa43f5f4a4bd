"""A manager changes the days of a dashboard, reads a chart and follows a figure to its records."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from backoffice.tickets.models import Ticket
from frontdesk.customers.models import Customer
from frontdesk.orders.actions.place import place_order
from frontdesk.orders.actions.pricing import NewLine
from officeflow.catalogue.models import Product
from officeflow.staff.models import User
from tests.journeys.conftest import axe_clean, sign_in

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_manager_follows_a_figure_by_keyboard(
    page: Page, rita: User, maya: User, mug: Product, nora: Customer, drain: Callable[[], int]
) -> None:
    for _ in range(2):
        place_order(actor=rita, customer=nora, lines=[NewLine(product=mug, quantity=Decimal(1))])
    drain()
    late = Ticket.objects.filter(department="fulfilment").earliest("id")
    Ticket.objects.filter(pk=late.pk).update(due_at=timezone.now() - timedelta(hours=30))

    sign_in(page, maya)
    page.goto("/dashboards/handoffs/")
    page.get_by_role("link", name="7 days").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("link", name="7 days")).to_have_attribute("aria-current", "page")

    # Tab reaches a chart's first point; an arrow goes on to the next series, Enter follows.
    posted = page.locator("#chart-posted")
    first = posted.locator(".chart__link:visible").first
    first.focus()
    expect(first).to_have_attribute("tabindex", "0")
    expect(posted.get_by_role("link", name="Orders: 2")).to_be_focused()
    posted.locator("summary").focus()
    page.keyboard.press("Enter")
    expect(posted.get_by_role("table")).to_contain_text("Total")
    axe_clean(page)

    late_share = page.locator("#chart-late-by-department")
    late_share.locator(".chart__link:visible").first.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Tickets")).to_be_visible()
    expect(page.get_by_role("status").filter(has_text="1 ticket")).to_be_visible()
    page.get_by_role("link", name=late.number).focus()
    axe_clean(page)
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(rf"/office/tickets/{late.number}/$"))
