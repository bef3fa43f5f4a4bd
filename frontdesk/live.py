"""Answering a part of a page that refreshes itself: 304 while nothing has changed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseNotModified
from django.shortcuts import render


def refresh(
    request: HttpRequest, template: str, version: str, context: Callable[[], dict[str, Any]]
) -> HttpResponse:
    """The partial with its `ETag`, or 304 when the page has this version already."""
    response: HttpResponse
    if request.headers.get("If-None-Match", "").removeprefix("W/") == version:
        response = HttpResponseNotModified()
    else:
        response = render(request, template, {**context(), "version": version, "refreshing": True})
    response["ETag"] = version
    response["Cache-Control"] = "private, no-cache"
    return response
