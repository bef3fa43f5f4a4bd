"""The status of a page that shows the errors of a form that was sent: 422, as htmx needs."""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus

from django.http import HttpRequest, HttpResponse

MARK = "_shows_form_errors"


def mark_invalid(request: HttpRequest) -> None:
    """Notes that the page shows the errors of a form."""
    setattr(request, MARK, True)


class InvalidFormMiddleware:
    """Answers 422 where a view would answer 200 with the errors of a form."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Returns the response; other statuses, such as 409 of an edit conflict, stay."""
        response = self.get_response(request)
        is_invalid = request.method == "POST" and getattr(request, MARK, False)
        if is_invalid and response.status_code in (HTTPStatus.OK, HTTPStatus.BAD_REQUEST):
            response.status_code = HTTPStatus.UNPROCESSABLE_ENTITY
        return response
