"""The context processor that gives templates the office."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest


def office(request: HttpRequest) -> dict[str, Any]:
    """Returns `office`: the `Office`, or None before it is set up."""
    return {"office": getattr(request, "office", None)}
