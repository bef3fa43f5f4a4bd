"""Who has a second factor, and who needs one."""

from __future__ import annotations

from officeflow.company.queries import find_office
from officeflow.permissions import Role
from officeflow.second_factor.models import SecondFactor
from officeflow.staff.models import User

# The roles that need a second factor where the office requires one.
ROLES = frozenset({Role.ADMINISTRATOR, Role.HR, Role.ACCOUNTANT})


def factor_of(user: User) -> SecondFactor | None:
    """Returns the person's second factor."""
    return SecondFactor.objects.filter(user=user).first()


def is_required(user: User) -> bool:
    """Returns whether the office requires a second factor of this person's roles."""
    office = find_office()
    return bool(office is not None and office.second_factor_required and user.roles & ROLES)


def codes_left(factor: SecondFactor) -> int:
    """Returns how many recovery codes are unused."""
    return factor.codes.filter(used_at__isnull=True).count()
