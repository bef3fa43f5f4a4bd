"""Reads and writes the query parameters of accounting's pages."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.http import urlencode


def address(name: str, *args: Any, **values: str) -> str:
    """Returns the address of a page with its non-empty filters."""
    query = urlencode({key: value for key, value in values.items() if value})
    path = reverse(name, args=args)
    return f"{path}?{query}" if query else path


def text_in(request: HttpRequest, name: str) -> str:
    """Returns a text of the query."""
    return request.GET.get(name, "").strip()
