"""What an address asks for after its question mark."""

from __future__ import annotations

from django.http import HttpRequest

LONGEST = 200


def query_parameter(request: HttpRequest, name: str) -> str:
    """The text of one parameter, without white space around it or characters no text has."""
    text = request.GET.get(name, "").replace("\x00", " ")
    return " ".join(text.split())[:LONGEST]
