"""Shipments with a snapshot of the order's lines."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from backoffice.fulfilment.states import ShipmentState
from backoffice.tickets.models import Ticket
from officeflow.catalogue.models import unit_sign
from officeflow.money import format_quantity


class Shipment(models.Model):
    """The goods of one order."""

    order_number = models.CharField(max_length=20, unique=True)
    ticket = models.OneToOneField(Ticket, on_delete=models.PROTECT, related_name="shipment")
    is_delivery = models.BooleanField()
    delivery_address = models.TextField(blank=True)
    wanted_by_date = models.DateField(null=True)
    note = models.TextField(blank=True)
    # How to reach the customer of a delivery.
    contact_phone = models.CharField(max_length=40, blank=True, db_default="", default="")
    contact_email = models.CharField(max_length=254, blank=True, db_default="", default="")
    # Who cancelled the order, when and why.
    cancelled_at = models.DateTimeField(null=True)
    cancelled_by_name = models.CharField(max_length=150, blank=True, db_default="", default="")
    cancel_reason = models.TextField(blank=True, db_default="", default="")
    state = models.CharField(
        max_length=12, choices=ShipmentState.choices, default=ShipmentState.WAITING
    )
    changed_at = models.DateTimeField(auto_now=True)

    def __str__(self) -> str:
        return f"{self.order_number} {self.state}"


class ShipmentLine(models.Model):
    """A line of the order; goods are fetched, services are not."""

    shipment = models.ForeignKey(Shipment, on_delete=models.PROTECT, related_name="lines")
    position = models.PositiveIntegerField()
    sku = models.CharField(max_length=40)
    description = models.CharField(max_length=200)
    is_goods = models.BooleanField()
    unit = models.CharField(max_length=10)
    quantity = models.DecimalField(max_digits=14, decimal_places=3)

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(
                fields=["shipment", "position"], name="shipment_line_in_its_place"
            ),
            models.CheckConstraint(condition=Q(quantity__gt=0), name="shipment_line_quantity"),
        ]

    def __str__(self) -> str:
        return f"{self.quantity} × {self.sku}"

    @property
    def unit_label(self) -> str:
        """The unit's sign behind a quantity, as in 1.5 h; empty for pieces."""
        return unit_sign(self.unit)

    @property
    def scan_text(self) -> str:
        """What a person reads when the line's product is scanned: `Line 2: Blue mug, 3 pieces`."""
        return _("Line %(position)d: %(name)s, %(quantity)s %(unit)s") % {
            "position": self.position,
            "name": self.description,
            "quantity": format_quantity(self.quantity),
            "unit": self.unit_label or ngettext("piece", "pieces", int(self.quantity)),
        }


class RushRequest(models.Model):
    """The desk's request to work on an order sooner, and fulfilment's answer."""

    shipment = models.ForeignKey(Shipment, on_delete=models.PROTECT, related_name="rushes")
    reason = models.TextField()
    requested_by_name = models.CharField(max_length=150)
    requested_at = models.DateTimeField()
    is_accepted = models.BooleanField(null=True)
    answer = models.TextField(blank=True)
    answered_at = models.DateTimeField(null=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["shipment"],
                condition=Q(answered_at__isnull=True),
                name="rush_request_one_open",
            ),
            models.CheckConstraint(
                condition=Q(answered_at__isnull=True, is_accepted__isnull=True)
                | Q(answered_at__isnull=False, is_accepted__isnull=False),
                name="rush_request_answered_or_not",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.shipment_id} {self.is_accepted}"
