"""The work queue: one department's pieces of work, who had them and what was said."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from backoffice.tickets.states import (
    OPEN_STATES,
    Outcome,
    ReturnReason,
    TicketKind,
    TicketState,
)
from officeflow.company.models import Site
from officeflow.handoff.models import Handoff
from officeflow.staff.models import User
from officeflow.staff.permissions import Department


class TicketQuerySet(models.QuerySet["Ticket"]):
    """Tickets by who may see them, and as the queue asks for them."""

    def visible_to(self, user: User) -> TicketQuerySet:
        """Only the departments whose queue the person may see; HR's is HR's alone."""
        return self.filter(department__in=user.departments())

    def of(self, department: Department) -> TicketQuerySet:
        """One department's."""
        return self.filter(department=department)

    def open(self) -> TicketQuerySet:
        """Work that is not finished."""
        return self.filter(state__in=OPEN_STATES)

    def oldest_due_first(self) -> TicketQuerySet:
        """In the order in which it should be taken."""
        return self.order_by("due_at", "pk")

    def overdue(self, now: datetime) -> TicketQuerySet:
        """Open work whose time has passed."""
        return self.open().filter(due_at__lt=now)


class Ticket(models.Model):
    """One department's piece of work on one hand-off."""

    number = models.CharField(max_length=20, unique=True, editable=False)
    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="+")
    department = models.CharField(_("department"), max_length=20, choices=Department.choices)
    kind = models.CharField(_("kind"), max_length=12, choices=TicketKind.choices)
    # The hand-off it came from. One ticket for each kind of work on each hand-off.
    handoff = models.ForeignKey(Handoff, on_delete=models.PROTECT, related_name="+")
    # The order's or complaint's number, and what was known when it was handed off.
    subject = models.CharField(max_length=20)
    title = models.CharField(max_length=200)
    details = models.TextField(blank=True)
    customer_number = models.CharField(max_length=20, blank=True)
    customer_name = models.CharField(max_length=200, blank=True)
    state = models.CharField(
        max_length=12, choices=TicketState.choices, default=TicketState.WAITING
    )
    assignee = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    due_at = models.DateTimeField()
    created_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)
    changed_at = models.DateTimeField(auto_now=True)
    version = models.PositiveIntegerField(default=1)

    objects = TicketQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["handoff", "kind"], name="ticket_once_a_handoff"),
            models.CheckConstraint(
                condition=Q(state__in=["taken", "held", "returned", "completed"])
                & Q(assignee__isnull=False)
                | Q(state="waiting", assignee__isnull=True)
                | Q(state="cancelled"),
                name="ticket_assignee_fits_state",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["completed", "cancelled"], closed_at__isnull=False)
                | (~Q(state__in=["completed", "cancelled"]) & Q(closed_at__isnull=True)),
                name="ticket_closed_when_finished",
            ),
        ]
        indexes = [
            models.Index(
                fields=["department", "due_at", "id"],
                name="ticket_queue",
                condition=Q(state__in=["waiting", "taken", "held", "returned"]),
            ),
            models.Index(
                fields=["department", "-closed_at", "-id"],
                name="ticket_done",
                condition=Q(closed_at__isnull=False),
            ),
            models.Index(fields=["department", "-changed_at"], name="ticket_by_change"),
            models.Index(fields=["subject"], name="ticket_by_subject"),
            models.Index(fields=["department", "state", "-id"], name="ticket_by_state"),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.title}"

    @property
    def is_open(self) -> bool:
        """Whether there is still something to do."""
        return self.state in OPEN_STATES

    def is_overdue(self, now: datetime) -> bool:
        """Whether it should have been done by now and is not."""
        return self.is_open and self.due_at < now


class ComplaintBrief(models.Model):
    """What the desk handed over of a complaint. HR keeps its own, sealed: it has none of these."""

    ticket = models.OneToOneField(Ticket, on_delete=models.PROTECT, related_name="brief")
    category = models.CharField(max_length=20)
    severity = models.CharField(max_length=10)
    order_number = models.CharField(max_length=20, blank=True)
    product_sku = models.CharField(max_length=40, blank=True)
    desired_outcome = models.TextField(blank=True)
    is_reopened = models.BooleanField(default=False)

    def __str__(self) -> str:
        return f"{self.ticket_id} {self.category}"


class TicketPeriod(models.Model):
    """Who had the ticket in which state from when to when. Clocks are computed from these."""

    ticket = models.ForeignKey(Ticket, on_delete=models.PROTECT, related_name="periods")
    state = models.CharField(max_length=12, choices=TicketState.choices)
    assignee = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["started_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["ticket"], condition=Q(ended_at__isnull=True), name="ticket_one_open_period"
            )
        ]

    def __str__(self) -> str:
        return f"{self.ticket_id} {self.state}"


class Exchange(models.Model):
    """A question that went to the desk with a returned ticket, and the answer that came back."""

    ticket = models.ForeignKey(Ticket, on_delete=models.PROTECT, related_name="exchanges")
    reason = models.CharField(max_length=30, choices=ReturnReason.choices)
    question = models.TextField()
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    asked_at = models.DateTimeField()
    answer = models.TextField(blank=True)
    answered_by_name = models.CharField(max_length=150, blank=True)
    answered_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["asked_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["ticket"],
                condition=Q(answered_at__isnull=True),
                name="exchange_one_open_a_ticket",
            )
        ]

    def __str__(self) -> str:
        return f"{self.ticket_id}: {self.question[:40]}"


class Resolution(models.Model):
    """How a department answered a complaint, and what the desk tells the customer."""

    ticket = models.OneToOneField(Ticket, on_delete=models.PROTECT, related_name="resolution")
    outcome = models.CharField(max_length=20, choices=Outcome.choices)
    message = models.TextField()

    def __str__(self) -> str:
        return f"{self.ticket_id} {self.outcome}"
