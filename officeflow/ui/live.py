"""Live parts of a page, which refresh themselves.

The page has the part's version in `data-etag`; live.js requests the part every few seconds with
`If-None-Match` and gets 304 while it has not changed.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from typing import Any, TypeVar

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils import timezone, translation
from django.utils.cache import get_conditional_response
from django.utils.html import format_html

from officeflow.ui.counts import counted
from officeflow.ui.navigation import counts

NUMBER = '<span class="count" id="{}" hx-swap-oob="true">{}</span>'
Response = TypeVar("Response", bound=HttpResponseBase)


def entity_tag(*parts: Any) -> str:
    """Returns a strong entity tag of the parts, the day and the reader's language.

    The day is part of it because times of today are shown without a date.
    """
    words = [str(timezone.localdate()), translation.get_language() or "", *map(str, parts)]
    return f'"{hashlib.sha256("|".join(words).encode()).hexdigest()[:24]}"'


def conditional_response(
    request: HttpRequest, version: str, answer: Callable[[], Response]
) -> HttpResponse | Response:
    """Returns the response with its `ETag`, or 304 when the browser has this version."""
    response = get_conditional_response(request, etag=version) or answer()
    response.headers["ETag"] = version
    response.headers["Cache-Control"] = "private, no-cache"
    return response


def refresh(
    request: HttpRequest,
    template: str,
    version: str,
    context: Callable[[], dict[str, Any]],
    *,
    with_counts: bool = False,
) -> HttpResponse:
    """Returns the rendered part, or 304 when the page has this version.

    `with_counts` adds the numbers in the navigation, for a part that shows what they count.
    """

    def partial() -> HttpResponse:
        part = render(request, template, {**context(), "version": version, "refreshing": True})
        for place, number in counts(request.user) if with_counts else ():
            part.write(format_html(NUMBER, place, counted(number)))
        return part

    return conditional_response(request, version, partial)
