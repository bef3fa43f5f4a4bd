"""Orders with their lines and periods."""

from __future__ import annotations

from decimal import Decimal

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Coalesce, Upper
from django.utils.translation import gettext_lazy as _

from frontdesk.customers.models import Customer
from frontdesk.orders.states import BillingState, FulfilmentState, OrderState
from officeflow.catalogue.models import Product, Unit, unit_sign
from officeflow.company.models import Site
from officeflow.money import ZERO, format_quantity
from officeflow.rollups.marking import marks, marks_through


class Delivery(models.TextChoices):
    """How the goods reach the customer."""

    PICK_UP = "pick_up", _("Pick-up")
    DELIVERY = "delivery", _("Delivery")


class Order(models.Model):
    """An order, with its own state and the two states that the back office reports."""

    number = models.CharField(_("number"), max_length=20, unique=True, editable=False)
    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="+")
    customer = models.ForeignKey(
        Customer, null=True, blank=True, on_delete=models.PROTECT, related_name="orders"
    )
    placed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    ordered_at = models.DateTimeField()
    state = models.CharField(max_length=12, choices=OrderState.choices, default=OrderState.PLACED)
    fulfilment_state = models.CharField(
        max_length=12, choices=FulfilmentState.choices, default=FulfilmentState.NONE
    )
    billing_state = models.CharField(
        max_length=12, choices=BillingState.choices, default=BillingState.NONE
    )
    delivery = models.CharField(max_length=10, choices=Delivery.choices, default=Delivery.PICK_UP)
    delivery_address = models.TextField(blank=True)
    wanted_by_date = models.DateField(null=True, blank=True)
    note = models.TextField(blank=True)
    currency = models.CharField(max_length=3)
    prices_include_tax = models.BooleanField()
    net = models.DecimalField(max_digits=18, decimal_places=4)
    tax = models.DecimalField(max_digits=18, decimal_places=4)
    gross = models.DecimalField(max_digits=18, decimal_places=4)
    # Money taken less money given back, kept by the desk's actions under the order's lock.
    paid = models.DecimalField(max_digits=18, decimal_places=4, default=0)
    invoice_number = models.CharField(max_length=20, blank=True)
    credit_note_number = models.CharField(max_length=20, blank=True)
    cancel_reason = models.TextField(blank=True)
    # For an imported order: the file's source and the order's number there.
    source = models.CharField(max_length=60, blank=True, default="")
    source_reference = models.CharField(max_length=100, blank=True, default="")
    # Done in another program before it was imported: nobody works on it or bills it here.
    is_past = models.BooleanField(default=False, db_default=False)
    # Since when the goods are ready; null before, and for orders of earlier versions.
    ready_at = models.DateTimeField(null=True, blank=True)
    changed_at = models.DateTimeField(auto_now=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(gross=F("net") + F("tax")), name="order_adds_up"),
            models.CheckConstraint(condition=Q(paid__gte=0), name="order_paid_not_negative"),
            models.CheckConstraint(
                condition=~Q(delivery="delivery") | ~Q(delivery_address=""),
                name="order_delivery_has_address",
            ),
            models.UniqueConstraint(
                fields=["source", "source_reference"],
                condition=~Q(source=""),
                name="order_once_by_source",
            ),
            models.CheckConstraint(
                condition=Q(is_past=False)
                | Q(
                    state="completed",
                    fulfilment_state="none",
                    billing_state="none",
                    paid=0,
                    invoice_number="",
                )
                & ~Q(source=""),
                name="order_past_has_no_work",
            ),
        ]
        indexes = [
            models.Index(fields=["-ordered_at", "-id"], name="order_by_day"),
            models.Index(fields=["customer", "-id"], name="order_by_customer"),
            models.Index(fields=["-changed_at"], name="order_by_change"),
            models.Index(
                fields=["invoice_number"],
                name="order_by_invoice",
                condition=~Q(invoice_number=""),
            ),
            models.Index(
                fields=["credit_note_number"],
                name="order_by_credit_note",
                condition=~Q(credit_note_number=""),
            ),
            models.Index(
                Upper("source_reference"), name="order_by_reference", condition=~Q(source="")
            ),
            models.Index(
                fields=["fulfilment_state", "id"],
                name="order_open",
                condition=Q(state="placed"),
            ),
            models.Index(
                Coalesce("ready_at", "changed_at"),
                "id",
                name="order_to_hand_over",
                condition=Q(state="placed", fulfilment_state="ready", delivery="pick_up"),
            ),
        ]
        triggers = marks(
            "orders",
            "ordered_at",
            watched=["(ROW.state = 'cancelled')", "currency", "net", "tax", "placed_by_id"],
        )

    def __str__(self) -> str:
        return self.number

    @property
    def open_amount(self) -> Decimal:
        """The amount still to be paid, or 0; a past order was paid in the other program."""
        if self.state == OrderState.CANCELLED or self.is_past:
            return ZERO
        return max(ZERO, self.gross - self.paid)

    @property
    def to_give_back(self) -> Decimal:
        """The amount that the office owes the customer, such as of a cancelled order, or 0."""
        owed = ZERO if self.state == OrderState.CANCELLED else self.gross
        return max(ZERO, self.paid - owed)

    @property
    def is_free(self) -> bool:
        """Whether there was never anything to pay."""
        return not self.gross and self.state != OrderState.CANCELLED

    @property
    def is_under_way(self) -> bool:
        """Whether fulfilment has reported a state of the goods of an open order."""
        under_way = self.fulfilment_state != FulfilmentState.NONE
        return self.state == OrderState.PLACED and under_way

    @property
    def has_goods_state(self) -> bool:
        """Whether the goods have a state: those of an order cancelled before have none."""
        none = self.fulfilment_state == FulfilmentState.NONE
        return not (none and self.state == OrderState.CANCELLED)

    @property
    def is_delivery(self) -> bool:
        """Whether the goods go to the customer rather than wait at the counter."""
        return self.delivery == Delivery.DELIVERY


