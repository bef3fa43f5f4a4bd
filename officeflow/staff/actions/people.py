"""Writes of people and their roles."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.contrib.sessions.models import Session
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import IntegrityError, connection, transaction
from django.db.models import F, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from knox.models import AuthToken

from officeflow.audit.actions import record
from officeflow.errors import Conflict, Refused, StaleRecord
from officeflow.permissions import ROLE_PERMISSIONS, Permission, Role
from officeflow.staff import security_log
from officeflow.staff.actions.passwords import ONE_TIME_PASSWORD_LIFETIME, check_password
from officeflow.staff.held_work import GiveTo, lock_person, release_work
from officeflow.staff.models import AccountNotice, RoleGrant, User, UserSession
from officeflow.staff.notices import HrAccess, hr_access_given, tell_owner

LOSSES_LOCK = 0x0AD314


class AlreadyInactive(Conflict):
    """The account is deactivated already."""

    def __init__(self) -> None:
        super().__init__(_("This account is already deactivated."))


class AlreadyActive(Conflict):
    """The account is active already."""

    def __init__(self) -> None:
        super().__init__(_("This account is already active."))


class GrantEnded(Conflict):
    """The grant has ended already."""

    def __init__(self) -> None:
        super().__init__(_("This role has already ended."))


class LastAdministrator(Refused):
    """The office would have no permanent administrator."""

    def __init__(self) -> None:
        super().__init__(
            _("This is the last administrator. Make another person an administrator first.")
        )


@transaction.atomic
def add_person(
    *,
    actor: User | None,
    username: str,
    full_name: str,
    password: str | None,
    roles: list[Role],
    email: str = "",
    is_staff: bool = False,
    must_change_password: bool = False,
) -> User:
    """Creates an account with its roles. `actor` is None for the office's first person.

    With `must_change_password` the password opens only the page for another one, within
    `ONE_TIME_PASSWORD_LIFETIME`.

    With `password` None nobody can sign in to it yet. Raises `Refused` for a user name that is
    taken or invalid, and for a password that is too easy to guess.
    """
    username = User.normalize_username(username.strip())
    fields = check_details(full_name=full_name, email=email)
    try:
        User._meta.get_field("username").clean(username, None)
    except ValidationError as error:
        raise Refused(" ".join(error.messages), "username") from error
    if User.objects.named(username).exists():
        raise Refused(_("Somebody already has this user name. Choose another one."), "username")
    now = timezone.now()
    if password is not None:
        check_password(password, User(username=username, **fields))
    try:
        with transaction.atomic():
            user = User.objects.create_user(
                username,
                password,
                is_staff=is_staff,
                must_change_password=must_change_password,
                one_time_until=now + ONE_TIME_PASSWORD_LIFETIME if must_change_password else None,
                date_joined=now,
                **fields,
            )
    except IntegrityError as error:  # a concurrent call took the name
        raise Refused(
            _("Somebody already has this user name. Choose another one."), "username"
        ) from error
    record(
        actor=actor,
        action="add_person",
        subject_kind="staff",
        subject=username,
        personal=["full_name", "email"],
    )
    for role in roles:
        grant_role(actor=actor, user=user, role=role)
    return user


@transaction.atomic
def change_person(*, actor: User, user: User, version: int, full_name: str, email: str) -> User:
    """Changes a person's name and e-mail address.

    A link for a new password is sent to the address, so the person is told at the old one.
    Raises `StaleRecord` when `version` is not the current one, and `Refused` for invalid values.
    """
    current = User.objects.select_for_update().get(pk=user.pk)
    if current.version != version:
        raise StaleRecord(current)
    wanted = check_details(full_name=full_name, email=email)
    changed = [field for field, value in wanted.items() if getattr(current, field) != value]
    if not changed:
        return current
    if "email" in changed:
        tell_owner(user=current, kind=AccountNotice.Kind.EMAIL, actor=actor)
        security_log.changed("email_changed", actor=actor, user=current)
    for field, value in wanted.items():
        setattr(current, field, value)
    current.version += 1
    current.save(update_fields=[*wanted, "version"])
    record(
        actor=actor,
        action="change_person",
        subject_kind="staff",
        subject=current.username,
        personal=changed,
    )
    return current


@transaction.atomic
def grant_role(
    *,
    actor: User | None,
    user: User,
    role: Role,
    valid_from: datetime | None = None,
    valid_until: datetime | None = None,
) -> RoleGrant:
    """Grants a role from `valid_from`, by default now, and optionally until `valid_until`.

    Raises `Refused` when the end is not after the beginning and in the future, or when the person
    already holds the role for all of that time.
    """
    now = timezone.now()
    begins = valid_from or now
    if valid_until is not None and valid_until <= max(begins, now):
        raise Refused(_("The end must be in the future and after the beginning."), "valid_until")
    # Locks the person, so that concurrent calls do not grant the same role twice.
    User.objects.select_for_update().get(pk=user.pk)
    reaches = Q(valid_until__isnull=True)
    if valid_until is not None:
        reaches |= Q(valid_until__gte=valid_until)
    if RoleGrant.objects.of(user).filter(reaches, role=role, valid_from__lte=begins).exists():
        raise Refused(_("%(name)s already has this role for that time.") % {"name": user}, "role")
    grant = RoleGrant.objects.create(
        user=user, role=role, valid_from=begins, valid_until=valid_until, granted_by=actor
    )
    record(
        actor=actor,
        action="grant_role",
        subject_kind="staff",
        subject=user.username,
        changes={
            "role": (None, role.value),
            "valid_from": (None, begins),
            "valid_until": (None, valid_until),
        },
    )
    security_log.changed("role_granted", actor=actor, user=user, role=role.value)
    if actor is not None and Permission.VIEW_HR in ROLE_PERMISSIONS[role]:
        hr_access_given.send(sender=User, person=user, actor=actor, way=HrAccess.ROLE)
    _forget_cached_roles(user)
    return grant


@transaction.atomic
def end_grant(*, actor: User, grant: RoleGrant, give_to: GiveTo | None = None) -> int:
    """Ends a grant now; deletes it when it has not begun.

    The work that the person may no longer do goes to the colleagues in `give_to` or into the
    queue; returns how many pieces. Raises `GrantEnded`, `Refused` for a colleague who does not work
    in the department, and `LastAdministrator` when no other permanent administrator is left.
    """
    _lock_losses()
    if grant.role == Role.ADMINISTRATOR:
        _keep_an_administrator(without=grant.user)
    lock_person(grant.user_id)
    now = timezone.now()
    open_grants = RoleGrant.objects.filter(pk=grant.pk)
    if grant.valid_from >= now:
        ended, _rows = open_grants.delete()
    else:
        ended = open_grants.filter(Q(valid_until__isnull=True) | Q(valid_until__gt=now)).update(
            valid_until=now
        )
    if not ended:
        raise GrantEnded
    record(
        actor=actor,
        action="end_grant",
        subject_kind="staff",
        subject=grant.user.username,
        changes={"role": (grant.role, None), "valid_until": (grant.valid_until, now)},
    )
    security_log.changed("role_ended", actor=actor, user=grant.user, role=grant.role)
    _forget_cached_roles(grant.user)
    return release_work(actor=actor, person=grant.user, give_to=give_to)


@transaction.atomic
def deactivate_person(*, actor: User, user: User, give_to: GiveTo | None = None) -> int:
    """Deactivates an account, and ends its sessions and API tokens.

    The person's work goes to the colleagues in `give_to` or into the queue; returns how many
    pieces. Raises `Refused` for the actor's own account or a colleague who does not work in the
    department, `LastAdministrator`, and `AlreadyInactive`.
    """
    if actor.pk == user.pk:
        raise Refused(_("You cannot deactivate your own account. Ask a colleague."))
    _lock_losses()
    _keep_an_administrator(without=user)
    lock_person(user.pk)
    changed = User.objects.filter(pk=user.pk, is_active=True).update(
        is_active=False, session_epoch=F("session_epoch") + 1, version=F("version") + 1
    )
    if not changed:
        raise AlreadyInactive
    _end_sessions(user)
    record(
        actor=actor,
        action="deactivate_person",
        subject_kind="staff",
        subject=user.username,
        changes={"is_active": (True, False)},
    )
    security_log.changed("account_deactivated", actor=actor, user=user)
    user.refresh_from_db()
    return release_work(actor=actor, person=user, give_to=give_to)


@transaction.atomic
def reactivate_person(*, actor: User, user: User) -> None:
    """Reactivates an account; its person is told. Raises `AlreadyActive`."""
    if not User.objects.filter(pk=user.pk, is_active=False).update(
        is_active=True, version=F("version") + 1
    ):
        raise AlreadyActive
    record(
        actor=actor,
        action="reactivate_person",
        subject_kind="staff",
        subject=user.username,
        changes={"is_active": (False, True)},
    )
    security_log.changed("account_reactivated", actor=actor, user=user)
    tell_owner(user=user, kind=AccountNotice.Kind.REACTIVATED, actor=actor)
    user.refresh_from_db()


def check_details(*, full_name: str, email: str) -> dict[str, str]:
    """Returns name and e-mail address, normalised. Raises `Refused` for invalid values."""
    name, address = " ".join(full_name.split()), email.strip()
    if not name:
        raise Refused(_("Enter the person’s full name."), "full_name")
    if len(name) > 150:
        raise Refused(_("The name is too long. Use at most 150 characters."), "full_name")
    if address:
        try:
            validate_email(address)
        except ValidationError:
            raise Refused(_("Enter an e-mail address such as name@example.com."), "email") from None
    return {"full_name": name, "email": address}


def _lock_losses() -> None:
    """Lets one role end or account be deactivated at a time.

    Of two administrators who deactivate each other at once, the second waits here; so do two
    people whose work is given to each other.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOSSES_LOCK])


