"""``make screenshots``: takes screenshots of the running demo office for docs/screenshots/."""

import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from PIL import Image

from officeflow.local.browser import ensure_chromium
from officeflow.local.output import say
from officeflow.local.var_folder import PROJECT, OfficeError

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

FOLDER = PROJECT / "docs" / "screenshots"
DESKTOP_SIZE = (1280, 800)
PHONE_SIZE = (390, 844)
COLOURS = 128  # in a PNG: enough for the pages, at a third of the size


@dataclass(frozen=True)
class Screenshot:
    """One page as one role sees it.

    With ``link`` the first link whose address contains it is followed. ``file`` is uploaded on the
    page; its preview is discarded after the screenshot.
    """

    role: str
    name: str
    path: str
    link: str = ""
    file: str = ""
    theme: Literal["light", "dark"] = "light"
    size: tuple[int, int] = DESKTOP_SIZE


PRICE_LIST = """Code,Name,Kind,Sold by,Price,Tax rate,Barcode,Is sold
MUG-OWL,Mug with owls,goods,piece,12.00,STANDARD,5060000200014,yes
MUG-HARE,Mug with hares,goods,piece,12.00,STANDARD,5060000200021,yes
CANDLE,Beeswax candle,goods,piece,7.50,,,yes
BOOK-TIDES,A Book of Tides,goods,piece,13.99,ZERO,9780000200035,yes
LAMP-CLIP,Clip lamp,goods,piece,free,STANDARD,,yes
"""

SCREENSHOTS = (
    Screenshot("receptionist", "counter", "/desk/"),
    Screenshot("receptionist", "order", "/desk/orders/?show=completed", "/desk/orders/SO-"),
    Screenshot("receptionist", "customer", "/desk/customers/?find=kestrel", "/desk/customers/CU-"),
    Screenshot("receptionist", "search", "/search/?q=lantern"),
    Screenshot("receptionist", "till", "/desk/till/"),
    Screenshot("receptionist", "mailbox", "/desk/messages/"),
    Screenshot("receptionist", "counter-phone", "/desk/", size=PHONE_SIZE),
    Screenshot("fulfilment", "queue", "/office/queue/fulfilment/"),
    Screenshot("fulfilment", "queue-dark", "/office/queue/fulfilment/", theme="dark"),
    Screenshot("manager", "handoffs", "/dashboards/handoffs/"),
    Screenshot("manager", "trade", "/dashboards/trade/"),
    Screenshot("manager", "trade-dark", "/dashboards/trade/", theme="dark"),
    Screenshot("administrator", "import", "/imports/new/products/", file=PRICE_LIST),
    Screenshot("administrator", "audit", "/administration/audit/"),
    Screenshot("administrator", "administration", "/administration/"),
)


def screenshots(environment: Mapping[str, str]) -> int:
    """Sign in to the running demo office, save every screenshot and return 0.

    Raises:
        OfficeError: no demo office runs at the port, or no browser starts.
    """
    from playwright.sync_api import Error, sync_playwright

    program = ensure_chromium()
    if program is None:
        raise OfficeError("no browser starts: install Chromium")
    accounts = sign_ins()
    address = f"http://127.0.0.1:{environment.get('PORT') or 8000}"
    FOLDER.mkdir(parents=True, exist_ok=True)
    arguments = ["--no-sandbox"] if os.geteuid() == 0 else []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=arguments)
        try:
            for shot in SCREENSHOTS:
                page = open_signed_in(browser, address, *accounts[shot.role], shot)
                page.goto(shot.path)
                if shot.link:
                    page.locator(f"main a[href*='{shot.link}']").first.click()
                if shot.file:
                    upload(page, shot.file)
                page.wait_for_load_state("networkidle")
                save_png(page.screenshot(), FOLDER / f"{shot.name}.png")
                if shot.file:
                    page.get_by_role("button", name="Discard").click()
                page.context.close()
                say(f"docs/screenshots/{shot.name}.png")
        except Error as error:
            reason = error.message.splitlines()[0]
            raise OfficeError(
                f"there is no demo office at {address}; use `make run` first: {reason}"
            ) from None
        finally:
            browser.close()
    return 0


def sign_ins() -> dict[str, tuple[str, str]]:
    """Return the user name and password of each role, from the running office.

    Raises:
        OfficeError: the office is not the demo company.
    """
    command = [sys.executable, "-m", "officeflow.local", "manage", "demo", "--sign-ins"]
    done = subprocess.run(command, cwd=PROJECT, stdout=subprocess.PIPE, text=True, check=False)
    rows = [line.split("\t") for line in done.stdout.splitlines() if line.count("\t") == 2]
    if not rows:
        raise OfficeError("this office is not the demo company, so no passwords are known")
    return {role: (user, password) for role, user, password in rows}


def upload(page: "Page", text: str) -> None:
    """Choose a price list in the page's form and wait for its preview."""
    page.set_input_files(
        "main input[type=file]",
        files={"name": "spring-list.csv", "mimeType": "text/csv", "buffer": text.encode()},
    )
    page.locator("main form button[type=submit]").first.click()
    page.get_by_role("button", name="Discard").wait_for()


def save_png(image_bytes: bytes, path: Path) -> None:
    """Save the screenshot with few colours, which keeps the file small."""
    with Image.open(BytesIO(image_bytes)) as image:
        image.convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE).save(path, optimize=True)


def open_signed_in(
    browser: "Browser", address: str, user: str, password: str, shot: Screenshot
) -> "Page":
    """Open a browser window of the screenshot's size and theme and sign in."""
    width, height = shot.size
    context = browser.new_context(
        base_url=address,
        viewport={"width": width, "height": height},
        color_scheme=shot.theme,
        locale="en-GB",
        reduced_motion="reduce",
    )
    page = context.new_page()
    page.goto("/sign-in/")
    page.fill("input[name=username]", user)
    page.fill("input[name=password]", password)
    page.press("input[name=password]", "Enter")
    page.wait_for_url(lambda url: "/sign-in/" not in url)
    return page
