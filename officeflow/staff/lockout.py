"""Lockouts after too many wrong passwords: of a person's name, and of an address.

axes counts the failures in PostgreSQL, by user name and address together. An address from which
the passwords of many people are tried is locked out too, whatever name it tries next, except for
devices at which somebody has signed in before.
"""

from __future__ import annotations

from math import ceil
from typing import Any

from axes.exceptions import AxesBackendPermissionDenied
from axes.helpers import get_cool_off
from axes.models import AccessAttempt
from axes.signals import user_locked_out
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _

from officeflow.api.problems import problem
from officeflow.staff.callers import client_address, counted_address
from officeflow.staff.known_devices import is_known
from officeflow.ui import times
from officeflow.ui.control_characters import API_PATH

STATUS = 429


class AddressLockout:
    """An authentication backend that refuses an address after failures for many user names."""

    def authenticate(self, request: HttpRequest | None, **credentials: Any) -> None:
        """Passes on to the next backend. Raises `AxesBackendPermissionDenied`."""
        if request is None or is_known(request):
            return
        if is_spraying(counted_address(request)):
            request.axes_locked_out = True  # type: ignore[attr-defined]
            user_locked_out.send(
                "axes",
                request=request,
                username=credentials.get("username"),
                ip_address=client_address(request),
            )
            raise AxesBackendPermissionDenied("failures for many user names from this address")


def is_spraying(address: str | None) -> bool:
    """Returns whether passwords of too many user names failed from an address lately."""
    recent = AccessAttempt.objects.filter(
        ip_address=address, attempt_time__gt=timezone.now() - settings.AXES_COOLOFF_TIME
    )
    names = recent.values("username").distinct()[: settings.SPRAYING_LIMIT]
    return len(names) >= settings.SPRAYING_LIMIT


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
    again_at = times.short(timezone.now() + wait) if wait else ""
    response: HttpResponse
    if request.path.startswith(API_PATH):
        detail = (
            _("Too many failed sign-ins. Try again at %(time)s.") % {"time": again_at}
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
