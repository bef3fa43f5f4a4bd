"""A real browser on a live office: the fixtures and helpers of the browser tests.

    from tests.journeys.conftest import axe_clean, sign_in

    def test_order_with_the_keyboard_alone(page, rita):
        sign_in(page, rita)
        page.goto("/desk/")
        axe_clean(page)

A test fails when the page raises a script error, writes an error to the console (a violation of
its content security policy is one) or requests another host.
"""

import os
import re
from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import Any

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from axe_playwright_python.sync_playwright import Axe
from django.test import Client
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Error,
    Page,
    Request,
    expect,
    sync_playwright,
)

from backoffice.tickets.models import Ticket
from officeflow.local.browser import find_chromium
from officeflow.local.var_folder import PROJECT
from officeflow.staff.models import User
from tests.journeys.keys import BETWEEN_KEYS
from tests.tickets.conftest import ordered  # noqa: F401 (a fixture)

MISSING = "NO BROWSER: install Chromium or Chrome, or set CHROMIUM to one; `make test` tries to"
AXE_TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
ALL_RULES = {"type": "tag", "values": AXE_TAGS}
ON_COLOURS = {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}
# The fast rules for what can be wrong in a page whose parts were all checked on others.
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
TIMEOUT = 20_000  # milliseconds


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Marks the tests of this folder as journeys."""
    for item in items:
        if "journeys" in item.path.parts:
            item.add_marker(pytest.mark.journey)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Iterator[None]:
    """Takes a screenshot of the page on which a test failed."""
    report: Any = yield
    page = getattr(item, "funcargs", {}).get("page")
    if report.failed and report.when == "call" and isinstance(page, Page):
        path = PROJECT / "test-results" / (re.sub(r"[^\w.-]+", "_", item.nodeid) + ".png")
        try:
            page.screenshot(path=path, full_page=True)
        except Exception as error:  # the report must not fail
            report.sections.append(("page", f"no screenshot: {error}"))
        else:
            report.sections.append(("page", f"{page.url}, screenshot in {path}"))
    return report


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One browser for each worker; without one the tests are skipped, or fail under CI."""
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
    """One window for all tests of a worker, which loads styles and scripts only once.

    It closes before the database is dropped, so that no request is still open.
    """
    context = browser.new_context(
        base_url=live_server.url,
        viewport={"width": WIDTH, "height": HEIGHT},
        locale="en-GB",
        reduced_motion="reduce",
    )
    context.set_default_timeout(TIMEOUT)
    yield context
    context.close()


def by_hand(page: Page) -> None:
    """Lets the keys of a page have the time between them that hands need."""

    def later(act: Callable[..., None], **own: Any) -> Callable[..., None]:
        def press(keys: str, **options: Any) -> None:
            page.wait_for_load_state()  # the scripts that handle keys load after the text
            page.wait_for_timeout(BETWEEN_KEYS)  # closer keys are a scanner's
            act(keys, **{**own, **options})

        return press

    page.keyboard.press = later(page.keyboard.press)  # type: ignore[method-assign]
    page.keyboard.type = later(page.keyboard.type, delay=BETWEEN_KEYS)  # type: ignore[method-assign]


@pytest.fixture
def page(window: BrowserContext, live_server: Any) -> Iterator[Page]:
    """A new page of the live office without a session; addresses need no host."""
    expect.set_options(timeout=TIMEOUT)
    page = window.new_page()
    problems: list[str] = []

    def check_console(message: ConsoleMessage) -> None:
        # A request that fails, or answers 4xx, is a line too, which the test expects.
        expected = ("Failed to load resource", "Response Status Error Code", "htmx:")
        is_expected = message.text.startswith(expected)
        if message.type == "error" and not is_expected:
            problems.append(message.text)

    def check_request(request: Request) -> None:
        if not request.url.startswith((live_server.url, "data:", "blob:", "about:")):
            problems.append(f"request to another host: {request.url}")

    by_hand(page)
    page.on("pageerror", lambda error: problems.append(f"script error: {error}"))
    page.on("console", check_console)
    page.on("request", check_request)
    yield page
    storage = {"origin": live_server.url, "storageTypes": "local_storage"}
    window.new_cdp_session(page).send("Storage.clearDataForOrigin", storage)
    # Open requests would fail on the emptied tables, and so would drafts that are saved on leaving.
    for opened in window.pages:
        with suppress(Error):  # the page is being left
            opened.evaluate("for (const form of document.forms) form.dataset.sent = '1'")
        with suppress(Error):
            opened.goto("about:blank")  # closing a page that is being left never ends
        opened.close()
    window.clear_cookies()
    assert not problems, "\n".join(problems)


@pytest.fixture
def waiting(ordered: Callable[..., Ticket]) -> list[Ticket]:  # noqa: F811
    """Three orders' tickets, the first due first."""
    return [ordered() for _ in range(3)]


def sign_in(page: Page, user: User) -> None:
    """Gives the window a session of this person."""
    # A page that refreshes itself would notice the change and redirect.
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
    """Returns the live office's address; opens a page first in a new window."""
    if not page.url.startswith("http"):
        page.goto("/healthz")
    return page.evaluate("location.origin")


def axe_clean(
    page: Page,
    *,
    themes: tuple[str, ...] = ("light",),
    within: dict[str, Any] | None = None,
    rules: dict[str, Any] = ALL_RULES,
) -> None:
    """Asserts that axe finds no violation on the page, or in the part that `within` selects.

    All rules are checked in the first colour scheme, in others only the rules on colours. The
    colours of all components are checked on the style guide.
    """
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE_SCRIPT)
    found: list[str] = []
    for index, theme in enumerate(themes):
        page.emulate_media(color_scheme=theme)  # type: ignore[arg-type]
        # Without the passed rules, whose transfer takes longer than the check.
        options = {"runOnly": ON_COLOURS if index else rules, "resultTypes": ["violations"]}
        # A part whose answer is awaited is dimmed: a request may have begun during the first check.
        for _ in range(2):
            expect(page.locator(".htmx-request")).to_have_count(0)
            violations = Axe("").run(page, context=within, options=options).response["violations"]
            if not any(each["id"] == "color-contrast" for each in violations):
                break
        for violation in violations:
            found.append(f"{theme}: {violation['id']} ({violation['impact']}): {violation['help']}")
            for node in violation["nodes"][:5]:
                found.append(f"    {node['target']} {node['html'][:160]}")
                found.append(f"    {' '.join(node.get('failureSummary', '').split())[:300]}")
    page.emulate_media(color_scheme="light")
    assert not found, f"{page.url}\n" + "\n".join(found)
