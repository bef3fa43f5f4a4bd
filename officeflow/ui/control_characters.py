"""Keeps control characters out.

PostgreSQL stores no NUL in texts, and nobody types the others. What a person pastes into a form may
have some, such as Word's line breaks: they are dropped. Everywhere else they are refused;
`officeflow.api.bodies` refuses them in JSON bodies.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import Any

from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from officeflow.text import CONTROL

API_PATH = "/api/"
LINE_BREAKS = re.compile(r"[\x0b\x0c]")  # of Word, and of the pages of a PDF


class ControlCharacter(BadRequest):
    """A request contains a control character; the message is shown to the person."""


class ControlCharacterMiddleware:
    """Answers 400 for control characters in the URL, headers, cookies or the names of a form.

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
        """Drops them from what a form has, after the CSRF check."""
        if request.path.startswith(API_PATH) or not _are_in(_texts(request.POST)):
            return
        _check(request.POST)
        form = request.POST.copy()
        for name, values in form.lists():
            form.setlist(name, [CONTROL.sub("", LINE_BREAKS.sub("\n", each)) for each in values])
        request.POST = form  # type: ignore[assignment]


def _texts(query: Any) -> Iterable[str]:
    for name, values in query.lists():
        yield name
        yield from values


def _are_in(texts: Iterable[str]) -> bool:
    # One search in the joined texts, because this runs with every request.
    return CONTROL.search("\n".join(map(str, texts))) is not None


def _check(texts: Iterable[str]) -> None:
    if _are_in(texts):
        raise ControlCharacter(_("A text contains a control character, such as a null character."))
