"""What a signed-in person's account demands before any page is shown."""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus

from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from officeflow.api.problems import problem
from officeflow.staff import known_devices, security_log, sessions
from officeflow.ui.control_characters import API_PATH
from officeflow.ui.next_page import interrupted


class AccountMiddleware:
    """Ends a session that was idle for too long or is too old, and asks for an own password.

    A person whose password was set by a colleague sees nothing else until they have changed it. A
    sign-in that is not complete is completed first.
    What the API answers is stored nowhere, and refusals are logged.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answers the request, or says what is to be done first."""
        has_ended = False
        if request.user.is_authenticated:
            if sessions.is_over(request):
                logout(request)
                has_ended = True
            else:
                sessions.mark_seen(request)
                is_asked = request.user.must_change_password and sessions.is_complete(request)
                if is_asked and not _is_open(request.path):
                    return _ask_for_password(request)
        response = self.get_response(request)
        if response.status_code == HTTPStatus.FORBIDDEN:
            security_log.refused(request)
        if request.path.startswith(API_PATH):
            response.headers["Cache-Control"] = "no-store"
        known_devices.set_cookie(request, response)
        if has_ended:  # what the browser kept of the office's pages ends with the session
            response.headers["Clear-Site-Data"] = '"cache"'
        return response


def _is_open(path: str) -> bool:
    names = ("staff:password-change", "staff:sign-out")
    return path in {reverse(name) for name in names}


def _ask_for_password(request: HttpRequest) -> HttpResponse:
    words = _(
        "Choose your own password. The one you signed in with was set for you and opens no other "
        "page."
    )
    if request.path.startswith(API_PATH):
        return problem(403, words)
    address = interrupted(request, reverse("staff:password-change"))
    if "HX-Request" in request.headers:
        return HttpResponse(headers={"HX-Redirect": address})
    messages.info(request, words)
    return redirect(address)
