"""A manager sees a dead hand-off and replays it."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from functools import partial

import pytest
from playwright.sync_api import Page, expect

from backoffice.accounting.reports import count_invoices
from frontdesk.customers.models import Customer
from frontdesk.orders.actions.place import place_order
from frontdesk.orders.actions.pricing import NewLine
from officeflow.catalogue.models import Product
from officeflow.dashboards.views import dead_letters
from officeflow.handoff.actions import replay_some
from officeflow.staff.models import User
from tests.consumers import refusing_consumer
from tests.journeys.conftest import axe_clean, sign_in

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_manager_replays_a_dead_handoff(
    page: Page,
    rita: User,
    maya: User,
    mug: Product,
    nora: Customer,
    drain: Callable[[], int],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def place_order_that_fails() -> str:
        reason = "the chart of accounts is not there yet"
        with refusing_consumer("accounting", "OrderPlaced", reason):
            order = place_order(
                actor=rita, customer=nora, lines=[NewLine(product=mug, quantity=Decimal(2))]
            )
            drain()
        return order.number

    number = place_order_that_fails()
    assert count_invoices([number]) == {}

    sign_in(page, maya)
    page.goto("/dashboards/handoffs/")
    panel = page.get_by_role("region", name="Hand-offs now")
    expect(panel.get_by_role("heading", name="Nothing is lost")).to_be_visible()
    expect(panel.get_by_text("the chart of accounts is not there yet")).to_be_visible()
    axe_clean(page)

    replay = panel.get_by_role("link", name=f"Replay Order placed {number}")
    replay.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Replay this hand-off?")).to_be_visible()
    axe_clean(page)
    page.get_by_role("button", name="Replay").click()
    expect(
        page.get_by_text("Enter a reason, so that colleagues can follow it later.").first
    ).to_be_visible()
    page.get_by_label("Reason").fill("The accounts are there now")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")

    # The dashboard refreshes itself while the hand-off is applied.
    expect(page.get_by_text("The hand-off is on its way again.")).to_be_visible()
    expect(panel.get_by_text("the chart of accounts")).to_have_count(0)
    drain()
    waiting = panel.locator(".equation__term", has_text="waiting")
    expect(waiting).to_have_text("0 waiting")
    assert count_invoices([number]) == {number: 1}
    axe_clean(page)

    # Several hand-offs are replayed in batches.
    monkeypatch.setattr(dead_letters, "replay_some", partial(replay_some, limit=1))
    numbers = {place_order_that_fails() for _ in range(3)}
    page.goto("/dashboards/handoffs/dead/")
    page.get_by_label("Error contains").fill("chart of accounts")
    page.keyboard.press("Enter")
    expect(page.get_by_role("link", name="Show all")).to_be_visible()
    axe_clean(page)
    page.get_by_role("link", name="Replay all 3").click()
    page.get_by_label("Reason").fill("The accounts are there now")
    page.get_by_role("button", name="Replay hand-offs").click()
    expect(page.get_by_text("3 of 3 replayed")).to_be_visible()
    expect(page.get_by_text("They are on their way.")).to_be_visible()
    axe_clean(page)
    drain()
    assert count_invoices(list(numbers)) == dict.fromkeys(numbers, 1)


def test_the_dashboard_fits_a_phone(page: Page, maya: User, mug: Product) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    sign_in(page, maya)
    page.goto("/dashboards/handoffs/")
    expect(page.get_by_role("heading", name="Nothing is lost")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    axe_clean(page)
