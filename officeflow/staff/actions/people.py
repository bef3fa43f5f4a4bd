"""Writes about people: making them, granting roles, deactivating and reactivating accounts."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.contrib.sessions.models import Session
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import IntegrityError, connection, transaction
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext as _
from knox.models import AuthToken

from officeflow.audit.actions import record
from officeflow.errors import Conflict, Refused, StaleRecord
from officeflow.permissions import Role
from officeflow.staff.actions.passwords import check_password
from officeflow.staff.models import RoleGrant, User

ADMINISTRATORS_LOCK = 0x0AD314


class AlreadyInactive(Conflict):
    """The account is inactive already."""

    def __init__(self) -> None:
        super().__init__(_("This account is already deactivated."))


class AlreadyActive(Conflict):
    """The account is active already."""

    def __init__(self) -> None:
        super().__init__(_("This account is already active."))


class GrantEnded(Conflict):
    """The role was taken back already, or its time is over."""

    def __init__(self) -> None:
        super().__init__(_("This role has already ended."))


class LastAdministrator(Refused):
    """Nobody could let anybody in any more."""

    def __init__(self) -> None:
        super().__init__(
            _("This is the last administrator. Make somebody else administrator first.")
        )


@transaction.atomic
def hire(
    *,
    actor: User | None,
    username: str,
    full_name: str,
    password: str | None,
    roles: list[Role],
    email: str = "",
    is_staff: bool = False,
) -> User:
    """Makes an account with its roles. `actor` is None for the office's first person.

    Without a password nobody can sign in to it yet. Raises `Refused` for a name that is taken or
    cannot be used, and for a password that is too easy to guess.
    """
    username = User.normalize_username(username.strip())
    fields = check_details(full_name=full_name, email=email)
    try:
        User._meta.get_field("username").clean(username, None)
    except ValidationError as error:
        raise Refused(" ".join(error.messages), "username") from error
    # Upper and lower case are one name for people, whatever the database says.
    if User.objects.filter(username__iexact=username).exists():
        raise Refused(_("Somebody already has this user name. Choose another one."), "username")
    if password is not None:
        check_password(password, User(username=username, **fields))
    try:
        with transaction.atomic():
            user = User.objects.create_user(
                username, password, is_staff=is_staff, date_joined=timezone.now(), **fields
            )
    except IntegrityError as error:  # somebody was faster with the same name
        raise Refused(
            _("Somebody already has this user name. Choose another one."), "username"
        ) from error
    record(
        actor=actor,
        action="hire",
        subject_kind="staff",
        subject=username,
        personal=["full_name", "email"],
    )
    for role in roles:
        grant_role(actor=actor, user=user, role=role)
    return user


@transaction.atomic
def change_person(*, actor: User, user: User, version: int, full_name: str, email: str) -> User:
    """Changes a person's name and e-mail in the version that the form showed.

    Raises `StaleRecord` when somebody was faster and `Refused` for a value that cannot be used.
    """
    current = User.objects.select_for_update().get(pk=user.pk)
    if current.version != version:
        raise StaleRecord(current)
    wanted = check_details(full_name=full_name, email=email)
    changed = [field for field, value in wanted.items() if getattr(current, field) != value]
    if not changed:
        return current
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
    """Gives a role from a moment (now) and perhaps until one: a colleague who stands in.

    Raises `Refused` when its time is over before it begins, or when the person holds the role
    for all of that time already.
    """
    now = timezone.now()
    begins = valid_from or now
    if valid_until is not None and valid_until <= max(begins, now):
        raise Refused(_("The end must be in the future and after the beginning."), "valid_until")
    # One at a time for each person, so that the same role is not given twice at once.
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
    _forget_cached_roles(user)
    return grant


@transaction.atomic
def end_grant(*, actor: User, grant: RoleGrant) -> None:
    """Takes a role back from now on; what was done under it stays as it was.

    A grant that has not begun goes without a trace but the audit's. Raises `GrantEnded`, and
    `LastAdministrator` when nobody would be left.
    """
    now = timezone.now()
    if grant.role == Role.ADMINISTRATOR:
        _keep_an_administrator(without=grant.user)
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
    _forget_cached_roles(grant.user)


@transaction.atomic
def deactivate_person(*, actor: User, user: User) -> None:
    """Deactivates an account: every session and API token of it ends at once.

    Raises `Refused` for one's own account, `LastAdministrator`, and `AlreadyInactive`.
    """
    if actor.pk == user.pk:
        raise Refused(_("You cannot deactivate your own account. Ask a colleague."))
    _keep_an_administrator(without=user)
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
    user.refresh_from_db()


@transaction.atomic
def reactivate_person(*, actor: User, user: User) -> None:
    """Reactivates an account. Raises `AlreadyActive`."""
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
    user.refresh_from_db()


def check_details(*, full_name: str, email: str) -> dict[str, str]:
    """Name and address as they are kept. Raises `Refused` for what cannot be used."""
    name, address = " ".join(full_name.split()), email.strip()
    if not name:
        raise Refused(_("Enter the name that colleagues know."), "full_name")
    if len(name) > 150:
        raise Refused(_("The name is too long. Use at most 150 characters."), "full_name")
    if address:
        try:
            validate_email(address)
        except ValidationError:
            raise Refused(_("Enter an e-mail address such as name@example.com."), "email") from None
    return {"full_name": name, "email": address}


def _keep_an_administrator(*, without: User) -> None:
    """Raises `LastAdministrator` unless somebody else is one, active and for good."""
    # Two administrators who switch each other off at once: the second waits here and sees it.
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [ADMINISTRATORS_LOCK])
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
    # The epoch already ends them; removing the rows as well leaves nothing to find. A user's
    # key stands only inside the encoded session, so the unexpired ones are opened.
    for session in Session.objects.filter(expire_date__gte=timezone.now()).iterator():
        if session.get_decoded().get("_auth_user_id") == str(user.pk):
            session.delete()


def _forget_cached_roles(user: User) -> None:
    for name in ("roles", "held_permissions"):
        user.__dict__.pop(name, None)


@transaction.atomic
def choose_language(*, actor: User, language: str) -> None:
    """Chooses one's own language; empty is the office's. Raises `Refused` for an unknown one."""
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
