"""Notifications about orders and complaints."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from officeflow.permissions import Permission
from officeflow.staff.models import User
from officeflow.workflow import State


class DeskNotificationKind(State):
    """Why a person is notified about an order they placed or a complaint they logged."""

    ASKED = "asked", "warn", _("A department asks a question")
    READY = "ready", "good", _("The goods are ready")
    ANSWERED = "answered", "good", _("A complaint was answered")
    REFUND_DUE = "refund_due", "warn", _("A refund is due")
    REOPENED = "reopened", "warn", _("Goods were taken back into work")
    TAKEN_BACK = "taken_back", "warn", _("A complaint’s answer was taken back")
    RUSH_ACCEPTED = "rush_yes", "good", _("A rush was accepted")
    RUSH_REFUSED = "rush_no", "warn", _("A rush was refused")


class DeskNotificationQuerySet(models.QuerySet["DeskNotification"]):
    """Filters of notifications."""

    def visible_to(self, user: User) -> DeskNotificationQuerySet:
        """Returns a person's notifications; none when they no longer work at the desk."""
        return self.filter(person=user) if user.may(Permission.VIEW_DESK) else self.none()

    def unread(self) -> DeskNotificationQuerySet:
        """Returns unread notifications."""
        return self.filter(read_at__isnull=True)


class DeskNotification(models.Model):
    """A notification of one person about an order or a complaint.

    `subject` is its number. `by_name` is the colleague who asked or answered, and `ticket` the
    ticket of a question. `withdrawn_at` is when what it says was taken back.
    """

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=12, choices=DeskNotificationKind.choices)
    subject = models.CharField(max_length=20)
    ticket = models.CharField(max_length=20, blank=True)
    by_name = models.CharField(max_length=200, blank=True)
    at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)

    objects = DeskNotificationQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["person", "-at", "-id"], name="desk_notification_by_person"),
            models.Index(
                fields=["person"],
                name="desk_notification_unread",
                condition=Q(read_at__isnull=True),
            ),
            models.Index(
                fields=["subject"],
                name="desk_notification_unsettled",
                condition=Q(read_at__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} {self.kind} {self.subject}"
