"""Tickets, their periods, questions to the desk, resolutions and priority changes."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Case, Q, Value, When
from django.utils.translation import gettext_lazy as _

from backoffice.tickets.states import (
    OPEN_STATES,
    Outcome,
    Priority,
    TicketKind,
    TicketState,
)
from officeflow.company.models import Site
from officeflow.handoff.models import Handoff
from officeflow.permissions import Department
from officeflow.staff.models import User


class TicketQuerySet(models.QuerySet["Ticket"]):
    """Tickets by who may see them, by department, and in the queue's order."""

    def visible_to(self, user: User) -> TicketQuerySet:
        """Only the departments whose queue the person may see; HR's is HR's alone."""
        return self.filter(department__in=user.departments())

    def of(self, department: Department) -> TicketQuerySet:
        """One department's."""
        return self.filter(department=department)

    def open(self) -> TicketQuerySet:
        """Work that is not finished."""
        return self.filter(state__in=OPEN_STATES)

    def next_first(self) -> TicketQuerySet:
        """In the order in which tickets should be taken: by priority, then by due time."""
        return self.order_by("rank", "due_at", "pk")

    def late(self, now: datetime) -> TicketQuerySet:
        """Open work whose time has passed."""
        return self.filter(late(now))


def late(now: datetime) -> Q:
    """Open work whose time has passed.

    What is on hold is not late: its goal moves by as much opening time as it is held. A day that
    was promised to the customer does not move, so that work is late on hold too.
    """
    return Q(state__in=OPEN_STATES, due_at__lt=now) & (
        ~Q(state=TicketState.HELD) | Q(is_promised=True)
    )


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
    # The customer's name and the title as search compares them; made by officeflow.text.name_key.
    search_key = models.CharField(max_length=420, blank=True, editable=False)
    state = models.CharField(
        max_length=12, choices=TicketState.choices, default=TicketState.WAITING
    )
    assignee = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    priority = models.CharField(
        _("priority"), max_length=8, choices=Priority.choices, default=Priority.NORMAL
    )
    # The priority as a number that sorts, the most urgent lowest.
    rank = models.GeneratedField(
        expression=Case(
            *(When(priority=each.value, then=Value(each.rank)) for each in Priority),
            default=Value(Priority.NORMAL.rank),
        ),
        output_field=models.SmallIntegerField(),
        db_persist=True,
    )
    due_at = models.DateTimeField()
    # Due on a day that the customer was promised, which no hold moves.
    is_promised = models.BooleanField(default=False)
    # Until when it is on hold; when a hold ended because its day came, until the next change.
    held_until = models.DateTimeField(null=True)
    hold_ended_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)
    changed_at = models.DateTimeField(auto_now=True)
    version = models.PositiveIntegerField(default=1)
    # How many comments it has.
    comment_count = models.PositiveIntegerField(default=0)

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
            models.CheckConstraint(
                condition=Q(state="held", held_until__isnull=False)
                | (~Q(state="held") & Q(held_until__isnull=True)),
                name="ticket_held_until_a_day",
            ),
        ]
        indexes = [
            models.Index(
                fields=["department", "rank", "due_at", "id"],
                name="ticket_queue_by_rank",
                condition=Q(state__in=["waiting", "taken", "held", "returned"]),
            ),
            models.Index(
                fields=["department", "due_at", "id"],
                name="ticket_queue",
                condition=Q(state__in=["waiting", "taken", "held", "returned"]),
            ),
            models.Index(fields=["held_until"], name="ticket_held", condition=Q(state="held")),
            models.Index(
                fields=["department", "-closed_at", "-id"],
                name="ticket_done",
                condition=Q(closed_at__isnull=False),
            ),
            models.Index(fields=["department", "-changed_at"], name="ticket_by_change"),
            models.Index(fields=["subject"], name="ticket_by_subject"),
            models.Index(fields=["department", "state", "-id"], name="ticket_by_state"),
            GinIndex(fields=["search_key"], name="ticket_like", opclasses=["gin_trgm_ops"]),
            models.Index(
                fields=["customer_number"],
                name="ticket_by_customer",
                condition=~Q(customer_number=""),
            ),
            # What came, what fell due and what was finished in a range of time, for the dashboards.
            models.Index(
                fields=["created_at", "id"],
                include=["department", "closed_at"],
                name="ticket_by_arrival",
            ),
            models.Index(
                fields=["due_at", "id"],
                include=["department", "state", "closed_at"],
                name="ticket_by_due_time",
            ),
            models.Index(
                fields=["closed_at", "id"],
                include=["department", "created_at"],
                name="ticket_by_end",
                condition=Q(closed_at__isnull=False),
            ),
            models.Index(fields=["department", "-id"], name="ticket_by_age"),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.title}"

    @property
    def is_open(self) -> bool:
        """Whether there is still something to do."""
        return self.state in OPEN_STATES

    @property
    def is_complaint(self) -> bool:
        """Whether it is a complaint, which needs an answer."""
        return self.kind == TicketKind.COMPLAINT

    @property
    def is_on_hold(self) -> bool:
        """Whether it is on hold until a day."""
        return self.state == TicketState.HELD

    def is_overdue(self, now: datetime) -> bool:
        """Whether it should have been done by now and is not; as `late` says it in SQL."""
        if self.is_on_hold and not self.is_promised:
            return False
        return self.is_open and self.due_at < now

    def is_due_again(self, now: datetime) -> bool:
        """Whether its hold is over and it has not changed since."""
        if self.is_on_hold:
            return self.held_until is not None and self.held_until <= now
        return self.is_open and self.hold_ended_at is not None


class ComplaintBrief(models.Model):
    """What the desk recorded of a complaint. HR has none of these: its cases are sealed."""

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
    """A ticket's state and assignee from when to when. Clocks are computed from these."""

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
    # Why it was put on hold, or the note to the next assignee.
    note = models.TextField(blank=True)
    # Of a hold: until when it was meant to last.
    until_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["started_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["ticket"], condition=Q(ended_at__isnull=True), name="ticket_one_open_period"
            )
        ]

    def __str__(self) -> str:
        return f"{self.ticket_id} {self.state}"


class TicketQuestion(models.Model):
    """A question that went to the desk with a returned ticket, and the answer that came back."""

    ticket = models.ForeignKey(Ticket, on_delete=models.PROTECT, related_name="questions")
    # The code of a `ReasonToReturn`, and what it was called when the ticket went back.
    reason = models.CharField(max_length=30)
    reason_label = models.CharField(max_length=80, blank=True)
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
                name="ticket_question_one_open",
            )
        ]

    def __str__(self) -> str:
        return f"{self.ticket_id}: {self.question[:40]}"


class Resolution(models.Model):
    """A department's answer to a complaint: the outcome, and the message for the customer."""

    ticket = models.OneToOneField(Ticket, on_delete=models.PROTECT, related_name="resolution")
    outcome = models.CharField(max_length=20, choices=Outcome.choices)
    message = models.TextField()

    def __str__(self) -> str:
        return f"{self.ticket_id} {self.outcome}"


class PriorityChange(models.Model):
    """A change of a ticket's priority."""

    ticket = models.ForeignKey(Ticket, on_delete=models.PROTECT, related_name="priority_changes")
    old = models.CharField(max_length=8, choices=Priority.choices)
    new = models.CharField(max_length=8, choices=Priority.choices)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["at", "pk"]

    def __str__(self) -> str:
        return f"{self.ticket_id} {self.old} → {self.new}"
