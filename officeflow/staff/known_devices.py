"""Devices at which somebody has signed in before, by a signed cookie.

Everybody in an office can have the same address. Whoever tries many names from it, such as a
visitor, locks the address out, but no colleague at a known device.
"""

from __future__ import annotations

import secrets
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.contrib.auth import user_logged_in, user_login_failed
from django.core.signing import BadSignature, TimestampSigner
from django.dispatch import receiver
from django.http import HttpRequest, HttpResponseBase

from officeflow.staff.rate_limit import RateLimit

SALT = "officeflow.staff.known_device"
AGE = timedelta(days=180)
# A device that tries many names itself is known no longer, for a while.
FAILURES = RateLimit("device", limit=20, seconds=900)


def device_of(request: HttpRequest) -> str:
    """Returns the device of the request's cookie; empty when it has none."""
    try:
        return TimestampSigner(salt=SALT).unsign(
            request.COOKIES.get(settings.DEVICE_COOKIE_NAME, ""), max_age=AGE
        )
    except BadSignature:
        return ""


def is_known(request: HttpRequest) -> bool:
    """Returns whether somebody signed in at this device, and few sign-ins failed there lately."""
    device = device_of(request)
    return bool(device) and not FAILURES.is_exceeded(request, device)


@receiver(user_login_failed, dispatch_uid="staff.count_at_device")
def count_failure(*, request: HttpRequest | None = None, **signal: Any) -> None:
    """Counts a failed sign-in at a known device."""
    if request is not None and (device := device_of(request)):
        FAILURES.count(request, device)


@receiver(user_logged_in, dispatch_uid="staff.know_device")
def know(*, request: HttpRequest | None, **signal: Any) -> None:
    """Notes that the response makes the device known; a program keeps no cookies."""
    if request is not None and "_auth_user_id" in getattr(request, "session", ()):
        request.known_device = device_of(request) or secrets.token_urlsafe(12)  # type: ignore[attr-defined]


def set_cookie(request: HttpRequest, response: HttpResponseBase) -> None:
    """Sets the cookie after a sign-in."""
    device = getattr(request, "known_device", "")
    if device:
        response.set_cookie(
            settings.DEVICE_COOKIE_NAME,
            TimestampSigner(salt=SALT).sign(device),
            max_age=AGE,
            secure=settings.SESSION_COOKIE_SECURE,
            httponly=True,
            samesite="Strict",
        )
