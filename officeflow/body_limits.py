"""How many bytes a request's body may have, decided before the body is read.

Somebody who is not signed in sends sign-ins and small forms; a body that costs memory and disk
needs a session or an API token that is valid.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user
from django.core.handlers.wsgi import WSGIRequest
from django.db import close_old_connections
from django.http import HttpRequest, HttpResponse
from django.template import loader
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _
from rest_framework.exceptions import AuthenticationFailed

# The key in the WSGI environment with which the web server says that it dropped the body.
REFUSED = "officeflow.body_refused"
TOO_LARGE = "too large"
BUSY = "busy"
PERSON_SENDS = "the person sends others"
ADDRESS_SENDS = "the address sends others"
API_PATH = "/api/"


def body_limit_of(environ: dict[str, Any]) -> tuple[int, int | None]:
    """Returns the limit in bytes for a request of which only the head has arrived, and who sends.

    The sender is a primary key, or None for a stranger.
    """
    close_old_connections()
    try:
        request = WSGIRequest(environ)
        engine = import_string(f"{settings.SESSION_ENGINE}.SessionStore")
        request.session = engine(request.COOKIES.get(settings.SESSION_COOKIE_NAME))
        try:
            request.user = get_user(request)
            sender = _sender(request)
        except ValueError:  # a NUL in a cookie or a token, which no record has
            sender = None
        return _limit_for(sender), sender
    finally:
        close_old_connections()


def body_limit(request: HttpRequest) -> int:
    """Returns the limit in bytes; the request has a session and a user."""
    return _limit_for(_sender(request))


def _limit_for(sender: int | None) -> int:
    most = settings.ANONYMOUS_BODY_BYTES if sender is None else settings.REQUEST_MOST_BYTES
    return int(most)


def _sender(request: HttpRequest) -> int | None:
    if request.user.is_authenticated:
        return request.user.pk
    if not request.headers.get("Authorization"):
        return None
    from officeflow.staff.api_tokens import OfficeToken  # models, which the settings come before

    try:
        found = OfficeToken().authenticate(request)
    except AuthenticationFailed:
        return None
    return None if found is None else int(found[0].pk)


class BodyLimitMiddleware:
    """Answers 413 for a body that is too large, before anything reads it.

    Comes after the middleware that sets `request.user`.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Passes the request on, or answers 413, or 429 and 503 when too many bodies arrive."""
        refusal = request.META.get(REFUSED) or _refusal(request)
        if not refusal:
            return self.get_response(request)
        if refusal == TOO_LARGE:
            return _too_large(request)
        return _too_many(request, refusal)


def _refusal(request: HttpRequest) -> str:
    try:
        length = int(request.META.get("CONTENT_LENGTH") or 0)
    except ValueError:
        return ""
    if length <= settings.ANONYMOUS_BODY_BYTES or length <= body_limit(request):
        return ""
    return TOO_LARGE


def _too_large(request: HttpRequest) -> HttpResponse:
    if body_limit(request) == settings.ANONYMOUS_BODY_BYTES:
        detail = _("You are not signed in. Sign in to send files or long texts.")
    else:
        detail = _("A form with its files can have up to %(most)d MB. Send fewer files at a time.")
        detail %= {"most": settings.REQUEST_MOST_BYTES // 1024**2}
    return _answer(request, 413, "413.html", detail)


def _too_many(request: HttpRequest, refusal: str) -> HttpResponse:
    status, detail = {
        BUSY: (503, _("Too many files are being sent at the moment. Try again in a minute.")),
        PERSON_SENDS: (429, _("You are already sending files. Try again when they have arrived.")),
        ADDRESS_SENDS: (
            429,
            _("Too many forms are being sent from your network. Try again in a minute."),
        ),
    }[refusal]
    response = _answer(request, status, "413.html", detail)
    response["Retry-After"] = "30"
    return response


def _answer(request: HttpRequest, status: int, template: str, detail: str) -> HttpResponse:
    from officeflow.api.problems import problem  # it imports models

    wants_json = request.headers.get("Accept") == "application/json"
    if request.path.startswith(API_PATH) or wants_json:
        response: HttpResponse = problem(status, detail)
    else:
        page = loader.get_template(template).render({"reason": detail})
        response = HttpResponse(page, status=status)
    return response
