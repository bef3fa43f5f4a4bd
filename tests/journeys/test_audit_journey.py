"""A manager searches the audit trail, opens a record and exports a list."""

from __future__ import annotations

import re
from decimal import Decimal

from playwright.sync_api import Page, expect

from frontdesk.orders.actions.place import place_order
from frontdesk.orders.actions.pricing import NewLine
from officeflow.audit.models import AuditEntry
from tests.journeys.conftest import axe_clean, sign_in


def test_a_manager_searches_the_audit_trail_and_exports_a_list(
    page: Page, maya, rita, nora, mug
) -> None:
    lines = [NewLine(product=mug, quantity=Decimal(1))]
    order = place_order(actor=rita, customer=nora, lines=lines)
    sign_in(page, maya)
    page.goto("/administration/audit/")
    page.locator("#id_who").select_option(label="Rita Receptionist")
    page.locator("#id_kind").select_option(label="Orders")
    page.get_by_role("main").get_by_role("button", name="Search").click()
    expect(page).to_have_url(re.compile("who=rita.*kind=order"))
    row = page.get_by_role("row").filter(has_text="Rita Receptionist placed order")
    expect(row).to_contain_text(order.number)
    axe_clean(page)
    row.get_by_role("link", name=order.number).click()
    expect(page.get_by_role("heading", level=1)).to_contain_text(order.number)

    page.goto("/desk/orders/?show=open")
    page.locator(".export-menu > summary").focus()
    page.keyboard.press("Enter")
    axe_clean(page)
    page.keyboard.press("Tab")
    with page.expect_download() as waiting:
        page.keyboard.press("Enter")
    text = waiting.value.path().read_text(encoding="utf-8-sig")
    assert waiting.value.suggested_filename.startswith("the-paper-lantern-orders-")
    assert [line.split(",")[0] for line in text.splitlines()] == ["Order", order.number]
    entry = AuditEntry.objects.get(action="export_list")
    assert entry.changes["filter"] == [None, "show=open"]
