"""The icons of the SVG sprite."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

SPRITE = "officeflow/icons/icons.svg"
FALLBACK = "dot"
_SPRITE_FILE = Path(__file__).resolve().parent.parent / "static" / SPRITE


@cache
def names() -> tuple[str, ...]:
    """Returns the names of the icons, in the order of the sprite."""
    text = _SPRITE_FILE.read_text(encoding="utf-8")
    return tuple(re.findall(r'<symbol id="([a-z-]+)"', text))


def known(name: str) -> str:
    """Returns the name if there is such an icon, else the dot."""
    return name if name in names() else FALLBACK
