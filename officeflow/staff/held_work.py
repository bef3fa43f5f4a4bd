"""Work that people hold, and that moves when they may no longer do it.

The apps above the staff register what a person can hold, so that an action that ends a role or
deactivates a person moves that work in its own transaction. The same functions serve the pages
that list the work first.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from django.db import connection
from django.db.models import QuerySet
from django.utils import timezone

from officeflow.permissions import (
    ROLE_PERMISSIONS,
    Department,
    Role,
    roles_with,
    work_permission,
)
from officeflow.postgres.rows import read_rows, sql_of
from officeflow.workflow import State

if TYPE_CHECKING:
    from officeflow.staff.models import RoleGrant, User

# To whom the work of a department goes; departments that are not in it get theirs in the queue.
GiveTo = Mapping[Department, "User"]


@dataclass(frozen=True, kw_only=True)
class HeldWork:
    """One piece of work in a person's hands. HR's has neither `number` nor `about`."""

    department: Department
    state: State
    number: str = ""
    about: str = ""


@dataclass(frozen=True, kw_only=True)
class WorkKind:
    """How a kind of work is found, and how it leaves a person's hands.

    `find` returns a person's open work in the departments. `release` is called in the transaction
    in which the person lost the ground for it: `release(actor=, person=, departments=, give_to=)`
    returns how many pieces it moved. `actor` is None when a role ended by the clock.
    """

    find: Callable[[User, Collection[Department]], list[HeldWork]]
    release: Callable[..., int]


_kinds: dict[str, WorkKind] = {}


def register(code: str, kind: WorkKind) -> None:
    """Registers a kind of work; registering a code again replaces it."""
    _kinds[code] = kind


def lost_departments(user: User, *, without: RoleGrant | None = None) -> list[Department]:
    """Returns the departments in which a person works now and would not after a loss.

    The loss is of the grant `without`, or of the whole account.
    """
    from officeflow.staff.models import RoleGrant

    if not user.is_active:
        return []
    grants = RoleGrant.objects.valid().of(user)
    now = _departments(grants)
    kept = _departments(grants.exclude(pk=without.pk)) if without is not None else set()
    return [department for department in Department if department in now - kept]


def _departments(grants: QuerySet[RoleGrant]) -> set[Department]:
    roles = [Role(role) for role in grants.values_list("role", flat=True)]
    return {d for d in Department for r in roles if work_permission(d) in ROLE_PERMISSIONS[r]}


def find_work(user: User, departments: Collection[Department]) -> list[HeldWork]:
    """Returns the work that a person has in the departments."""
    return [each for kind in _kinds.values() for each in kind.find(user, departments)]


def colleagues(department: Department, *, besides: User) -> QuerySet[User]:
    """Returns who else works in a department now, by name."""
    from officeflow.staff.models import User

    working = User.objects.holding(work_permission(department)).exclude(pk=besides.pk)
    return working.order_by("full_name", "pk")


def release_work(*, actor: User | None, person: User, give_to: GiveTo | None = None) -> int:
    """Moves the work that a person may no longer do; returns how many pieces.

    Called in a transaction in which `lock_person` was called, after the roles have changed.
    """
    if connection.in_atomic_block is False:
        raise RuntimeError("release_work belongs into the transaction of the loss")
    departments = [d for d in Department if not works_in(person.pk, d)]
    return sum(
        kind.release(actor=actor, person=person, departments=departments, give_to=give_to or {})
        for kind in _kinds.values()
    )


def lock_person(pk: int) -> None:
    """Locks a person whose roles or account are about to change, until the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM staff_user WHERE id = %s FOR NO KEY UPDATE", [pk])


def will_hold(pk: int, department: Department) -> bool:
    """Returns whether a person works in the department, and keeps it so until the commit.

    Whoever gives work to a person asks this in their transaction, before they lock the work. A
    role that ends at the same time waits, and then finds the work; or it was first, and the answer
    is no. Many may ask at once about one person.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM staff_user WHERE id = %s FOR SHARE", [pk])
    # The moment is taken after the wait: a role that ended meanwhile was still valid before it.
    return works_in(pk, department)


def works_in(pk: int, department: Department) -> bool:
    """Returns whether a person works in the department now."""
    sql, roles = _working(department)
    now = timezone.now()
    return bool(read_rows(sql, [now, now, *roles, pk]))


@cache
def _working(department: Department) -> tuple[str, list[str]]:
    """Returns the SQL of `works_in`: the moment twice, the roles, which it returns, the person."""
    from officeflow.staff.models import User

    working = User.objects.holding(work_permission(department)).filter(pk=0).values("pk")
    return sql_of(working), [str(role) for role in roles_with([work_permission(department)])]
