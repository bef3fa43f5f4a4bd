"""What Django itself answers (400, 403, 404, 500): pages, and problems under `/api/`."""

from __future__ import annotations

from http import HTTPStatus

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext as _
from django.views import defaults

API = "/api/"


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """The request itself cannot be read."""
    if request.path.startswith(API):
        return _problem(400, _("The request cannot be read."))
    return defaults.bad_request(request, exception)


def permission_denied(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Not allowed."""
    if request.path.startswith(API):
        return _problem(403, _("Your roles do not allow this."))
    return defaults.permission_denied(request, exception)


def page_not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """No such address."""
    if request.path.startswith(API):
        return _problem(404, _("There is no such thing, or it is not yours to see."))
    return defaults.page_not_found(request, exception)


def server_error(request: HttpRequest) -> HttpResponse:
    """A fault of ours; the log has it."""
    if request.path.startswith(API):
        return _problem(500, _("Something went wrong on our side; nothing was changed."))
    return defaults.server_error(request)


def _problem(status: int, detail: str) -> JsonResponse:
    return JsonResponse(
        {
            "type": "about:blank",
            "title": HTTPStatus(status).phrase,
            "status": status,
            "detail": detail,
            "errors": [],
        },
        status=status,
        content_type="application/problem+json",
    )
