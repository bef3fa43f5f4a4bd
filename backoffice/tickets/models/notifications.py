"""Notifications about tickets and stuck hand-offs."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from backoffice.tickets.models.comments import TicketComment
from backoffice.tickets.models.tickets import Ticket
from officeflow.handoff.models import Handoff
from officeflow.permissions import Department, Permission, view_permission
from officeflow.staff.models import User
from officeflow.workflow import State


class NotificationKind(State):
    """Why a person is notified."""

    MENTIONED = "mentioned", "info", _("You were mentioned")
    COMMENTED = "commented", "info", _("Somebody commented on your ticket")
    TAKEN_OVER = "taken_over", "warn", _("Your ticket was taken over")
    ASSIGNED = "given", "progress", _("A ticket was assigned to you")
    REASSIGNED = "moved_on", "warn", _("Your ticket was reassigned to a colleague")
    HOLD_ENDED = "due_again", "warn", _("A ticket is due again")
    ANSWERED = "answered", "good", _("The front desk answered")
    STUCK = "stuck", "warn", _("Hand-offs are stuck")
    CANCELLED = "cancelled", "bad", _("The work was cancelled: stop")
    REOPENED = "reopened", "warn", _("Your completed ticket was reopened")
    RUSH = "rush", "warn", _("The front desk asks for a rush")
    HR_ROLE = "hr_role", "warn", _("Somebody got the HR role")
    HR_PASSWORD = "hr_password", "warn", _("A colleague can sign in as somebody of HR")
    HR_EMAIL = "hr_email", "warn", _("The e-mail address of somebody of HR was changed")
    HR_FACTOR = "hr_factor", "warn", _("The second factor of somebody of HR was removed")
    HR_ACTIVE = "hr_active", "warn", _("An account of HR was reactivated")


# What only HR is told: who can read its cases.
HR_KINDS = (
    NotificationKind.HR_ROLE,
    NotificationKind.HR_PASSWORD,
    NotificationKind.HR_EMAIL,
    NotificationKind.HR_FACTOR,
    NotificationKind.HR_ACTIVE,
)


class NotificationQuerySet(models.QuerySet["Notification"]):
    """Filters of notifications."""

    def visible_to(self, user: User) -> NotificationQuerySet:
        """Returns a person's notifications about what they may see."""
        return self.visible_with(user.held_permissions).filter(person=user)

    def visible_with(self, permissions: frozenset[Permission]) -> NotificationQuerySet:
        """Returns everybody's notifications about what one may see with these permissions."""
        departments = [each for each in Department if view_permission(each) in permissions]
        about = models.Q(ticket__department__in=departments)
        if Permission.VIEW_DASHBOARDS in permissions:
            about |= models.Q(handoff__isnull=False)
        if Permission.VIEW_HR in permissions:
            about |= models.Q(kind__in=HR_KINDS)
        return self.filter(about)

    def unread(self) -> NotificationQuerySet:
        """Returns unread notifications."""
        return self.filter(read_at__isnull=True)


class Notification(models.Model):
    """A notification of one person about a ticket, stuck hand-offs or access to HR's cases."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    ticket = models.ForeignKey(Ticket, null=True, on_delete=models.PROTECT, related_name="+")
    # The first of the `count` hand-offs that are stuck.
    handoff = models.ForeignKey(
        Handoff, null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    count = models.PositiveIntegerField(default=1, db_default=1)
    kind = models.CharField(max_length=12, choices=NotificationKind.choices)
    # The actor; null for the end of a hold or the desk's answer.
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    # The new assignee, or who can read HR's cases.
    about = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    comment = models.ForeignKey(
        TicketComment, null=True, on_delete=models.PROTECT, related_name="+"
    )
    note = models.TextField(blank=True)
    at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)

    objects = NotificationQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(ticket__isnull=False, handoff__isnull=True)
                | models.Q(ticket__isnull=True, handoff__isnull=False)
                | models.Q(ticket__isnull=True, handoff__isnull=True, about__isnull=False),
                name="notification_about_one_thing",
            )
        ]
        indexes = [
            models.Index(
                fields=["handoff"],
                name="notification_by_handoff",
                condition=models.Q(handoff__isnull=False),
            ),
            models.Index(fields=["person", "-at", "-id"], name="notification_by_person"),
            models.Index(
                fields=["person"],
                name="notification_unread",
                condition=models.Q(read_at__isnull=True),
            ),
            models.Index(fields=["ticket", "person"], name="notification_by_ticket"),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} {self.kind} {self.ticket_id or self.handoff_id}"
