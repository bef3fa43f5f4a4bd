"""A person sets a second factor up, keeps the recovery codes and signs in with one."""

from __future__ import annotations

import pyotp
from playwright.sync_api import Page, expect

from officeflow.staff.models import User
from tests.journeys.conftest import axe_clean, sign_in
from tests.people import PASSWORD


def test_a_second_factor_is_set_up_and_asked_for(page: Page, rita: User) -> None:
    sign_in(page, rita)
    page.goto("/you/")
    page.get_by_role("link", name="Set up").click()
    expect(page.get_by_role("img", name="QR code with the key")).to_be_visible()
    axe_clean(page)
    key = page.locator("[data-key]").inner_text().replace(" ", "")
    page.get_by_label("Code from the app").fill("12345")
    page.get_by_label("Your password").fill(PASSWORD)
    page.keyboard.press("Enter")
    # The key is still the one that the phone has scanned.
    expect(page.get_by_role("alert")).to_contain_text("This code is wrong")
    assert page.locator("[data-key]").inner_text().replace(" ", "") == key
    page.get_by_label("Code from the app").fill(pyotp.TOTP(key).now())
    page.get_by_label("Your password").fill(PASSWORD)
    page.keyboard.press("Enter")
    codes = page.locator("[data-recovery-codes] code")
    expect(codes).to_have_count(10)
    axe_clean(page)
    recovery = codes.first.inner_text()
    page.get_by_role("link", name="I kept them: continue").click()

    page.context.clear_cookies()
    page.goto("/desk/")
    page.get_by_label("User name").fill(rita.username)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.get_by_label("Code")).to_be_focused()
    axe_clean(page)
    page.keyboard.insert_text(recovery)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Counter")).to_be_visible()
