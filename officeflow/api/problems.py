"""Errors as problem details (RFC 9457)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from http import HTTPStatus
from itertools import islice
from typing import Any

from django.core.exceptions import PermissionDenied, RequestDataTooBig
from django.db import OperationalError
from django.http import Http404, HttpResponse, JsonResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from rest_framework import exceptions
from rest_framework.views import set_rollback

from officeflow.errors import Conflict, Refused
from officeflow.idempotency.actions import KeyReused
from officeflow.workflow import IllegalMove

# While the database cannot be reached or has no connection left.
BUSY = gettext_lazy("The office is busy. Try again in a moment.")
BUSY_SECONDS = "2"
IDEMPOTENCY_HEADER = "Idempotency-Key"
MOST_ERRORS = 100  # that a problem lists
MOST_IN_DETAIL = 10
MEDIA_TYPE = "application/problem+json"


def problem(
    status: int,
    detail: str,
    errors: Iterable[tuple[str, str]] = (),
    more: Mapping[str, Any] | None = None,
) -> JsonResponse:
    """Returns a problem response; `errors` are pairs of field and message.

    `more` are extension members of the problem (RFC 9457, 3.2).
    """
    return JsonResponse(
        {
            "type": "about:blank",
            "title": HTTPStatus(status).phrase,
            "status": status,
            "detail": detail,
            "errors": [{"field": field, "message": message} for field, message in errors],
            **(more or {}),
        },
        status=status,
        content_type=MEDIA_TYPE,
    )


def problem_response(error: Exception, context: dict[str, Any]) -> HttpResponse | None:
    """Returns the problem for an exception of an endpoint; None for an unexpected one (500).

    The exception handler of REST framework.
    """
    set_rollback()
    match error:
        case Refused():
            field = error.field
            index = getattr(error, "index", None)
            if index is not None:
                field = f"lines.{index}.{field}"
            return problem(400, str(error.message), [(field, str(error.message))])
        case Conflict():
            # `details` are what a caller needs to go on, such as possible duplicates.
            return problem(409, str(error.message), more=getattr(error, "details", None))
        case IllegalMove():
            return problem(409, _("The record's state does not allow this."))
        case KeyReused():
            message = _("This key was used with a different body. Use a new key for a new request.")
            return problem(422, message, [(IDEMPOTENCY_HEADER, message)])
        case Http404():
            return problem(404, _("This does not exist, or you may not see it."))
        case PermissionDenied():
            return problem(403, _("Your roles do not allow this."))
        case RequestDataTooBig():
            return problem(413, _("The body is too large."))
        case OperationalError():
            response = problem(503, str(BUSY))
            response["Retry-After"] = BUSY_SECONDS
            return response
        case exceptions.ValidationError():
            errors = list(islice(_flat(error.detail), MOST_ERRORS))
            detail = "; ".join(
                f"{field}: {message}" if field else message
                for field, message in errors[:MOST_IN_DETAIL]
            )
            return problem(400, detail, errors)
        case exceptions.APIException():
            response = problem(error.status_code, str(error.detail))
            if wait := getattr(error, "wait", None):
                response["Retry-After"] = str(int(wait) + 1)
            if challenge := getattr(error, "auth_header", None):
                response["WWW-Authenticate"] = challenge
            return response
    return None


def _flat(detail: Any, path: str = "") -> Iterable[tuple[str, str]]:
    """Yields nested validation errors as pairs of path (`lines.0.quantity`) and message."""
    if isinstance(detail, dict):
        for key, value in detail.items():
            inner = path if key == "non_field_errors" else f"{path}.{key}" if path else str(key)
            yield from _flat(value, inner)
    elif isinstance(detail, list):
        for index, value in enumerate(detail):
            if isinstance(value, dict):
                yield from _flat(value, f"{path}.{index}" if path else str(index))
            else:
                yield from _flat(value, path)
    else:
        yield path, str(detail)
