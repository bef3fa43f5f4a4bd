"""Activates the office's time zone and language for each request."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import nullcontext

from django.http import HttpRequest, HttpResponse
from django.utils import timezone, translation

from officeflow.company.queries import cached_office, find_office
from officeflow.ui.control_characters import API_PATH

SAFE_METHODS = ("GET", "HEAD")


class OfficeMiddleware:
    """Sets `request.office` (None before set-up) and activates its time zone and language.

    A language that the person chose takes precedence over the office's.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Returns the response, made in the office's time zone and the person's language."""
        office = find_office()
        request.office = office  # type: ignore[attr-defined]
        if office is None:
            return self.get_response(request)
        own = getattr(request.user, "language", "") if hasattr(request, "user") else ""
        language = own or office.language
        # Neither the API nor a page that is only read changes the office.
        is_kept = request.method in SAFE_METHODS or request.path.startswith(API_PATH)
        kept = cached_office(office) if is_kept else nullcontext()
        with kept, timezone.override(office.zone), translation.override(language):
            response = self.get_response(request)
            response.headers.setdefault("Content-Language", language)
            return response
