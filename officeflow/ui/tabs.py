"""The tabs above a list."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest


def tabs_of(
    request: HttpRequest, choices: Mapping[str, tuple[Any, Any]], current: str
) -> list[dict[str, Any]]:
    """Returns a tab for each choice; the first one's URL has no query string."""
    first = next(iter(choices))
    return [
        {
            "label": label,
            "url": request.path if name == first else f"{request.path}?show={name}",
            "current": name == current,
        }
        for name, (label, _wanted) in choices.items()
    ]
