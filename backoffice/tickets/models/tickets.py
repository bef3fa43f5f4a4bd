"""Tickets, their periods, questions to the desk, resolutions and priority changes."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

import pgtrigger
from django.conf import settings
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Case, Q, Value, When
from django.utils.translation import gettext_lazy as _

from backoffice.tickets.states import (
    ASSIGNED_STATES,
    OPEN_STATES,
    Outcome,
    Priority,
    TicketKind,
    TicketState,
)
from officeflow.company.models import Site
from officeflow.handoff.models import Handoff
from officeflow.permissions import Department, work_permission
from officeflow.rollups.marking import marks, marks_through
from officeflow.staff.models import User


class TicketQuerySet(models.QuerySet["Ticket"]):
    """Filters and orders of tickets."""

    def visible_to(self, user: User) -> TicketQuerySet:
        """Returns the tickets of the departments whose queue the user may see."""
        return self.of_any(user.departments())

    def of_any(self, departments: Iterable[str]) -> TicketQuerySet:
        """Returns the tickets of several departments."""
        return self.filter(department__in=list(departments))

    def of(self, department: Department) -> TicketQuerySet:
        """Returns a department's tickets."""
        return self.filter(department=department)

    def open(self) -> TicketQuerySet:
        """Returns tickets that are not finished."""
        return self.filter(state__in=OPEN_STATES)

    def next_first(self) -> TicketQuerySet:
        """Orders tickets by priority, then by due time."""
        return self.order_by("rank", "due_at", "pk")

    def stranded(self) -> TicketQuerySet:
        """Returns open tickets whose assignee may not work on them, of which there are none."""
        works = Q()
        for department in Department:
            working = User.objects.holding(work_permission(department))
            works |= Q(department=department, assignee__in=working.values("pk"))
        return self.filter(state__in=ASSIGNED_STATES, assignee__isnull=False).exclude(works)

    def with_promised_rank(self, end_of_day: datetime) -> TicketQuerySet:
        """Adds `promised_rank`: 0 for open tickets promised to the customer before a time, else 1.

        What a customer comes for today is worked on before what has no date.
        """
        promised = When(is_promised=True, due_at__lt=end_of_day, closed_at=None, then=Value(0))
        keys = {"promised_rank": Case(promised, default=Value(1))}
        return self.annotate(**keys)

    def late(self, now: datetime) -> TicketQuerySet:
        """Returns open tickets whose due time has passed."""
        return self.filter(late(now))


