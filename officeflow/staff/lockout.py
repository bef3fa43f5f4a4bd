"""What somebody sees who mistyped a password too often."""

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

STATUS = 429


def client_address(request: HttpRequest) -> str | None:
    """Where a try comes from: the address that the outermost proxy of ours saw.

    What stands before it in `X-Forwarded-For` is the caller's own claim.
    """
    direct = request.META.get("REMOTE_ADDR") or None
    claimed = request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")
    count = settings.PROXY_COUNT
    if not count:
        return direct
    try:
        return str(ip_address(claimed[-min(count, len(claimed))].strip()))
    except ValueError:
        return direct


def locked_out(
    request: HttpRequest,
    original_response: HttpResponse | None = None,
    credentials: dict[str, Any] | None = None,
) -> HttpResponse:
    """The page (or, under `/api/`, the problem) that says when the next try counts again.

    Each try while it lasts begins the wait anew, so the time is counted from now. `Retry-After`
    is in seconds.
    """
    wait = get_cool_off(request)
    again_at = timezone.localtime(timezone.now() + wait) if wait else None
    response: HttpResponse
    if request.path.startswith("/api/"):
        detail = (
            _("Too many failed sign-ins. Try again at %(time)s.")
            % {"time": date_format(again_at, "TIME_FORMAT")}
            if again_at
            else _("Too many failed sign-ins.")
        )
        response = problem(STATUS, detail)
    else:
        response = render(
            request, "registration/locked_out.html", {"again_at": again_at}, status=STATUS
        )
    if wait:
        response["Retry-After"] = str(ceil(wait.total_seconds()))
    return response
