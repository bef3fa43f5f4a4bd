"""Adding, using, removing and resetting second factors."""

from __future__ import annotations

from datetime import timedelta

from cryptography.fernet import InvalidToken
from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _
from knox.models import AuthToken
from rest_framework.exceptions import AuthenticationFailed

from officeflow.audit.actions import record
from officeflow.company.models import Office
from officeflow.errors import Conflict, Refused
from officeflow.second_factor import codes
from officeflow.second_factor.models import RecoveryCode, SecondFactor
from officeflow.second_factor.queries import factor_of
from officeflow.second_factor.requirement import is_required
from officeflow.staff import security_log
from officeflow.staff.actions import end_sessions
from officeflow.staff.models import AccountNotice, User, UserSession
from officeflow.staff.notices import tell_owner
from officeflow.ui import times

MAX_FAILURES = 5
PAUSE = timedelta(minutes=15)
# Each pause is twice as long as the one before, up to four hours.
MOST_DOUBLINGS = 4


class WrongCode(Refused):
    """The code is wrong, was used already, or too many were wrong."""

    def __init__(self, message: str = "") -> None:
        super().__init__(
            message or _("This code is wrong or was used already. Enter the next code."), "code"
        )


class FactorChanged(Conflict):
    """The factor was removed or set up in another browser since this sign-in began."""

    def __init__(self) -> None:
        super().__init__(_("Your second factor has changed. Sign in again."))


def add_second_factor(
    *, actor: User, key: str, code: str, session_key: str = "", replaces: bool = True
) -> list[str]:
    """Sets up an app, whose first code proves that it has the key; replaces an earlier one.

    Ends the actor's API tokens and all sessions except the one of `session_key`: the password alone
    opened them. Returns the recovery codes, which are stored as hashes alone. Raises `WrongCode`;
    without `replaces` also `FactorChanged` when there is one already.
    """
    now = timezone.now()
    step = codes.step_of(key, codes.digits(code), now)
    if step is None:
        raise WrongCode
    with transaction.atomic():
        User.objects.select_for_update().get(pk=actor.pk)  # one enrolment at a time
        if _delete(actor) and not replaces:
            raise FactorChanged
        factor = SecondFactor.objects.create(
            user=actor, key=codes.encrypted(actor.pk, key), added_at=now, last_step=step
        )
        _record("add_second_factor", actor, actor)
        AuthToken.objects.filter(user=actor).delete()
        end_sessions(actor=actor, sessions=UserSession.objects.exclude(session_key=session_key))
        return _new_codes(factor)


@transaction.atomic
def renew_recovery_codes(*, actor: User) -> list[str]:
    """Replaces the actor's recovery codes and returns the new ones. Raises `Conflict`."""
    factor = SecondFactor.objects.select_for_update().filter(user=actor).first()
    if factor is None:
        raise Conflict(_("There is no second factor."))
    factor.codes.all().delete()
    _record("renew_recovery_codes", actor, actor)
    return _new_codes(factor)


def _new_codes(factor: SecondFactor) -> list[str]:
    made = codes.new_recovery_codes()
    RecoveryCode.objects.bulk_create(
        [RecoveryCode(factor=factor, code_hash=codes.recovery_hash(code)) for code in made]
    )
    return made


def use_code(*, actor: User, code: str) -> None:
    """Accepts a code of the app or a recovery code, once.

    Raises `WrongCode`; after `MAX_FAILURES` wrong ones for each code of the app for the time
    `PAUSE`, which doubles each time until a right code. A recovery code, which nobody guesses,
    works meanwhile, so that its owner gets in. Raises `FactorChanged` when there is no factor any
    more.
    """
    typed, now = codes.digits(code), timezone.now()
    refusal: WrongCode | None = None
    with transaction.atomic():
        # The row's lock makes one winner of two sign-ins with the same code.
        factor = SecondFactor.objects.select_for_update().filter(user=actor).first()
        if factor is None:
            raise FactorChanged
        is_blocked = factor.blocked_until is not None and factor.blocked_until > now
        is_recovery = _uses_recovery_code(factor, typed)
        if is_blocked and not is_recovery:
            raise _blocked(factor)
        if is_recovery or _accepts(factor, typed):
            factor.failures, factor.pauses, factor.blocked_until = 0, 0, None
        else:
            factor.failures += 1
            security_log.changed("second_factor_failed", actor=actor, user=actor)
            refusal = WrongCode()
            if factor.failures >= MAX_FAILURES:
                factor.failures = 0
                factor.blocked_until = now + PAUSE * 2 ** min(factor.pauses, MOST_DOUBLINGS)
                factor.pauses += 1
                refusal = _blocked(factor)
                _record("block_second_factor", actor, actor)
        factor.save(update_fields=["failures", "pauses", "blocked_until", "last_step"])
    if refusal is not None:  # after the commit, which counts the failure
        raise refusal


