"""A part of a page that refreshes itself: 304 while nothing has changed.

The page carries the part with its version in `data-etag`; live.js asks the part's address with
`If-None-Match` every few seconds.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from typing import Any, TypeVar

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils import timezone, translation
from django.utils.cache import get_conditional_response

Response = TypeVar("Response", bound=HttpResponseBase)


def entity_tag(*parts: Any) -> str:
    """A strong entity tag of the parts, the day and the reader's language.

    The day is in it because clock times lose their date today and gain it tomorrow.
    """
    words = [str(timezone.localdate()), translation.get_language() or "", *map(str, parts)]
    return f'"{hashlib.sha256("|".join(words).encode()).hexdigest()[:24]}"'


def conditional(
    request: HttpRequest, version: str, answer: Callable[[], Response]
) -> HttpResponse | Response:
    """The answer with its `ETag`, or 304 when the browser has this version already."""
    response = get_conditional_response(request, etag=version) or answer()
    response.headers["ETag"] = version
    response.headers["Cache-Control"] = "private, no-cache"
    return response


def refresh(
    request: HttpRequest, template: str, version: str, context: Callable[[], dict[str, Any]]
) -> HttpResponse:
    """The partial with its version, or 304 when the page shows this version already."""

    def partial() -> HttpResponse:
        return render(request, template, {**context(), "version": version, "refreshing": True})

    return conditional(request, version, partial)
