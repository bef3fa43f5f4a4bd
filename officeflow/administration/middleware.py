"""Before an office is set up, only the set-up page answers."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import add_never_cache_headers
from django.utils.translation import gettext as _

from officeflow.api.problems import problem

OPEN = "/set-up/"
API = "/api/"


class SetUpMiddleware:
    """Answers everything but the set-up page with "not set up yet" while there is no office.

    It stands behind `OfficeMiddleware`, which looks for the office.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Lets the request in, or says that the office is not set up."""
        if getattr(request, "office", None) is not None or request.path.startswith(OPEN):
            return self.get_response(request)
        response: HttpResponse
        if request.path.startswith(API):
            response = problem(503, _("This office is not set up yet."))
        else:
            response = render(request, "administration/not_set_up.html", status=503)
        # It is an answer, not an error for the log.
        response._has_been_logged = True  # type: ignore[attr-defined]
        add_never_cache_headers(response)
        return response
