"""What Django itself answers (400, 403, 404, 500, 503): pages, and problems under `/api/`."""

from __future__ import annotations

import sys

from django.db import OperationalError
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest
from django.template import loader
from django.utils.translation import gettext as _
from django.views import defaults

from officeflow.api.problems import BUSY, BUSY_SECONDS, problem
from officeflow.ui.control_characters import ControlCharacter

API = "/api/"


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """The request itself cannot be read."""
    reason = str(exception) if isinstance(exception, ControlCharacter) else ""
    if request.path.startswith(API):
        return problem(400, reason or _("The request cannot be read."))
    return HttpResponseBadRequest(loader.get_template("400.html").render({"reason": reason}))


def permission_denied(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Not allowed."""
    if request.path.startswith(API):
        return problem(403, _("Your roles do not allow this."))
    return defaults.permission_denied(request, exception)


def page_not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """No such address."""
    if request.path.startswith(API):
        return problem(404, _("This does not exist, or you may not see it."))
    return defaults.page_not_found(request, exception)


def server_error(request: HttpRequest) -> HttpResponse:
    """A fault of ours; the log has it. When only the database is away, it opens again soon."""
    if isinstance(sys.exc_info()[1], OperationalError):
        return _closed(request)
    if request.path.startswith(API):
        return problem(500, _("Something went wrong on our side. Nothing was changed."))
    return defaults.server_error(request)


def _closed(request: HttpRequest) -> HttpResponse:
    if request.path.startswith(API):
        answer: HttpResponse = problem(503, str(BUSY))
    else:
        # Without a request: what stands around a page asks the database for it.
        answer = HttpResponse(loader.get_template("503.html").render(), status=503)
    answer["Retry-After"] = BUSY_SECONDS
    return answer
