"""Who has a second factor."""

from __future__ import annotations

from officeflow.second_factor.models import SecondFactor
from officeflow.staff.models import User


def factor_of(user: User) -> SecondFactor | None:
    """Returns the person's second factor."""
    return SecondFactor.objects.filter(user=user).first()
