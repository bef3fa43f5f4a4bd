"""Reading query parameters."""

from __future__ import annotations

from django.http import HttpRequest

MAX_LENGTH = 200


def query_parameter(request: HttpRequest, name: str) -> str:
    """Returns a parameter with normalised white space, cut to `MAX_LENGTH`."""
    return " ".join(request.GET.get(name, "").split())[:MAX_LENGTH]
