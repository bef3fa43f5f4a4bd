"""Settings of the queues: reasons to return a ticket, and service goals."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from backoffice.tickets.states import Severity, TicketKind
from officeflow.permissions import Department

MINUTES_AN_HOUR = 60


class ReasonToReturn(models.Model):
    """A reason that a department may give when it returns a ticket to the desk.

    What was returned keeps the code and the label of its day, so that a reason may be renamed or
    put out of use without changing what happened.
    """

    code = models.SlugField(_("code"), max_length=30, unique=True)
    label = models.CharField(_("label"), max_length=80)
    # Empty: every department may give it.
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
    """The opening time within which a department wants a kind of work done.

    A complaint's goal depends on its severity; other work has one goal each.
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
