"""``make screenshots``: pictures of the running demo office for docs/screenshots/."""

import os
import subprocess
import sys
from collections.abc import Mapping
from typing import TYPE_CHECKING

from officeflow.local.browser import ensure_chromium
from officeflow.local.output import say
from officeflow.local.places import PROJECT, OfficeError

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

FOLDER = PROJECT / "docs" / "screenshots"
WIDTH, HEIGHT = 1280, 800

# Whose page, which name, where it is; "link …" follows the first link whose address holds it.
PICTURES = (
    ("receptionist", "counter", "/desk/", ""),
    ("receptionist", "order", "/desk/orders/", "/desk/orders/SO-"),
    ("fulfilment", "queue", "/office/queue/fulfilment/", ""),
    ("manager", "wall", "/dashboards/handoffs/", ""),
)


def screenshots(environment: Mapping[str, str]) -> int:
    """Sign in to the running office as its demo people and take every picture.

    Raises:
        OfficeError: no office runs at the port, it is not the demo company, or no browser starts.
    """
    from playwright.sync_api import Error, sync_playwright

    program = ensure_chromium()
    if program is None:
        raise OfficeError("no browser starts, so there are no pictures: install Chromium")
    people = sign_ins()
    address = f"http://127.0.0.1:{environment.get('PORT') or 8000}"
    FOLDER.mkdir(parents=True, exist_ok=True)
    arguments = ["--no-sandbox"] if os.geteuid() == 0 else []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=arguments)
        try:
            for role, name, place, link in PICTURES:
                page = signed_in(browser, address, *people[role])
                page.goto(place)
                if link:
                    page.locator(f"main a[href*='{link}']").first.click()
                page.wait_for_load_state("networkidle")
                page.screenshot(path=FOLDER / f"{name}.png")
                page.context.close()
                say(f"docs/screenshots/{name}.png")
        except Error as error:
            reason = error.message.splitlines()[0]
            raise OfficeError(
                f"{address} shows no demo office; `make run` first: {reason}"
            ) from None
        finally:
            browser.close()
    return 0


def sign_ins() -> dict[str, tuple[str, str]]:
    """The user and password of each role, as the running office tells them."""
    command = [sys.executable, "-m", "officeflow.local", "manage", "demo", "--sign-ins"]
    done = subprocess.run(command, cwd=PROJECT, stdout=subprocess.PIPE, text=True, check=False)
    rows = [line.split("\t") for line in done.stdout.splitlines() if line.count("\t") == 2]
    if not rows:
        raise OfficeError("this office is not the demo company, so nobody's sign-in is known")
    return {role: (user, password) for role, user, password in rows}


def signed_in(browser: "Browser", address: str, user: str, password: str) -> "Page":
    """A fresh window in which the person has signed in."""
    context = browser.new_context(
        base_url=address,
        viewport={"width": WIDTH, "height": HEIGHT},
        color_scheme="light",
        locale="en-GB",
    )
    page = context.new_page()
    page.goto("/sign-in/")
    page.fill("input[name=username]", user)
    page.fill("input[name=password]", password)
    page.press("input[name=password]", "Enter")
    page.wait_for_url(lambda url: "/sign-in/" not in url)
    return page
