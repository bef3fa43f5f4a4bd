"""Receivables with their periods, payments and refunds."""

from __future__ import annotations

from decimal import Decimal

import pgtrigger
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from backoffice.accounting.states import Direction, ReceivableState
from officeflow.append_only import NO_TRUNCATE, UNCHANGEABLE
from officeflow.company.models import Site
from officeflow.handoff.models import Handoff
from officeflow.money import ZERO
from officeflow.rollups.marking import marks_through


class Receivable(models.Model):
    """The amounts invoiced, paid and refunded for one order, and the state that follows.

    Every action locks it, so that payments and cancellations of an order run one after the other.
    `refund_promised` is the amount that the desk was asked to refund and has not paid yet;
    `refunded` is the amount that it has paid.
    """

    order_number = models.CharField(max_length=20, unique=True)
    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="+")
    customer_number = models.CharField(max_length=20, blank=True)
    customer_name = models.CharField(max_length=200, blank=True)
    # The address at the time of the order, printed on documents.
    customer_address = models.TextField(blank=True, default="")
    customer_key = models.CharField(max_length=200, blank=True)
    currency = models.CharField(max_length=3)
    gross = models.DecimalField(max_digits=18, decimal_places=4)
    paid = models.DecimalField(max_digits=18, decimal_places=4, default=0)
    refunded = models.DecimalField(max_digits=18, decimal_places=4, default=0)
    refund_promised = models.DecimalField(max_digits=18, decimal_places=4, default=0)
    state = models.CharField(
        max_length=12, choices=ReceivableState.choices, default=ReceivableState.INVOICED
    )

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(gross__gte=0), name="receivable_gross_not_negative"),
            models.CheckConstraint(condition=Q(paid__gte=0), name="receivable_paid_not_negative"),
            models.CheckConstraint(
                condition=Q(refunded__gte=0)
                & Q(refund_promised__gte=0)
                & Q(refunded__lte=F("paid") - F("refund_promised")),
                name="receivable_refunds_within_paid",
            ),
        ]
        triggers = [
            # Documents show these, and may be drawn later.
            pgtrigger.ReadOnly(
                name="as_ordered",
                fields=["order_number", "customer_number", "customer_name", "customer_address"],
            ),
            marks_through(
                "invoices",
                operation=pgtrigger.Update,
                watched=["gross", "paid", "refunded", "state"],
                times="SELECT issued_at AS at FROM accounting_invoice"
                " WHERE receivable_id = NEW.id AND kind = 'invoice'",
            ),
        ]
        indexes = [
            GinIndex(
                fields=["customer_key"], name="receivable_customer_like", opclasses=["gin_trgm_ops"]
            ),
            models.Index(
                fields=["customer_number"],
                name="receivable_by_customer",
                condition=~Q(customer_number=""),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.order_number} {self.state}"

    @property
    def is_credited(self) -> bool:
        """Whether the invoice has a credit note."""
        return self.state == ReceivableState.CREDITED

    @property
    def is_free(self) -> bool:
        """Whether there was never anything to pay."""
        return not self.gross and not self.is_credited

    @property
    def received(self) -> Decimal:
        """Payments less refunds."""
        return self.paid - self.refunded

    @property
    def balance(self) -> Decimal:
        """The amount that the customer owes; negative if the office owes the customer."""
        return (ZERO if self.is_credited else self.gross) - self.received

    @property
    def credit_balance(self) -> Decimal:
        """The amount that the office owes the customer, or 0."""
        return max(ZERO, -self.balance)


class ReceivablePeriod(models.Model):
    """From when to when a receivable was in a state."""

    receivable = models.ForeignKey(Receivable, on_delete=models.PROTECT, related_name="periods")
    state = models.CharField(max_length=12, choices=ReceivableState.choices)
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["receivable"],
                condition=Q(ended_at__isnull=True),
                name="receivable_one_open_period",
            )
        ]

    def __str__(self) -> str:
        return f"{self.receivable_id} {self.state}"


class MoneyKind(models.TextChoices):
    """The kind of money, with the values of the contracts."""

    CASH = "cash", _("Cash")
    CARD = "card", _("Card")
    TRANSFER = "transfer", _("Transfer")


class HasMethod(models.Model):
    """The method of a payment or refund: the code, name and kind that the desk sent."""

    method = models.CharField(max_length=20)
    method_label = models.CharField(max_length=60, blank=True)
    method_kind = models.CharField(max_length=10, choices=MoneyKind.choices, blank=True)

    class Meta:
        abstract = True

    @property
    def method_name(self) -> str:
        """The payment method's name, translated where a translation exists."""
        if self.method_label:
            return gettext(self.method_label)
        return str(dict(MoneyKind.choices).get(self.method, self.method))


class MoneyMovement(HasMethod):
    """A booked payment or refund, with the front desk's number.

    The oldest movements have neither name nor kind of their method: their code is the kind.
    """

    number = models.CharField(max_length=20)
    kind = models.CharField(max_length=10, choices=Direction.choices)
    receivable = models.ForeignKey(Receivable, on_delete=models.PROTECT, related_name="movements")
    handoff = models.OneToOneField(Handoff, on_delete=models.PROTECT, related_name="+")
    amount = models.DecimalField(max_digits=18, decimal_places=4)
    currency = models.CharField(max_length=3)
    moved_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["kind", "number"], name="movement_once"),
            models.CheckConstraint(condition=Q(amount__gt=0), name="movement_is_positive"),
        ]
        triggers = [UNCHANGEABLE, NO_TRUNCATE]

    def __str__(self) -> str:
        return self.number

    @property
    def latest(self) -> MoneyMovement | MethodCorrection:
        """The movement itself, or its last correction: whoever has the right method."""
        corrections = list(self.corrections.all())
        return corrections[-1] if corrections else self

    @property
    def received(self) -> Decimal:
        """The received amount; negative for a refund."""
        return self.amount if self.kind == Direction.PAYMENT else -self.amount


class MethodCorrection(HasMethod):
    """The correction of a payment's method, which is never changed."""

    movement = models.ForeignKey(
        MoneyMovement, on_delete=models.PROTECT, related_name="corrections"
    )
    handoff = models.OneToOneField(Handoff, on_delete=models.PROTECT, related_name="+")
    corrected_at = models.DateTimeField()

    class Meta:
        ordering = ["pk"]
        triggers = [UNCHANGEABLE, NO_TRUNCATE]

    def __str__(self) -> str:
        return f"{self.movement_id} {self.method}"
