"""What every template knows of the office."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest


def office(request: HttpRequest) -> dict[str, Any]:
    """`office`: the settings row, or None before set-up."""
    return {"office": getattr(request, "office", None)}
