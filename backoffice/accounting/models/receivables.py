"""Receivables: what was invoiced, paid and refunded for each order."""

from __future__ import annotations

from decimal import Decimal

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


class Receivable(models.Model):
    """What one order's customer owes: invoiced, paid, refunded, and the state.

    Locked by every action that changes it, so that payments and cancellations of one order
    follow each other. `refund_promised` is what the desk was asked to pay back and has not yet
    paid; `refunded` is what it paid.
    """

    order_number = models.CharField(max_length=20, unique=True)
    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="+")
    customer_number = models.CharField(max_length=20, blank=True)
    customer_name = models.CharField(max_length=200, blank=True)
    # As it was when the order came; printed on its documents.
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
        indexes = [
            GinIndex(
                fields=["customer_key"], name="receivable_customer_like", opclasses=["gin_trgm_ops"]
            )
        ]

    def __str__(self) -> str:
        return f"{self.order_number} {self.state}"

    @property
    def is_credited(self) -> bool:
        """Whether a credit note took the invoice back."""
        return self.state == ReceivableState.CREDITED

    @property
    def received(self) -> Decimal:
        """Payments less refunds."""
        return self.paid - self.refunded

    @property
    def balance(self) -> Decimal:
        """What the customer still owes; below zero it is what the office owes the customer."""
        return (ZERO if self.is_credited else self.gross) - self.received

    @property
    def credit_balance(self) -> Decimal:
        """What the office owes the customer; zero when it owes nothing."""
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
    """The kind of money; the values are those of the desk's contracts."""

    CASH = "cash", _("Cash")
    CARD = "card", _("Card")
    TRANSFER = "transfer", _("Transfer")


class MoneyMovement(models.Model):
    """A payment or refund as the books know it, named by the desk's own number."""

    number = models.CharField(max_length=20)
    kind = models.CharField(max_length=10, choices=Direction.choices)
    receivable = models.ForeignKey(Receivable, on_delete=models.PROTECT, related_name="movements")
    handoff = models.OneToOneField(Handoff, on_delete=models.PROTECT, related_name="+")
    # The desk's code of the way to pay, what it was called, and which of the three kinds it is.
    # The oldest movements have neither name nor kind: their code was their kind.
    method = models.CharField(max_length=20)
    method_label = models.CharField(max_length=60, blank=True)
    method_kind = models.CharField(max_length=10, choices=MoneyKind.choices, blank=True)
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
    def method_name(self) -> str:
        """The name of the payment method when it was used, translated where possible."""
        if self.method_label:
            return gettext(self.method_label)
        return str(dict(MoneyKind.choices).get(self.method, self.method))

    @property
    def received(self) -> Decimal:
        """The amount as the office received it: below zero for a refund."""
        return self.amount if self.kind == Direction.PAYMENT else -self.amount
