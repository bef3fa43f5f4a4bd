"""Writes about what people sign in with: passwords, ways to a new one, and API tokens."""

from __future__ import annotations

from axes.utils import reset as forget_failures
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
from officeflow.staff import resets, staff_mail
from officeflow.staff.models import User


class ResetLinkExpired(Conflict):
    """The link to a new password was used, is too old, or the account is inactive."""

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
    """Gives a person a new password; every session and API token under the old one ends.

    The caller's own session goes on only when it takes the new hash
    (`django.contrib.auth.update_session_auth_hash`). Raises `Refused` for one that is too easy
    to guess.
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
    """Takes over a password that was hashed elsewhere, as by an import that hashes many at once.

    Raises `Refused` when it is not a hash that Django can check.
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
    """Gives a person who has signed in a token for the API, and its secret, kept nowhere."""
    token, secret = AuthToken.objects.create(user=user, expiry=knox_settings.TOKEN_TTL)
    return token, secret


def end_token(*, token: AuthToken) -> None:
    """Ends one API token; it is worth nothing afterwards."""
    token.delete()


@transaction.atomic
def offer_reset(*, actor: User | None, user: User, link: str) -> bool:
    """Writes a person a link to a new password; whether a message is on its way."""
    sent = staff_mail.send(
        staff_mail.LinkMessage(
            event="password_reset",
            to_address=user.email,
            to_name=user.full_name,
            link=link,
            until_at=resets.expires_at(),
            language=user.language,
        ),
        actor=actor,
    )
    record(actor=actor, action="offer_reset", subject_kind="staff", subject=user.username)
    return sent


@transaction.atomic
def reset_password(*, actor: User | None, user: User, token: str, password: str) -> None:
    """Gives somebody who followed their link a new password; the link is spent with it.

    Every session and API token under the old one ends, and a lockout ends. Raises
    `ResetLinkExpired`, and `Refused` for a password that is too easy to guess.
    """
    current = User.objects.select_for_update().get(pk=user.pk)
    if not current.is_active or not resets.is_valid(current, token):
        raise ResetLinkExpired
    change_password(actor=actor or current, user=current, password=password)
    User.objects.filter(pk=current.pk).update(session_epoch=F("session_epoch") + 1)
    unlock(actor=actor or current, user=current)


def unlock(*, actor: User | None, user: User) -> None:
    """Forgets the failed sign-ins of a person, so that they may try again at once."""
    if forget_failures(username=user.username):
        record(actor=actor, action="unlock", subject_kind="staff", subject=user.username)
