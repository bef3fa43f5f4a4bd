"""The response to a person who is locked out after too many wrong passwords."""

from __future__ import annotations

from ipaddress import ip_address
from math import ceil
from typing import Any

from axes.helpers import get_cool_off
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from officeflow.api.problems import problem
from officeflow.ui.control_characters import API_PATH

STATUS = 429


def client_address(request: HttpRequest) -> str | None:
    """Returns the caller's IP address: the one that the outermost of our proxies saw.

    Earlier addresses in `X-Forwarded-For` come from the caller and are not trusted.
    """
    remote = request.META.get("REMOTE_ADDR") or None
    forwarded = request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")
    count = settings.PROXY_COUNT
    if not count:
        return remote
    try:
        return str(ip_address(forwarded[-min(count, len(forwarded))].strip()))
    except ValueError:
        return remote


def locked_out(
    request: HttpRequest,
    original_response: HttpResponse | None = None,
    credentials: dict[str, Any] | None = None,
) -> HttpResponse:
    """Returns a page, or under `/api/` a problem, with the time of the next allowed attempt.

    The time is counted from now, because each attempt during a lockout prolongs it. `Retry-After`
    is in seconds.
    """
    wait = get_cool_off(request)
    again_at = timezone.localtime(timezone.now() + wait) if wait else None
    response: HttpResponse
    if request.path.startswith(API_PATH):
        detail = (
            _("Too many failed sign-ins. Try again at %(time)s.")
            % {"time": date_format(again_at, "TIME_FORMAT")}
            if again_at
            else _("Too many failed sign-ins. Try again in a few minutes.")
        )
        response = problem(STATUS, detail)
    else:
        response = render(
            request, "registration/locked_out.html", {"again_at": again_at}, status=STATUS
        )
    if wait:
        response["Retry-After"] = str(ceil(wait.total_seconds()))
    return response
