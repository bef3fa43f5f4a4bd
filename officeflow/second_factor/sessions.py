"""Sessions that still need a code, or a second factor, before they open anything."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib.auth import SESSION_KEY, user_logged_in
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from officeflow.api.problems import problem
from officeflow.second_factor.queries import factor_of
from officeflow.second_factor.requirement import is_required
from officeflow.staff.models import User
from officeflow.staff.sessions import MISSING, remember_key
from officeflow.ui.control_characters import API_PATH
from officeflow.ui.next_page import interrupted

# What a session misses: the value of `MISSING`.
CODE, SET_UP = "code", "set-up"
PAGES = {CODE: "second_factor:code", SET_UP: "second_factor:set-up"}


def mark_session(sender: Any, request: HttpRequest, user: User, **kwargs: Any) -> None:
    """After each way to sign in: says what the new session still needs."""
    if request.session.get(SESSION_KEY) != str(user.pk):
        return  # a program, which gets a token and no session
    request.session.pop(MISSING, None)
    if factor_of(user) is not None:
        request.session[MISSING] = CODE
        return
    if is_required(user):
        request.session[MISSING] = SET_UP


def connect() -> None:
    """Connects the signal."""
    user_logged_in.connect(mark_session, dispatch_uid="officeflow.second_factor")


def complete(request: HttpRequest, user: User) -> None:
    """Opens the session, under a new key."""
    request.session.cycle_key()
    request.session.pop(MISSING, None)
    remember_key(request, user)


def _missing(request: HttpRequest) -> str | None:
    """Returns what the session misses.

    The office can begin and cease to require a factor, and a role that needs one can begin and end,
    while a session is open.
    """
    missing: str | None = request.session.get(MISSING)
    user, office = request.user, getattr(request, "office", None)
    if missing == CODE or office is None or not user.is_authenticated:
        return missing
    is_needed = is_required(user, office)
    if missing is None and is_needed and factor_of(user) is None:
        request.session[MISSING] = SET_UP
    elif missing == SET_UP and not is_needed:
        if factor_of(user) is None:
            del request.session[MISSING]
        else:  # set up in another session
            request.session[MISSING] = CODE
    return request.session.get(MISSING)


class SecondFactorMiddleware:
    """Leads an incomplete session to the one page that it may open; everything else is closed."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Passes a request on, or redirects it; answers 403 under `/api/`."""
        missing = _missing(request)
        if missing not in PAGES:
            return self.get_response(request)
        is_api = request.path_info.startswith(API_PATH)
        if is_api and request.headers.get("Authorization", "").startswith("Token "):
            request.user = AnonymousUser()  # the token decides, and never this session
            return self.get_response(request)
        page = reverse(PAGES[missing])
        if request.path_info in (page, reverse("staff:sign-out")):
            return self.get_response(request)
        if is_api:
            return problem(403, _("Confirm the sign-in with your second factor first."))
        address = interrupted(request, page)
        if request.headers.get("HX-Request"):
            return HttpResponse(status=204, headers={"HX-Redirect": address})
        return redirect(address)