def late(now: datetime) -> Q:
    """Returns the condition for open tickets whose due time has passed.

    A ticket on hold is late only if its day was promised to the customer; otherwise the hold moves
    its due time.
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
    # The hand-off that opened it, with one ticket of each kind.
    handoff = models.ForeignKey(Handoff, on_delete=models.PROTECT, related_name="+")
    # The order's or complaint's number, and its values at the time of the hand-off.
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
    # Whether the due day was promised to the customer; a hold does not move it.
    is_promised = models.BooleanField(default=False)
    # The end of the current hold, and when a hold ended on its day, until the next change.
    held_until = models.DateTimeField(null=True)
    hold_ended_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)
    changed_at = models.DateTimeField(auto_now=True)
    version = models.PositiveIntegerField(default=1)
    comment_count = models.PositiveIntegerField(default=0)

    objects = TicketQuerySet.as_manager()

    # Of rows from `with_promised_rank`.
    promised_rank: int

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["handoff", "kind"], name="ticket_once_a_handoff"),
            models.CheckConstraint(
                condition=Q(state__in=["taken", "held", "completed"], assignee__isnull=False)
                | Q(state="waiting", assignee__isnull=True)
                # Nobody, when the assignee stopped working there while it was with the desk.
                | Q(state__in=["returned", "cancelled"]),
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
                fields=["department", "state", "rank", "is_promised", "due_at", "id"],
                name="ticket_queue_by_state",
                condition=Q(state__in=["waiting", "taken", "held", "returned"]),
            ),
            models.Index(
                fields=["assignee", "department"],
                name="ticket_of_assignee",
                condition=Q(state__in=["taken", "held", "returned"]),
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
            # Tickets received, due and finished in a range of time, for the dashboards.
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
        triggers = [
            *marks("tickets opened", "created_at", watched=["department", "state"]),
            *marks("tickets closed", "closed_at", watched=["department", "due_at"]),
            *marks(
                "tickets due",
                "due_at",
                watched=["department", "state", "is_promised", "closed_at"],
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.title}"

    @property
    def is_open(self) -> bool:
        """Whether the ticket is not finished."""
        return self.state in OPEN_STATES

    @property
    def is_complaint(self) -> bool:
        """Whether it is a complaint."""
        return self.kind == TicketKind.COMPLAINT

    @property
    def is_on_hold(self) -> bool:
        """Whether it is on hold."""
        return self.state == TicketState.HELD

    def has_later_ticket(self) -> bool:
        """Returns whether the department has a later ticket of the kind about the same subject.

        A complaint has one when the desk reopened it.
        """
        same = Ticket.objects.filter(
            department=self.department, kind=self.kind, subject=self.subject
        )
        return same.filter(pk__gt=self.pk).exists()

    def is_overdue(self, now: datetime) -> bool:
        """Returns whether its due time has passed, as the condition `late`."""
        if self.is_on_hold and not self.is_promised:
            return False
        return self.is_open and self.due_at < now

    def is_due_again(self, now: datetime) -> bool:
        """Returns whether its hold is over and it has not changed since."""
        if self.is_on_hold:
            return self.held_until is not None and self.held_until <= now
        return self.is_open and self.hold_ended_at is not None


class ComplaintBrief(models.Model):
    """A complaint as the desk logged it. HR's sealed cases have none."""

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
    """From when to when a ticket had a state and assignee. Clocks are computed from periods."""

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
    # The reason of a hold, or the note to the next assignee.
    note = models.TextField(blank=True)
    # The planned end of a hold.
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
    """A returned ticket's question to the desk, and the answer."""

    ticket = models.ForeignKey(Ticket, on_delete=models.PROTECT, related_name="questions")
    # The code of a `ReasonToReturn`, and its label when the ticket was returned.
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
        triggers = [
            marks_through(
                "tickets opened",
                times="SELECT created_at AS at FROM tickets_ticket WHERE id = NEW.ticket_id",
                operation=pgtrigger.Insert,
            )
        ]

    def __str__(self) -> str:
        return f"{self.ticket_id}: {self.question[:40]}"


class Resolution(models.Model):
    """A department's answer to a complaint: the outcome, and the message for the customer."""

    ticket = models.OneToOneField(Ticket, on_delete=models.PROTECT, related_name="resolution")
    outcome = models.CharField(max_length=20, choices=Outcome.choices)
    message = models.TextField()
    # When the department withdrew the answer, until it answers again.
    withdrawn_at = models.DateTimeField(null=True)
    # When the desk told the customer.
    told_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.ticket_id} {self.outcome}"


class PriorityChange(models.Model):
    """A change of a ticket's priority, by a colleague or at the desk's request for a rush."""

    ticket = models.ForeignKey(Ticket, on_delete=models.PROTECT, related_name="priority_changes")
    old = models.CharField(max_length=8, choices=Priority.choices)
    new = models.CharField(max_length=8, choices=Priority.choices)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    # Who asked for it at the desk; empty for a colleague's change.
    requested_by_name = models.CharField(max_length=150, blank=True, db_default="", default="")
    reason = models.TextField(blank=True, db_default="", default="")
    at = models.DateTimeField()

    class Meta:
        ordering = ["at", "pk"]

    def __str__(self) -> str:
        return f"{self.ticket_id} {self.old} → {self.new}"
