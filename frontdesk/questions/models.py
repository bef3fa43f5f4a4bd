"""Questions of departments to the desk, and holds."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from frontdesk.complaints.models import Complaint
from frontdesk.orders.models import Order
from officeflow.handoff.models import Destination


class DeskQuestion(models.Model):
    """A department's question about a returned ticket, and the desk's answer."""

    ticket_number = models.CharField(max_length=20)
    subject = models.CharField(max_length=20)
    order = models.ForeignKey(Order, null=True, on_delete=models.PROTECT, related_name="questions")
    complaint = models.ForeignKey(
        Complaint, null=True, on_delete=models.PROTECT, related_name="questions"
    )
    department = models.CharField(max_length=20)
    # The code of the reason, and its label when the ticket was returned.
    reason = models.CharField(max_length=30)
    reason_label = models.CharField(max_length=80, blank=True)
    text = models.TextField()
    asked_by_name = models.CharField(max_length=150)
    asked_at = models.DateTimeField()
    answer = models.TextField(blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    # Also set without an answer when the order was cancelled.
    closed_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["asked_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["ticket_number"],
                condition=Q(closed_at__isnull=True),
                name="question_one_open_a_ticket",
            )
        ]
        indexes = [
            models.Index(
                fields=["asked_at"], name="question_open", condition=Q(closed_at__isnull=True)
            )
        ]

    def __str__(self) -> str:
        return f"{self.ticket_number}: {self.text[:40]}"


class Hold(models.Model):
    """A department's work on an order or a complaint that is on hold until `until_at`.

    There are none for sealed complaints.
    """

    ticket_number = models.CharField(max_length=20)
    order = models.ForeignKey(Order, null=True, on_delete=models.PROTECT, related_name="holds")
    complaint = models.ForeignKey(
        Complaint, null=True, on_delete=models.PROTECT, related_name="holds"
    )
    department = models.CharField(max_length=20, choices=Destination.choices)
    reason = models.TextField()
    by_name = models.CharField(max_length=150)
    held_at = models.DateTimeField()
    until_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["held_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["ticket_number"],
                condition=Q(ended_at__isnull=True),
                name="hold_one_open_a_ticket",
            )
        ]

    def __str__(self) -> str:
        return f"{self.ticket_number}: {self.reason[:40]}"
