"""A manager imports orders: chooses the file, sees the preview, runs it, reads the report."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from frontdesk.orders.models import Order
from officeflow.company.models import Office
from officeflow.imports import leases
from officeflow.staff.models import User
from tests.journeys.conftest import axe_clean, sign_in

pytestmark = pytest.mark.django_db(transaction=True)
EXCERPT = Path(__file__).parents[1] / "data" / "online_retail_excerpt.csv"


def test_a_day_is_imported_without_a_worker(
    page: Page,
    maya: User,
    office: Office,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(leases, "IDLE_SECONDS", 0)
    sign_in(page, maya)
    page.goto("/imports/")
    page.locator("#content").get_by_role("link", name="Orders", exact=True).focus()
    page.keyboard.press("Enter")
    page.get_by_label("File").set_input_files(EXCERPT)
    page.get_by_role("button", name="Upload").press("Enter")
    # The columns are proposed; the orders are old, and the person wants them as new work.
    expect(page.get_by_label("StockCode")).to_have_value("Product code")
    expect(page.get_by_label("All: only record them")).to_be_checked()
    axe_clean(page)
    page.get_by_label("None: all orders are new work").check()
    page.get_by_role("button", name="Check the rows").press("Enter")
    expect(page.get_by_text("36 to import + 7 refused + 0 already there = 43 rows")).to_be_visible()
    assert Order.objects.count() == 0
    page.get_by_role("link", name="Refused 7").press("Enter")
    expect(page.get_by_text("The price is 0.").first).to_be_visible()
    # The link goes to the rows, where the top bar covers a part of the page's buttons.
    page.evaluate("scrollTo(0, 0)")
    axe_clean(page, themes=("dark",))

    page.locator("#start").press("Enter")
    # The open page runs the import and then shows the result.
    expect(page.get_by_text("What was created")).to_be_visible()
    expect(page.get_by_text("36 imported + 7 refused + 0 already there = 43 rows")).to_be_visible()
    with page.expect_download() as download:
        page.get_by_role("link", name="Report as CSV").click()
    assert len(download.value.path().read_text("utf-8-sig").splitlines()) == 44
    assert Order.objects.count() == 10
    axe_clean(page)

    # The rows link to the orders that were created.
    page.get_by_role("link", name="SO-").first.click()
    expect(page.get_by_text("online-retail 539761, United Kingdom")).to_be_visible()
