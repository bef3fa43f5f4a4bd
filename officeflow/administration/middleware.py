"""Answers 503 to everything but the set-up page until the office is set up."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import add_never_cache_headers
from django.utils.translation import gettext as _

from officeflow.api.problems import problem
from officeflow.ui.control_characters import API_PATH

SET_UP_PATH = "/set-up/"


class SetUpMiddleware:
    """Answers 503 to everything but the set-up page while there is no office.

    Must come after `OfficeMiddleware`, which sets `request.office`.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Passes the request on, or answers 503."""
        if getattr(request, "office", None) is not None or request.path.startswith(SET_UP_PATH):
            return self.get_response(request)
        response: HttpResponse
        if request.path.startswith(API_PATH):
            response = problem(503, _("This office is not set up yet."))
        else:
            response = render(request, "administration/not_set_up.html", status=503)
        # Keeps Django from logging this 503 as an error.
        response._has_been_logged = True  # type: ignore[attr-defined]
        add_never_cache_headers(response)
        return response
