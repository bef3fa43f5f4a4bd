"""The saved views of a queue."""

from __future__ import annotations

from django.db.models import Q

from backoffice.tickets.models import SavedView
from officeflow.permissions import Department
from officeflow.staff.models import User


def views_of(user: User, department: Department) -> list[SavedView]:
    """Returns a person's own views of a queue, then the shared ones."""
    return list(
        SavedView.objects.filter(
            Q(owner=user) | Q(is_shared=True), department=department, is_active=True
        )
        .select_related("owner")
        .order_by("is_shared", "name", "pk")
    )


def view_named(key: str, department: Department) -> SavedView | None:
    """Returns a queue's view by its key, also another person's, or None."""
    found = SavedView.objects.filter(key=key, is_active=True)
    return found.filter(department=department).select_related("owner").first()


def default_view(views: list[SavedView]) -> SavedView | None:
    """Returns the view that a queue opens with: the own default before the shared one, or None."""
    defaults = [view for view in views if view.is_default]
    return min(defaults, key=lambda view: view.is_shared, default=None)
