"""Addresses with their filters, and the days that they carry."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.http import urlencode


def address(name: str, *args: Any, **values: str) -> str:
    """The address of a page with those of its filters that say something."""
    query = urlencode({key: value for key, value in values.items() if value})
    path = reverse(name, args=args)
    return f"{path}?{query}" if query else path


def text_in(request: HttpRequest, name: str) -> str:
    """A text of the address."""
    return request.GET.get(name, "").strip()


def day_in(request: HttpRequest, name: str) -> date | None:
    """A day of the address; None where there is none, or none that can be read."""
    try:
        return date.fromisoformat(request.GET.get(name, ""))
    except ValueError:
        return None