def _keep_an_administrator(*, without: User) -> None:
    """Raises `LastAdministrator` when `without` is the only permanent, active administrator."""
    administrators = RoleGrant.objects.valid().filter(
        role=Role.ADMINISTRATOR, valid_until__isnull=True, user__is_active=True
    )
    if (
        administrators.filter(user=without).exists()
        and not administrators.exclude(user=without).exists()
    ):
        raise LastAdministrator


def _end_sessions(user: User) -> None:
    AuthToken.objects.filter(user=user).delete()
    # `session_epoch` already ends the sessions; their rows are deleted too.
    mine = UserSession.objects.filter(user=user)
    Session.objects.filter(session_key__in=mine.values("session_key")).delete()
    mine.delete()


@transaction.atomic
def end_sessions(*, actor: User, sessions: QuerySet[UserSession]) -> int:
    """Ends some of the actor's own sessions; returns how many."""
    mine = sessions.filter(user=actor)
    Session.objects.filter(session_key__in=mine.values("session_key")).delete()
    ended, _rows = mine.delete()
    if ended:
        record(
            actor=actor,
            action="end_sessions",
            subject_kind="staff",
            subject=actor.username,
            changes={"sessions": (ended, 0)},
        )
    return ended


def _forget_cached_roles(user: User) -> None:
    for name in ("roles", "held_permissions"):
        user.__dict__.pop(name, None)


@transaction.atomic
def choose_language(*, actor: User, language: str) -> None:
    """Sets the actor's language; empty for the office's. Raises `Refused` for an unknown one."""
    if language and language not in dict(settings.LANGUAGES):
        raise Refused(_("Choose one of the languages."), "language")
    if User.objects.filter(pk=actor.pk).exclude(language=language).update(language=language):
        record(
            actor=actor,
            action="choose_language",
            subject_kind="staff",
            subject=actor.username,
            changes={"language": (actor.language, language)},
        )
