"""Error handlers (400, 403, 404, 405, 500, 503): pages, or problem details under `/api/`."""

from __future__ import annotations

import sys
from collections.abc import Callable
from http import HTTPStatus

from django.conf import settings
from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent
from django.db import OperationalError
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest, HttpResponseNotAllowed
from django.shortcuts import render
from django.template import loader
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.views import defaults

from officeflow.api.problems import BUSY, BUSY_SECONDS, problem
from officeflow.ui.control_characters import API_PATH, ControlCharacter


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answers 400 for a request that cannot be read."""
    reason = str(exception) if isinstance(exception, ControlCharacter) else ""
    if too_long := _too_long(exception):
        return _nothing_saved(request, too_long)
    if request.path.startswith(API_PATH):
        return problem(400, reason or _("The request is not valid."))
    return HttpResponseBadRequest(loader.get_template("400.html").render({"reason": reason}))


def _too_long(exception: Exception) -> str:
    """Returns what of a form is too long; nothing for other errors."""
    if isinstance(exception, RequestDataTooBig):
        return _(
            "The texts of this form together are too long: %(most)d MB can be sent at once. "
            "Shorten the longest, such as one that was pasted by mistake."
        ) % {"most": settings.DATA_UPLOAD_MAX_MEMORY_SIZE // 1024**2}
    if isinstance(exception, TooManyFieldsSent):
        return _("This form has more than %(most)s fields. Send it in parts.") % {
            "most": number_format(settings.DATA_UPLOAD_MAX_NUMBER_FIELDS, force_grouping=True)
        }
    return ""


def _nothing_saved(request: HttpRequest, reason: str) -> HttpResponse:
    if request.path.startswith(API_PATH) or request.headers.get("Accept") == "application/json":
        return problem(413, reason)
    page = loader.get_template("413.html").render({"reason": reason})
    return HttpResponse(page, status=HTTPStatus.REQUEST_ENTITY_TOO_LARGE)


def permission_denied(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answers 403."""
    if request.path.startswith(API_PATH):
        return problem(403, _("Your roles do not allow this."))
    return defaults.permission_denied(request, exception)


def page_not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answers 404."""
    if request.path.startswith(API_PATH):
        return problem(404, _("This does not exist, or you may not see it."))
    return defaults.page_not_found(request, exception)


class MethodNotAllowedMiddleware:
    """Gives the answer 405 a page, because Django has no handler for it and sends an empty one."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Replaces an empty answer 405; the API's answers have a body."""
        response = self.get_response(request)
        if isinstance(response, HttpResponseNotAllowed):
            response.content = render(request, "405.html").content
        return response


def server_error(request: HttpRequest) -> HttpResponse:
    """Answers 500, or 503 with `Retry-After` when the database cannot be reached."""
    if isinstance(sys.exc_info()[1], OperationalError):
        return _unavailable(request)
    if request.path.startswith(API_PATH):
        return problem(500, _("Something went wrong on our side. Nothing was changed."))
    return defaults.server_error(request)


def _unavailable(request: HttpRequest) -> HttpResponse:
    if request.path.startswith(API_PATH):
        response: HttpResponse = problem(503, str(BUSY))
    else:
        # Rendered without the request, because context processors read the database.
        response = HttpResponse(loader.get_template("503.html").render(), status=503)
    response["Retry-After"] = BUSY_SECONDS
    return response
