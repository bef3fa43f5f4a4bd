"""Writes about people: making them, granting roles, switching accounts on and off."""

from __future__ import annotations

from datetime import datetime

from django.contrib.sessions.models import Session
from django.db import transaction
from django.db.models import F
from django.utils import timezone
from knox.models import AuthToken

from officeflow.audit.actions import record
from officeflow.staff.models import RoleGrant, User
from officeflow.staff.permissions import Role


class AlreadyInactive(Exception):
    """The account is switched off already."""


class AlreadyActive(Exception):
    """The account is switched on already."""


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
    """Makes an account with its roles. `actor` is None for the office's first person."""
    user = User.objects.create_user(
        username, password, full_name=full_name, email=email, is_staff=is_staff
    )
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
def grant_role(
    *,
    actor: User | None,
    user: User,
    role: Role,
    valid_from: datetime | None = None,
    valid_until: datetime | None = None,
) -> RoleGrant:
    """Gives a role from a moment (now) and perhaps until one: a colleague who stands in."""
    grant = RoleGrant.objects.create(
        user=user,
        role=role,
        valid_from=valid_from or timezone.now(),
        valid_until=valid_until,
        granted_by=actor,
    )
    record(
        actor=actor,
        action="grant_role",
        subject_kind="staff",
        subject=user.username,
        changes={"role": (None, role.value), "valid_until": (None, valid_until)},
    )
    _forget_cached_roles(user)
    return grant


@transaction.atomic
def end_grant(*, actor: User, grant: RoleGrant) -> None:
    """Takes a role back from now on; what was done under it stays as it was."""
    now = timezone.now()
    if grant.valid_from >= now:
        RoleGrant.objects.filter(pk=grant.pk).delete()
    else:
        RoleGrant.objects.filter(pk=grant.pk).update(valid_until=now)
    record(
        actor=actor,
        action="end_grant",
        subject_kind="staff",
        subject=grant.user.username,
        changes={"role": (grant.role, None)},
    )
    _forget_cached_roles(grant.user)


@transaction.atomic
def switch_off(*, actor: User, user: User) -> None:
    """Switches an account off: every session and API token of it ends at once.

    Raises `AlreadyInactive`.
    """
    switched = User.objects.filter(pk=user.pk, is_active=True).update(
        is_active=False, session_epoch=F("session_epoch") + 1, version=F("version") + 1
    )
    if not switched:
        raise AlreadyInactive
    _end_sessions(user)
    record(
        actor=actor,
        action="switch_off",
        subject_kind="staff",
        subject=user.username,
        changes={"is_active": (True, False)},
    )
    user.refresh_from_db()


@transaction.atomic
def switch_on(*, actor: User, user: User) -> None:
    """Switches an account on again. Raises `AlreadyActive`."""
    if not User.objects.filter(pk=user.pk, is_active=False).update(
        is_active=True, version=F("version") + 1
    ):
        raise AlreadyActive
    record(
        actor=actor,
        action="switch_on",
        subject_kind="staff",
        subject=user.username,
        changes={"is_active": (False, True)},
    )
    user.refresh_from_db()


@transaction.atomic
def change_password(*, actor: User, user: User, password: str) -> None:
    """Gives a person a new password; every session and API token under the old one ends.

    The caller's own session goes on only when it takes the new hash
    (`django.contrib.auth.update_session_auth_hash`).
    """
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
