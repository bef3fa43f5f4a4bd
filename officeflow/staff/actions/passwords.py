"""Writes of passwords, password resets, lockouts and API tokens."""

from __future__ import annotations

from axes.utils import reset as reset_failures
from django.contrib.auth.hashers import identify_hasher
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _
from knox.models import AuthToken
from knox.settings import knox_settings

from officeflow.audit.actions import record
from officeflow.errors import Conflict, Refused
from officeflow.staff import link_messages, resets
from officeflow.staff.models import User


class ResetLinkExpired(Conflict):
    """The reset link was used or has expired, or the account is deactivated."""

    def __init__(self) -> None:
        super().__init__(_("This link no longer works. Ask for a new one."))


def check_password(password: str, user: User) -> None:
    """Raises `Refused` for a password that is too easy to guess."""
    try:
        validate_password(password, user)
    except ValidationError as error:
        raise Refused(" ".join(error.messages), "password") from error


@transaction.atomic
def change_password(*, actor: User | None, user: User, password: str) -> None:
    """Sets a person's password, and ends all their sessions and API tokens.

    The caller's own session continues only with `django.contrib.auth.update_session_auth_hash`.
    Raises `Refused` for a password that is too easy to guess.
    """
    check_password(password, user)
    user.set_password(password)
    User.objects.filter(pk=user.pk).update(password=user.password)
    AuthToken.objects.filter(user=user).delete()
    record(
        actor=actor,
        action="change_password",
        subject_kind="staff",
        subject=user.username,
        personal=["password"],
    )


@transaction.atomic
def set_hashed_password(*, actor: User | None, user: User, encoded: str) -> None:
    """Sets a password that is already hashed, and ends all API tokens.

    Raises `Refused` for a hash that Django cannot check.
    """
    try:
        identify_hasher(encoded)
    except ValueError as error:
        raise Refused(_("This is not a hashed password."), "password") from error
    User.objects.filter(pk=user.pk).update(password=encoded)
    user.password = encoded
    AuthToken.objects.filter(user=user).delete()
    record(
        actor=actor,
        action="change_password",
        subject_kind="staff",
        subject=user.username,
        personal=["password"],
    )


def issue_token(*, user: User) -> tuple[AuthToken, str]:
    """Creates an API token; returns it with its secret, of which only a hash is stored."""
    token, secret = AuthToken.objects.create(user=user, expiry=knox_settings.TOKEN_TTL)
    return token, secret


def end_token(*, token: AuthToken) -> None:
    """Ends an API token."""
    token.delete()


@transaction.atomic
def send_reset_link(*, actor: User | None, user: User, link: str) -> bool:
    """Sends a person a password reset link; returns whether a message was queued."""
    sent = link_messages.send(
        link_messages.LinkMessage(
            event="password_reset",
            to_address=user.email,
            to_name=user.full_name,
            link=link,
            until_at=resets.expires_at(),
            language=user.language,
        ),
        actor=actor,
    )
    record(actor=actor, action="send_reset_link", subject_kind="staff", subject=user.username)
    return sent


@transaction.atomic
def reset_password(*, actor: User | None, user: User, token: str, password: str) -> None:
    """Sets a new password with a reset link, which then no longer works.

    Ends all sessions and API tokens, and a lockout. Raises `ResetLinkExpired`, and `Refused` for a
    password that is too easy to guess.
    """
    current = User.objects.select_for_update().get(pk=user.pk)
    if not current.is_active or not resets.is_valid(current, token):
        raise ResetLinkExpired
    change_password(actor=actor or current, user=current, password=password)
    User.objects.filter(pk=current.pk).update(session_epoch=F("session_epoch") + 1)
    unlock(actor=actor or current, user=current)


def unlock(*, actor: User | None, user: User) -> None:
    """Deletes the failed sign-ins of a person, so that they can sign in again at once."""
    if reset_failures(username=user.username):
        record(actor=actor, action="unlock", subject_kind="staff", subject=user.username)
