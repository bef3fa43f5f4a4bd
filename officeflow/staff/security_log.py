"""Security events in the log: sign-ins, lockouts, refusals, and who may do what from now on."""

from __future__ import annotations

from typing import Any

import structlog
from axes.signals import user_locked_out
from django.contrib.auth import user_logged_in, user_login_failed
from django.dispatch import receiver
from django.http import HttpRequest

from officeflow.staff.callers import client_address
from officeflow.staff.models import User

log = structlog.get_logger("officeflow.security")

MOST_CHARACTERS = 150  # of a name that a stranger typed


def changed(event: str, *, actor: User | None, user: User, **details: Any) -> None:
    """Logs that `actor` changed what `user` may do or how they sign in."""
    log.warning(
        f"security.{event}", user=user.username, by=actor.username if actor else "", **details
    )


def refused(request: HttpRequest) -> None:
    """Logs that a request was refused for want of a permission."""
    user = request.user
    log.warning(
        "security.refused",
        user=user.get_username() if user.is_authenticated else "",
        address=client_address(request),
        method=request.method,
        path=request.path,
    )


@receiver(user_logged_in, dispatch_uid="staff.log_sign_in")
def signed_in(*, request: HttpRequest | None, user: User, **signal: Any) -> None:
    """Logs a sign-in with its address."""
    log.info("security.signed_in", user=user.username, address=_address(request))


@receiver(user_login_failed, dispatch_uid="staff.log_failed_sign_in")
def sign_in_failed(
    *, credentials: dict[str, Any], request: HttpRequest | None = None, **signal: Any
) -> None:
    """Logs a failed sign-in with its address."""
    name = str(credentials.get("username") or "")[:MOST_CHARACTERS]
    log.warning("security.sign_in_failed", user=name, address=_address(request))


@receiver(user_locked_out, dispatch_uid="staff.log_lockout")
def locked_out(
    *, username: str | None = None, ip_address: str | None = None, **signal: Any
) -> None:
    """Logs that a name is locked out at an address."""
    log.warning(
        "security.locked_out", user=(username or "")[:MOST_CHARACTERS], address=ip_address or ""
    )


def _address(request: HttpRequest | None) -> str:
    return (client_address(request) or "") if request is not None else ""