class OrderLine(models.Model):
    """A line with the price, discount and tax rate at the time of the order."""

    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="lines")
    position = models.PositiveIntegerField()
    product = models.ForeignKey(Product, on_delete=models.PROTECT, related_name="+")
    sku = models.CharField(max_length=40)
    description = models.CharField(max_length=200)
    unit = models.CharField(max_length=10, choices=Unit.choices)
    quantity = models.DecimalField(max_digits=14, decimal_places=3)
    unit_price = models.DecimalField(max_digits=18, decimal_places=4)
    discount_percent = models.DecimalField(max_digits=5, decimal_places=2, default=0)
    tax_rate = models.DecimalField(max_digits=8, decimal_places=5)
    net = models.DecimalField(max_digits=18, decimal_places=4)
    tax = models.DecimalField(max_digits=18, decimal_places=4)
    gross = models.DecimalField(max_digits=18, decimal_places=4)

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["order", "position"], name="order_line_in_its_place"),
            models.CheckConstraint(condition=Q(quantity__gt=0), name="order_line_quantity"),
            models.CheckConstraint(condition=Q(unit_price__gte=0), name="order_line_price"),
            models.CheckConstraint(
                condition=Q(discount_percent__gte=0) & Q(discount_percent__lte=100),
                name="order_line_discount",
            ),
            models.CheckConstraint(
                condition=Q(gross=F("net") + F("tax")), name="order_line_adds_up"
            ),
        ]
        # A line is written with its order, and marked with it.
        triggers = [
            marks_through(
                "orders",
                times="SELECT ordered_at AS at FROM frontdesk_order WHERE id = OLD.order_id",
                operation=pgtrigger.Update | pgtrigger.Delete,
            )
        ]

    def __str__(self) -> str:
        return f"{format_quantity(self.quantity)} × {self.description}"

    @property
    def unit_label(self) -> str:
        """The unit's sign behind a quantity, as in 1.5 h; empty for pieces."""
        return unit_sign(self.unit)


class OrderPeriod(models.Model):
    """From when to when an order was in a state, and who moved it there."""

    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="periods")
    state = models.CharField(max_length=12, choices=OrderState.choices)
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["order"], condition=Q(ended_at__isnull=True), name="order_one_open_period"
            )
        ]

    def __str__(self) -> str:
        return f"{self.order_id} {self.state}"


class Reopening(models.Model):
    """Fulfilment took back that an order's goods were ready, shipped or put back."""

    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="reopenings")
    by_name = models.CharField(max_length=150)
    reason = models.TextField(blank=True)
    at = models.DateTimeField()
    # The numbers of the message that had already told the customer, and of the one that tells them
    # otherwise.
    told_by = models.CharField(max_length=20, blank=True)
    corrected_by = models.CharField(max_length=20, blank=True)

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.order_id} {self.at}"


class Rush(models.Model):
    """The desk's request that fulfilment works on an order sooner, and the answer."""

    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="rushes")
    reason = models.TextField()
    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    requested_at = models.DateTimeField()
    is_accepted = models.BooleanField(null=True)
    answer = models.TextField(blank=True)
    answered_by_name = models.CharField(max_length=150, blank=True)
    answered_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["order"], condition=Q(answered_at__isnull=True), name="rush_one_open"
            ),
            models.CheckConstraint(
                condition=Q(answered_at__isnull=True, is_accepted__isnull=True)
                | Q(answered_at__isnull=False, is_accepted__isnull=False),
                name="rush_answered_or_not",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.order_id} {self.is_accepted}"
