"""The icons: one sprite, drawn on a 24 by 24 grid with a 1.75 stroke."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

SPRITE = "officeflow/icons/icons.svg"
FALLBACK = "dot"
_SPRITE_FILE = Path(__file__).resolve().parent.parent / "static" / SPRITE


@cache
def names() -> tuple[str, ...]:
    """Every icon in the sprite, in the order it was drawn."""
    text = _SPRITE_FILE.read_text(encoding="utf-8")
    return tuple(re.findall(r'<symbol id="([a-z-]+)"', text))


def known(name: str) -> str:
    """The icon's own name, or the plain dot for a name that nobody has drawn."""
    return name if name in names() else FALLBACK
