"""Saved views of a department's queue."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from officeflow.permissions import Department


class SavedView(models.Model):
    """Filters and order of a department's queue, saved under a name.

    A view belongs to one person, or is shared with everybody who sees the queue. The queue opens
    with the person's own default view, else with the shared default view.
    """

    # The view in addresses.
    key = models.CharField(max_length=12, unique=True, editable=False)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    department = models.CharField(max_length=20, choices=Department.choices)
    name = models.CharField(_("name"), max_length=40)
    # The filters as the query of an address.
    query = models.CharField(max_length=500, blank=True)
    is_shared = models.BooleanField(default=False)
    is_default = models.BooleanField(default=False)
    is_active = models.BooleanField(default=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["is_shared", "name", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["department"],
                condition=Q(is_shared=True, is_default=True, is_active=True),
                name="view_one_default_a_department",
            ),
            models.UniqueConstraint(
                fields=["department", "owner"],
                condition=Q(is_shared=False, is_default=True, is_active=True),
                name="view_one_default_a_person",
            ),
            models.UniqueConstraint(
                fields=["department", "owner", "name"],
                condition=Q(is_active=True),
                name="view_one_of_a_name",
            ),
        ]
        indexes = [
            models.Index(
                fields=["department", "owner"], name="view_in_use", condition=Q(is_active=True)
            )
        ]

    def __str__(self) -> str:
        return self.name
