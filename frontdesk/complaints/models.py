"""Complaints with their periods, and the routes to departments."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Upper
from django.utils.translation import gettext_lazy as _

from frontdesk.complaints.states import ComplaintState
from frontdesk.customers.models import Customer
from frontdesk.orders.models import Order, OrderLine
from officeflow.catalogue.models import Product
from officeflow.company.models import Site
from officeflow.handoff.contract_labels import Outcome, Severity
from officeflow.handoff.models import Destination


class ComplaintCategory(models.TextChoices):
    """What a complaint is about."""

    GOODS = "goods", _("Goods")
    BILLING = "billing", _("Billing")
    CONDUCT = "conduct", _("Conduct of a colleague")
    SERVICE = "service", _("Service")
    OTHER = "other", _("Other")


class ComplaintRoute(models.Model):
    """The department that answers a category of complaints."""

    category = models.CharField(
        _("category"), max_length=10, choices=ComplaintCategory.choices, unique=True
    )
    destination = models.CharField(_("department"), max_length=20, choices=Destination.choices)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~Q(destination="frontdesk"), name="route_leads_to_the_back"
            ),
            # Complaints about conduct are read by HR alone; no setting can change that.
            models.CheckConstraint(
                condition=Q(category="conduct", destination="hr")
                | (~Q(category="conduct") & ~Q(destination="hr")),
                name="route_conduct_to_hr",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.category} → {self.destination}"


class Complaint(models.Model):
    """A complaint. Of a sealed one the desk stores number, customer, date and public state."""

    number = models.CharField(_("number"), max_length=20, unique=True, editable=False)
    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="+")
    customer = models.ForeignKey(
        Customer, null=True, blank=True, on_delete=models.PROTECT, related_name="complaints"
    )
    order = models.ForeignKey(
        Order, null=True, blank=True, on_delete=models.PROTECT, related_name="complaints"
    )
    order_line = models.ForeignKey(
        OrderLine, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    product = models.ForeignKey(
        Product, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    category = models.CharField(_("category"), max_length=10, choices=ComplaintCategory.choices)
    severity = models.CharField(
        _("severity"), max_length=10, choices=Severity.choices, default=Severity.NORMAL
    )
    description = models.TextField(_("what happened"), blank=True)
    desired_outcome = models.TextField(_("what the customer wants"), blank=True)
    is_sealed = models.BooleanField(default=False)
    destination = models.CharField(max_length=20, choices=Destination.choices)
    state = models.CharField(
        max_length=12, choices=ComplaintState.choices, default=ComplaintState.LOGGED
    )
    logged_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    logged_at = models.DateTimeField()
    outcome = models.CharField(max_length=20, choices=Outcome.choices, blank=True)
    message = models.TextField(blank=True)
    resolved_at = models.DateTimeField(null=True)
    resolved_by_name = models.CharField(max_length=150, blank=True)
    # For an imported complaint: the file's source and the complaint's number there.
    source = models.CharField(max_length=60, blank=True, default="")
    source_reference = models.CharField(max_length=100, blank=True, default="")
    changed_at = models.DateTimeField(auto_now=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(is_sealed=False)
                | Q(
                    description="",
                    desired_outcome="",
                    severity="normal",
                    order__isnull=True,
                    order_line__isnull=True,
                    product__isnull=True,
                ),
                name="complaint_sealed_keeps_no_text",
            ),
            models.CheckConstraint(
                condition=Q(category="conduct", is_sealed=True)
                | (~Q(category="conduct") & Q(is_sealed=False)),
                name="complaint_conduct_is_sealed",
            ),
            models.UniqueConstraint(
                fields=["source", "source_reference"],
                condition=~Q(source=""),
                name="complaint_once_by_source",
            ),
        ]
        indexes = [
            models.Index(fields=["-logged_at", "-id"], name="complaint_by_day"),
            models.Index(fields=["customer", "-id"], name="complaint_by_customer"),
            models.Index(fields=["state", "id"], name="complaint_by_state"),
            models.Index(
                fields=["resolved_at", "id"],
                name="complaint_to_confirm",
                condition=Q(state="resolved"),
            ),
            models.Index(
                Upper("source_reference"), name="complaint_by_reference", condition=~Q(source="")
            ),
            models.Index(fields=["-changed_at"], name="complaint_by_change"),
            # HR's words that are deleted when the time for Undo is over.
            models.Index(
                fields=["id"],
                name="complaint_told_words",
                condition=Q(is_sealed=True, state="confirmed") & ~Q(message=""),
            ),
        ]

    def __str__(self) -> str:
        return self.number


class ComplaintPeriod(models.Model):
    """From when to when a complaint was in a state, and why it was reopened.

    The reason for which a sealed one was reopened is HR's alone, and not stored here.
    """

    complaint = models.ForeignKey(Complaint, on_delete=models.PROTECT, related_name="periods")
    state = models.CharField(max_length=12, choices=ComplaintState.choices)
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    reason = models.TextField(blank=True, default="", db_default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["complaint"],
                condition=Q(ended_at__isnull=True),
                name="complaint_one_open_period",
            )
        ]

    def __str__(self) -> str:
        return f"{self.complaint_id} {self.state}"