def _blocked(factor: SecondFactor) -> WrongCode:
    assert factor.blocked_until is not None
    at = times.short(factor.blocked_until)
    return WrongCode(_("Too many wrong codes. Try again at %(time)s.") % {"time": at})


def _accepts(factor: SecondFactor, typed: str) -> bool:
    try:
        key = codes.decrypted(factor.user_id, factor.key)
    except InvalidToken:  # only recovery codes and a reset help after a lost SECRET_KEY
        return False
    step = codes.step_of(key, typed, timezone.now())
    if step is None or step <= factor.last_step:
        return False
    factor.last_step = step
    return True


def _uses_recovery_code(factor: SecondFactor, typed: str) -> bool:
    if len(typed) != codes.RECOVERY_LENGTH:
        return False
    unused = factor.codes.filter(code_hash=codes.recovery_hash(typed), used_at__isnull=True)
    if not unused.update(used_at=timezone.now()):
        return False
    _record("use_recovery_code", factor.user, factor.user)
    return True


@transaction.atomic
def remove_second_factor(*, actor: User) -> None:
    """Removes the actor's own second factor. Raises `Conflict` where the office requires one."""
    if is_required(actor):
        raise Conflict(_("The office requires a second factor of your role. You can replace it."))
    if _delete(actor):
        _record("remove_second_factor", actor, actor)


@transaction.atomic
def reset_second_factor(*, actor: User | None, user: User) -> None:
    """Removes a colleague's second factor, who is told.

    Their sessions and API tokens end. Raises `Conflict` when there is none, and for one's own.
    """
    if actor is not None and actor.pk == user.pk:
        raise Conflict(_("Replace or remove your own second factor in your settings."))
    factor = SecondFactor.objects.select_for_update().filter(user=user).first()
    if factor is None:
        raise Conflict(_("%(name)s has no second factor.") % {"name": user})
    _delete(user)
    tell_owner(user=user, kind=AccountNotice.Kind.SECOND_FACTOR, actor=actor)
    AuthToken.objects.filter(user=user).delete()
    User.objects.filter(pk=user.pk).update(session_epoch=F("session_epoch") + 1)
    _record("reset_second_factor", actor, user)


def _delete(user: User) -> bool:
    RecoveryCode.objects.filter(factor__user=user).delete()
    return bool(SecondFactor.objects.filter(user=user).delete()[0])


def check_token_sign_in(user: User, code: str) -> None:
    """Checks the second factor of a program that signs in to the API.

    Raises `WrongCode`, and `Conflict` when the office requires a factor that is not set up.
    """
    if factor_of(user) is not None:
        if not code:
            raise WrongCode(_("Send the code of your second factor as “code”."))
        use_code(actor=user, code=code)
    elif is_required(user):
        raise Conflict(
            _("Your role needs a second factor. Sign in with a browser and set it up first.")
        )


def check_token(user: User, office: Office | None) -> None:
    """Refuses the token of a person who needs a second factor and has none.

    The requirement can begin while there are tokens that the password alone opened: by the
    office's setting, by a role, or by a role that begins later. Raises `AuthenticationFailed`.
    """
    if is_required(user, office) and factor_of(user) is None:
        raise AuthenticationFailed(
            _("Your role needs a second factor. Sign in with a browser and set it up first.")
        )


def _record(action: str, actor: User | None, user: User) -> None:
    security_log.changed(action, actor=actor, user=user)
    record(actor=actor, action=action, subject_kind="staff", subject=user.username)
