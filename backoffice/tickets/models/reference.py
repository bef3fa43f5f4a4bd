"""Return reasons and service goals."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from backoffice.tickets.states import Severity, TicketKind
from officeflow.permissions import Department

MINUTES_AN_HOUR = 60


class ReasonToReturn(models.Model):
    """A reason for returning a ticket to the desk.

    A question keeps the code and the label of its reason, so that renaming or deactivating a
    reason does not change earlier questions.
    """

    code = models.SlugField(_("code"), max_length=30, unique=True)
    label = models.CharField(_("label"), max_length=80)
    # Empty: every department may use it.
    department = models.CharField(
        _("department"), max_length=20, choices=Department.choices, blank=True
    )
    position = models.PositiveSmallIntegerField(_("order"), default=100)
    is_active = models.BooleanField(_("in use"), default=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["position", "label"]

    def __str__(self) -> str:
        return self.label


class ServiceGoal(models.Model):
    """The opening time within which a department should finish a kind of work.

    The goal of a complaint depends on its severity, which is empty for other kinds.
    """

    department = models.CharField(_("department"), max_length=20, choices=Department.choices)
    kind = models.CharField(_("kind"), max_length=12, choices=TicketKind.choices)
    severity = models.CharField(_("severity"), max_length=10, choices=Severity.choices, blank=True)
    minutes = models.PositiveIntegerField(_("minutes of opening time"))
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["department", "kind", "minutes"]
        constraints = [
            models.UniqueConstraint(
                fields=["department", "kind", "severity"], name="goal_once_a_kind"
            ),
            models.CheckConstraint(condition=Q(minutes__gt=0), name="goal_takes_time"),
        ]

    def __str__(self) -> str:
        return f"{self.department} {self.kind} {self.severity}: {self.minutes} min"
