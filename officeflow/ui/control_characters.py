"""Refuses requests with control characters.

PostgreSQL stores no NUL in texts, and nobody types the others. `officeflow.api.bodies` refuses
the same characters in JSON bodies.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from officeflow.text import CONTROL

API_PATH = "/api/"


class ControlCharacter(BadRequest):
    """A request contains a control character; the message is shown to the person."""


class ControlCharacterMiddleware:
    """Answers 400 for control characters in the URL, headers, cookies or a form.

    Must come before everything that queries the database with values of the request.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Checks URL, headers and cookies."""
        headers = (value for name, value in request.META.items() if name.startswith("HTTP_"))
        _check([request.path_info, *headers, *request.COOKIES.values(), *_texts(request.GET)])
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *_view: Any) -> None:
        """Checks the form, after the CSRF check."""
        if not request.path.startswith(API_PATH):
            _check(_texts(request.POST))


def _texts(query: Any) -> Iterable[str]:
    for name, values in query.lists():
        yield name
        yield from values


def _check(texts: Iterable[str]) -> None:
    # One search in the joined texts, because this runs with every request.
    if CONTROL.search("\n".join(map(str, texts))):
        raise ControlCharacter(_("A text contains a control character, such as a null character."))
