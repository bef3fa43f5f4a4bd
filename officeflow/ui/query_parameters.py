"""What an address asks for after its question mark."""

from __future__ import annotations

from django.http import HttpRequest

LONGEST = 200


def query_parameter(request: HttpRequest, name: str) -> str:
    """The text of one parameter, without needless white space."""
    return " ".join(request.GET.get(name, "").split())[:LONGEST]
