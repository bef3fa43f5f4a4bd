"""A real browser on a live office: the fixtures and helpers of every journey.

    from tests.journeys.conftest import axe_clean, sign_in

    def test_order_with_the_keyboard_alone(page, rita):
        sign_in(page, rita)
        page.goto("/desk/")
        axe_clean(page)

A journey fails when the page throws, breaks its own content security policy, or asks another host.
"""

import os
import re
from collections.abc import Iterator
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.test import Client
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Page,
    Request,
    expect,
    sync_playwright,
)

from officeflow.local.browser import find_chromium
from officeflow.local.var_folder import PROJECT
from officeflow.staff.models import User

MISSING = "NO BROWSER: install Chromium or Chrome, or set CHROMIUM to one; `make test` tries to"
AXE_TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
ALL_RULES = {"type": "tag", "values": AXE_TAGS}
ON_COLOURS = {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}
# What can be wrong with a page of parts that are right each by itself; quickly asked.
ON_NAMES = {
    "type": "rule",
    "values": [
        "aria-input-field-name",
        "button-name",
        "document-title",
        "duplicate-id-aria",
        "empty-table-header",
        "heading-order",
        "html-has-lang",
        "image-alt",
        "label",
        "link-name",
        "page-has-heading-one",
        "select-name",
    ],
}
WIDTH, HEIGHT = 1280, 900
PATIENCE = 20_000  # milliseconds for anything to appear


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Everything in this folder is a journey."""
    for item in items:
        if "journeys" in item.path.parts:
            item.add_marker(pytest.mark.journey)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Iterator[None]:
    """Keep a picture of the page on which a journey failed."""
    report: Any = yield
    page = getattr(item, "funcargs", {}).get("page")
    if report.failed and report.when == "call" and isinstance(page, Page):
        path = PROJECT / "test-results" / (re.sub(r"[^\w.-]+", "_", item.nodeid) + ".png")
        try:
            page.screenshot(path=path, full_page=True)
        except Exception as error:  # the report matters more than the picture
            report.sections.append(("page", f"no picture: {error}"))
        else:
            report.sections.append(("page", f"{page.url}, pictured in {path}"))
    return report


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One browser for each worker; skipped where there is none, and a failure under CI."""
    program = find_chromium()
    if program is None:
        if os.environ.get("CI", "").lower() in ("true", "1"):
            pytest.fail(MISSING)
        pytest.skip(MISSING)
    arguments = ["--disable-background-networking", "--disable-dev-shm-usage"]
    if os.geteuid() == 0:
        arguments.append("--no-sandbox")
    with sync_playwright() as playwright:
        found = playwright.chromium.launch(executable_path=program, args=arguments)
        yield found
        found.close()


@pytest.fixture(scope="session")
def window(browser: Browser, live_server: Any, django_db_setup: None) -> Iterator[BrowserContext]:
    """One window for all journeys of a worker, which fetches styles and scripts only once.

    It closes before the database goes, and with it what the office still keeps open for it.
    """
    context = browser.new_context(
        base_url=live_server.url,
        viewport={"width": WIDTH, "height": HEIGHT},
        locale="en-GB",
        reduced_motion="reduce",
    )
    context.set_default_timeout(PATIENCE)
    yield context
    context.close()


@pytest.fixture
def page(window: BrowserContext, live_server: Any) -> Iterator[Page]:
    """A fresh page on the live office, where nobody was before; addresses need no host."""
    expect.set_options(timeout=PATIENCE)
    page = window.new_page()
    complaints: list[str] = []

    def heard(message: ConsoleMessage) -> None:
        if message.type == "error" and "Content Security Policy" in message.text:
            complaints.append(message.text)

    def asked(request: Request) -> None:
        if not request.url.startswith((live_server.url, "data:", "blob:", "about:")):
            complaints.append(f"asked another host: {request.url}")

    press = page.keyboard.press

    def press_on_a_whole_page(key: str, **how: Any) -> None:
        page.wait_for_load_state()  # words are seen before the scripts that hear keys
        press(key, **how)

    page.keyboard.press = press_on_a_whole_page  # type: ignore[method-assign]
    page.on("pageerror", lambda error: complaints.append(f"script error: {error}"))
    page.on("console", heard)
    page.on("request", asked)
    yield page
    forget = {"origin": live_server.url, "storageTypes": "local_storage"}
    window.new_cdp_session(page).send("Storage.clearDataForOrigin", forget)
    # A request that is still being answered would meet the emptied tables.
    for opened in window.pages:
        opened.close()
    window.clear_cookies()
    assert not complaints, "\n".join(complaints)


def sign_in(page: Page, user: User) -> None:
    """Give the window the session of this person, as if they had just signed in."""
    # A page that keeps itself fresh would notice the change, and go elsewhere by itself.
    address = address_of(page)
    page.goto(f"{address}/healthz")
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    cookie = client.cookies["sessionid"]
    page.context.clear_cookies()
    page.context.add_cookies(
        [
            {
                "name": "sessionid",
                "value": cookie.value,
                "url": address,
                "httpOnly": True,
                "sameSite": "Lax",
            }
        ]
    )


def address_of(page: Page) -> str:
    """The live office's address, which a window that was opened nowhere learns first."""
    if not page.url.startswith("http"):
        page.goto("/healthz")
    return page.evaluate("location.origin")


def axe_clean(
    page: Page,
    *,
    themes: tuple[str, ...] = ("light", "dark"),
    within: dict[str, Any] | None = None,
    rules: dict[str, Any] = ALL_RULES,
) -> None:
    """Assert that axe finds nothing on the page as it is now, or within axe's context for it.

    The rules are asked once; in a second colour scheme only what depends on colours.
    """
    found = []
    for place, theme in enumerate(themes):
        page.emulate_media(color_scheme=theme)  # type: ignore[arg-type]
        # Only what is wrong is told: the rest would cost more to carry over than to find.
        options = {"runOnly": ON_COLOURS if place else rules, "resultTypes": ["violations"]}
        results = Axe().run(page, context=within, options=options)
        for violation in results.response["violations"]:
            found.append(f"{theme}: {violation['id']} ({violation['impact']}): {violation['help']}")
            for node in violation["nodes"][:5]:
                found.append(f"    {node['target']} {node['html'][:160]}")
                found.append(f"    {' '.join(node.get('failureSummary', '').split())[:300]}")
    page.emulate_media(color_scheme="light")
    assert not found, f"{page.url}\n" + "\n".join(found)
