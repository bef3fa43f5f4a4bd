"""Return reasons and service goals."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from backoffice.tickets.models import ReasonToReturn, ServiceGoal
from officeflow.permissions import Department


def reasons_for(department: Department) -> QuerySet[ReasonToReturn]:
    """Returns the active reasons of a department, in the office's order."""
    return ReasonToReturn.objects.filter(
        Q(department="") | Q(department=department), is_active=True
    )


def find_reason(code: str, department: Department) -> ReasonToReturn | None:
    """Returns the department's active reason with a code, or None."""
    return reasons_for(department).filter(code=code).first()


def all_reasons() -> QuerySet[ReasonToReturn]:
    """Returns all reasons, inactive ones last."""
    return ReasonToReturn.objects.order_by("-is_active", "position", "label")


def all_goals() -> QuerySet[ServiceGoal]:
    """Returns all goals by department."""
    return ServiceGoal.objects.order_by("department", "kind", "minutes")
