"""Activates the office's time zone and language for each request."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils import timezone, translation

from officeflow.company.queries import find_office


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
        with timezone.override(office.zone), translation.override(language):
            response = self.get_response(request)
            response.headers.setdefault("Content-Language", language)
            return response
