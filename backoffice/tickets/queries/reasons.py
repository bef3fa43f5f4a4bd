"""Reading the reasons to return a ticket, and the goals."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from backoffice.tickets.models import ReasonToReturn, ServiceGoal
from officeflow.permissions import Department


def reasons_for(department: Department) -> QuerySet[ReasonToReturn]:
    """The reasons that a department may give now, in the office's order."""
    return ReasonToReturn.objects.filter(
        Q(department="") | Q(department=department), is_active=True
    )


def find_reason(code: str, department: Department) -> ReasonToReturn | None:
    """The reason of a code, when the department may give it now."""
    return reasons_for(department).filter(code=code).first()


def all_reasons() -> QuerySet[ReasonToReturn]:
    """Every reason, those out of use last."""
    return ReasonToReturn.objects.order_by("-is_active", "position", "label")


def all_goals() -> QuerySet[ServiceGoal]:
    """Every goal by department."""
    return ServiceGoal.objects.order_by("department", "kind", "minutes")
