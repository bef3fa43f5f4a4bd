"""Errors as problem details (RFC 9457): what is wrong, and with which field."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from http import HTTPStatus
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

# While the database is away or has no place left.
BUSY = gettext_lazy("The office is busy. Try again in a moment.")
BUSY_SECONDS = "2"
IDEMPOTENCY_HEADER = "Idempotency-Key"
MEDIA_TYPE = "application/problem+json"


def problem(
    status: int,
    detail: str,
    errors: Iterable[tuple[str, str]] = (),
    more: Mapping[str, Any] | None = None,
) -> JsonResponse:
    """A problem response: what is wrong in words, and for each field what is wrong with it.

    `more` are members of this kind of problem alone (RFC 9457, 3.2).
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
    """Turns what an endpoint raised into a problem; None for what is a fault of ours (500)."""
    set_rollback()
    match error:
        case Refused():
            field = error.field
            index = getattr(error, "index", None)
            if index is not None:
                field = f"lines.{index}.{field}"
            return problem(400, str(error.message), [(field, str(error.message))])
        case Conflict():
            # What a caller needs to go on, such as the records it may mean.
            return problem(409, str(error.message), more=getattr(error, "details", None))
        case IllegalMove():
            return problem(409, _("Its state does not allow this."))
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
            errors = list(_flat(error.detail))
            detail = "; ".join(
                f"{field}: {message}" if field else message for field, message in errors
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
    """Nested validation errors as pairs: `lines.0.quantity` and what is wrong with it."""
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
