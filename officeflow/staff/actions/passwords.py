"""Writes of passwords, password resets, lockouts and API tokens."""

from __future__ import annotations

from datetime import timedelta

from axes.models import AccessAttempt
from axes.utils import reset as reset_failures
from django.contrib.auth.hashers import identify_hasher
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _
from knox.models import AuthToken
from knox.settings import knox_settings

from officeflow.audit.actions import record
from officeflow.errors import Conflict, Refused
from officeflow.staff import link_messages, resets, security_log
from officeflow.staff.models import AccountNotice, User
from officeflow.staff.notices import tell_owner
from officeflow.staff.user_names import counted_name

# How long a password that a colleague set can be used to sign in and choose another one: over a
# weekend (ASVS 6.4.1).
ONE_TIME_PASSWORD_LIFETIME = timedelta(hours=72)


class ResetLinkExpired(Conflict):
    """The reset link was used or has expired, or the account is deactivated."""

    def __init__(self) -> None:
        super().__init__(_("This link no longer works. Ask for a new one."))


class SignInChanged(Conflict):
    """The password or the account changed while somebody signed in."""

    def __init__(self) -> None:
        super().__init__(_("Your sign-in has just changed. Sign in again."))


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
    A person whose password a colleague or the operator of the server sets must change it at the
    next sign-in, within `ONE_TIME_PASSWORD_LIFETIME`, and is told so. Raises `Refused` for a
    password that is too easy to guess, and for a colleague's that should be replaced by itself.
    """
    check_password(password, user)
    is_own = actor is not None and actor.pk == user.pk
    if is_own and user.must_change_password and user.check_password(password):
        raise Refused(_("Your colleague knows this password. Choose another one."), "password")
    user.set_password(password)
    user.must_change_password = not is_own
    user.one_time_until = None if is_own else timezone.now() + ONE_TIME_PASSWORD_LIFETIME
    User.objects.filter(pk=user.pk).update(
        password=user.password,
        must_change_password=user.must_change_password,
        one_time_until=user.one_time_until,
    )
    if user.must_change_password:
        tell_owner(user=user, kind=AccountNotice.Kind.PASSWORD, actor=actor)
    record_password_change(actor=actor, user=user)


def give_password(*, actor: User, user: User, password: str) -> None:
    """Sets a password with which a colleague chooses their own.

    Raises `Refused`, also for one's own.
    """
    if actor.pk == user.pk:
        raise Refused(_("Change your own password in your settings."))
    change_password(actor=actor, user=user, password=password)


@transaction.atomic
def create_reset_link(*, actor: User, user: User) -> str:
    """Makes a link with which a password can be chosen once, for the actor to pass on.

    Returns its path, which is not stored. The person is told. Raises
    `Refused` for a deactivated account and for the actor's own.
    """
    if not user.is_active:
        raise Refused(_("This account is deactivated. Reactivate it first."))
    if actor.pk == user.pk:
        raise Refused(_("Change your own password in your settings."))
    tell_owner(user=user, kind=AccountNotice.Kind.RESET_LINK, actor=actor)
    security_log.changed("reset_link_created", actor=actor, user=user)
    record(actor=actor, action="create_reset_link", subject_kind="staff", subject=user.username)
    return resets.reset_path(user)


@transaction.atomic
def record_password_change(*, actor: User | None, user: User) -> None:
    """Ends a person's API tokens after a change of their password, and records the change."""
    AuthToken.objects.filter(user=user).delete()
    security_log.changed("password_changed", actor=actor, user=user)
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
    record_password_change(actor=actor, user=user)


@transaction.atomic
def issue_token(*, user: User) -> tuple[AuthToken, str]:
    """Creates an API token for the person who signs in to the API.

    Returns it with its secret, of which only a hash is stored. Raises `SignInChanged` when the
    password or the account changed since they signed in, which ended all tokens.
    """
    current = User.objects.select_for_update().get(pk=user.pk)
    if not current.is_active or current.get_session_auth_hash() != user.get_session_auth_hash():
        raise SignInChanged
    AuthToken.objects.filter(user=user, expiry__lt=timezone.now()).delete()
    token, secret = AuthToken.objects.create(user=user, expiry=knox_settings.TOKEN_TTL)
    record(
        actor=user,
        action="issue_token",
        subject_kind="staff",
        subject=user.username,
        changes={"token": (None, token.token_key)},
    )
    return token, secret


@transaction.atomic
def end_token(*, actor: User, token: AuthToken) -> None:
    """Ends an API token; one that has ended already changes nothing."""
    deleted, _rows = AuthToken.objects.filter(pk=token.pk).delete()
    if deleted:
        record(
            actor=actor,
            action="end_token",
            subject_kind="staff",
            subject=token.user.username,
            changes={"token": (token.token_key, None)},
        )


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


@transaction.atomic
def lift_lockout(*, actor: User, attempt: AccessAttempt) -> None:
    """Deletes the failed sign-ins of one user name from one address."""
    deleted, _rows = AccessAttempt.objects.filter(pk=attempt.pk).delete()
    if deleted:
        record(
            actor=actor,
            action="unlock",
            subject_kind="staff",
            subject=(attempt.username or "")[:60],
            personal=["ip_address"],
        )


def unlock(*, actor: User | None, user: User) -> None:
    """Deletes the failed sign-ins of a person, so that they can sign in again at once."""
    if reset_failures(username=counted_name(None, {"username": user.username})):
        record(actor=actor, action="unlock", subject_kind="staff", subject=user.username)
