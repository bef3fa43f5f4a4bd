"""Whose role needs a second factor."""

from __future__ import annotations

from officeflow.company.queries import find_office
from officeflow.permissions import Role
from officeflow.staff.models import User

# The roles that need a second factor where the office requires one.
ROLES = frozenset({Role.ADMINISTRATOR, Role.HR, Role.ACCOUNTANT})


def is_required(user: User) -> bool:
    """Returns whether the office requires a second factor of this person's roles."""
    office = find_office()
    return bool(office is not None and office.second_factor_required and user.roles & ROLES)
