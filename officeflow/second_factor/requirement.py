"""Whose role needs a second factor."""

from __future__ import annotations

from officeflow.company.models import Office
from officeflow.company.queries import find_office
from officeflow.permissions import Role
from officeflow.staff.models import User

# The roles that need a second factor where the office requires one.
ROLES = frozenset({Role.ADMINISTRATOR, Role.HR, Role.ACCOUNTANT})


def is_required(user: User, office: Office | None = None) -> bool:
    """Returns whether the office requires a second factor of this person.

    It does so for their roles, and of who may open the technical admin. `office` spares a query.
    """
    office = office or find_office()
    if office is None or not office.second_factor_required:
        return False
    return user.is_staff or bool(user.roles & ROLES)
