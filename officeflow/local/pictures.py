"""``make screenshots``: pictures of the running demo office for docs/screenshots/."""

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
from officeflow.local.places import PROJECT, OfficeError

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

FOLDER = PROJECT / "docs" / "screenshots"
DESKTOP = (1280, 800)
PHONE = (390, 844)
COLOURS = 128  # of a picture: enough for flat surfaces, and a third of the bytes


@dataclass(frozen=True)
class Picture:
    """One page as one role sees it.

    ``link`` follows the first link whose address holds it; ``file`` is handed in on the page, and
    discarded again once its preview is pictured.
    """

    role: str
    name: str
    place: str
    link: str = ""
    file: str = ""
    theme: Literal["light", "dark"] = "light"
    size: tuple[int, int] = DESKTOP


PRICE_LIST = """Code,Name,Kind,Sold by,Price,Tax rate,Barcode,Is sold
MUG-OWL,Mug with owls,goods,piece,12.00,STANDARD,5060000200014,yes
MUG-HARE,Mug with hares,goods,piece,12.00,STANDARD,5060000200021,yes
CANDLE,Beeswax candle,goods,piece,7.50,,,yes
BOOK-TIDES,A Book of Tides,goods,piece,13.99,ZERO,9780000200035,yes
LAMP-CLIP,Clip lamp,goods,piece,free,STANDARD,,yes
"""

PICTURES = (
    Picture("receptionist", "counter", "/desk/"),
    Picture("receptionist", "order", "/desk/orders/?show=completed", "/desk/orders/SO-"),
    Picture("receptionist", "customer", "/desk/customers/?find=kestrel", "/desk/customers/CU-"),
    Picture("receptionist", "search", "/search/?q=lantern"),
    Picture("receptionist", "till", "/desk/till/"),
    Picture("receptionist", "mailbox", "/desk/messages/"),
    Picture("receptionist", "counter-phone", "/desk/", size=PHONE),
    Picture("fulfilment", "queue", "/office/queue/fulfilment/"),
    Picture("fulfilment", "queue-dark", "/office/queue/fulfilment/", theme="dark"),
    Picture("manager", "handoffs", "/dashboards/handoffs/"),
    Picture("manager", "trade", "/dashboards/trade/"),
    Picture("manager", "trade-dark", "/dashboards/trade/", theme="dark"),
    Picture("administrator", "import", "/imports/new/products/", file=PRICE_LIST),
    Picture("administrator", "audit", "/administration/audit/"),
    Picture("administrator", "administration", "/administration/"),
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
            for picture in PICTURES:
                page = signed_in(browser, address, *people[picture.role], picture)
                page.goto(picture.place)
                if picture.link:
                    page.locator(f"main a[href*='{picture.link}']").first.click()
                if picture.file:
                    hand_in(page, picture.file)
                page.wait_for_load_state("networkidle")
                keep(page.screenshot(), FOLDER / f"{picture.name}.png")
                if picture.file:
                    page.get_by_role("button", name="Discard").click()
                page.context.close()
                say(f"docs/screenshots/{picture.name}.png")
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


def hand_in(page: "Page", text: str) -> None:
    """A price list chosen in the page's form, as far as its preview."""
    page.set_input_files(
        "main input[type=file]",
        files={"name": "spring-list.csv", "mimeType": "text/csv", "buffer": text.encode()},
    )
    page.locator("main form button[type=submit]").first.click()
    page.get_by_role("button", name="Discard").wait_for()


def keep(shot: bytes, path: Path) -> None:
    """The picture with few colours, which a page of papers is read in as well."""
    with Image.open(BytesIO(shot)) as image:
        image.convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE).save(path, optimize=True)


def signed_in(
    browser: "Browser", address: str, user: str, password: str, picture: Picture
) -> "Page":
    """A fresh window of the picture's size and theme in which the person has signed in."""
    width, height = picture.size
    context = browser.new_context(
        base_url=address,
        viewport={"width": width, "height": height},
        color_scheme=picture.theme,
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
