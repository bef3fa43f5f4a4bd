"""Keys as a scanner and as hands press them, through the browser's own keyboard events."""

from __future__ import annotations

import time
from typing import Any

from playwright.sync_api import Page

BETWEEN_KEYS = 60  # milliseconds between two keys of a fast typist
SCANNER_GAP = 0.005  # seconds between the keys of a scanner
SCANNER_PAUSE = 0.1  # seconds that a wireless scanner pauses within a code
SHIFTED = {
    **dict(zip(")!@#$%^&*(", "0123456789", strict=True)),
    "_": "-",
    "+": "=",
    ":": ";",
    "?": "/",
    "<": ",",
    ">": ".",
}
CODES = {"-": "Minus", ".": "Period", "/": "Slash", " ": "Space", ";": "Semicolon", ",": "Comma"}


def _code_of(character: str) -> str:
    plain = SHIFTED.get(character, character)
    if plain.isdecimal():
        return f"Digit{plain}"
    return f"Key{plain.upper()}" if plain.isalpha() else CODES.get(plain, "")


def scan(
    page: Page, code: str, *, suffix: str = "Enter", typed: str = "", pause_after: int = 0
) -> None:
    """Types `code` as a scanner does: its keys have times 5 ms apart, however busy the machine is.

    `typed` are the characters that the computer's layout makes of the same keys. After
    `pause_after` characters a wireless scanner pauses for 0.1 s.
    """
    page.wait_for_load_state()
    page.wait_for_timeout(BETWEEN_KEYS)  # a hand has pressed the key before
    session = page.context.new_cdp_session(page)
    at = time.time()

    def press(key: str, code: str, **more: Any) -> None:
        nonlocal at
        for kind in ("keyDown", "keyUp"):
            session.send(
                "Input.dispatchKeyEvent",
                {"type": kind, "key": key, "code": code, "timestamp": at, **more},
            )
            at += SCANNER_GAP / 2
            more.pop("text", None)

    for position, (character, shown) in enumerate(zip(code, typed or code, strict=True)):
        if pause_after and position == pause_after:
            at += SCANNER_PAUSE
        shift = character.isupper() or character in SHIFTED
        if shift:
            press("Shift", "ShiftLeft", modifiers=8, windowsVirtualKeyCode=16)
        press(
            shown,
            _code_of(character),
            text=shown,
            modifiers=8 if shift else 0,
            windowsVirtualKeyCode=ord(character.upper()) if character.isalnum() else 0,
        )
    if pause_after == len(code):
        at += SCANNER_PAUSE
    if suffix == "Enter":
        press("Enter", "Enter", text="\r", windowsVirtualKeyCode=13)
    else:
        press("Tab", "Tab", windowsVirtualKeyCode=9)
    session.detach()
    # The keys have been sent faster than their times say; the next key must not be earlier.
    page.wait_for_timeout(max(0, at - time.time()) * 1000)


def type_by_hand(page: Page, text: str) -> None:
    """Types a text key by key, as slowly as a fast typist."""
    for key in text:
        page.keyboard.press(key)
