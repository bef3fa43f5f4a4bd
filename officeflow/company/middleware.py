"""Each request runs in the office's time zone and language."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils import timezone, translation

from officeflow.company.queries import find_office


class OfficeMiddleware:
    """Puts the office on `request.office` (None before set-up) and activates zone and language.

    A person's own language, when chosen, goes before the office's.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answers the request inside the office's zone and language."""
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
