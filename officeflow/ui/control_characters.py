"""Refuses control characters in whatever a request carries.

PostgreSQL keeps no NUL in a text, and nobody types the others. JSON bodies are read by
`officeflow.api.bodies`, which refuses the same characters.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from officeflow.text import CONTROL

API = "/api/"


class ControlCharacter(BadRequest):
    """A request carries a character that no text has; the message says so in words."""


class ControlCharacterMiddleware:
    """Answers 400 for control characters in the address, the headers, cookies or a form.

    It stands before everything that looks in the database for what a request names.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Looks at what comes with every request."""
        headers = (value for name, value in request.META.items() if name.startswith("HTTP_"))
        _check([request.path_info, *headers, *request.COOKIES.values(), *_texts(request.GET)])
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *_view: Any) -> None:
        """Looks at a form, after it was found to come from one of our pages."""
        if not request.path.startswith(API):
            _check(_texts(request.POST))


def _texts(query: Any) -> Iterable[str]:
    for name, values in query.lists():
        yield name
        yield from values


def _check(texts: Iterable[str]) -> None:
    # One search in all of them: this runs with every request.
    if CONTROL.search("\n".join(map(str, texts))):
        raise ControlCharacter(_("A text holds a control character, such as a null character."))
