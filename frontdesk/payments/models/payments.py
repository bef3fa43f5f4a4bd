"""Payments and refunds."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext

from frontdesk.orders.models import Order
from frontdesk.payments.models.methods import MethodKind
from officeflow.append_only import NO_TRUNCATE, UNCHANGEABLE
from officeflow.company.models import Site
from officeflow.rollups.marking import marks


class MoneyMoved(models.Model):
    """The payment method of a payment or refund, with its name and kind at that time."""

    method = models.CharField(max_length=20)
    method_label = models.CharField(max_length=60)
    method_kind = models.CharField(max_length=10, choices=MethodKind.choices)

    class Meta:
        abstract = True

    @property
    def method_name(self) -> str:
        """The method's name, translated where a translation exists."""
        return gettext(self.method_label) if self.method_label else ""


class Payment(MoneyMoved):
    """A full or part payment of an order, taken at the desk.

    Its method is the one that was recorded last: `PaymentCorrection` has the earlier ones.
    `cash_given` is the cash that the customer gave and `change_given` what they got back; both are
    null for another method, and for cash that nobody entered.
    """

    number = models.CharField(max_length=20, unique=True, editable=False)
    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="payments")
    amount = models.DecimalField(max_digits=18, decimal_places=4)
    cash_given = models.DecimalField(max_digits=18, decimal_places=4, null=True)
    change_given = models.DecimalField(max_digits=18, decimal_places=4, null=True)
    taken_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    taken_at = models.DateTimeField()
    # In whose drawer the cash is; the oldest have none: their order's.
    site = models.ForeignKey(
        Site, null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(condition=Q(amount__gt=0), name="payment_is_positive"),
            models.CheckConstraint(
                condition=Q(cash_given__isnull=True, change_given__isnull=True)
                | Q(
                    cash_given__isnull=False,
                    change_given__isnull=False,
                    method_kind=MethodKind.CASH,
                    change_given__gte=0,
                    cash_given=F("amount") + F("change_given"),
                ),
                name="payment_change_adds_up",
            ),
        ]
        indexes = [models.Index(fields=["taken_at"], name="payment_by_time")]
        triggers = marks("payments", "taken_at", watched=["method", "method_label", "amount"])

    def __str__(self) -> str:
        return self.number


class PaymentCorrection(MoneyMoved):
    """The correction of the method of a payment, which is never changed.

    Its own method is the right one; `previous_…` is the one that the payment had before.
    """

    payment = models.ForeignKey(Payment, on_delete=models.PROTECT, related_name="corrections")
    previous_method = models.CharField(max_length=20)
    previous_method_label = models.CharField(max_length=60)
    previous_method_kind = models.CharField(max_length=10, choices=MethodKind.choices)
    reason = models.TextField()
    corrected_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    corrected_at = models.DateTimeField()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(method=F("previous_method")), name="correction_changes_the_method"
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="correction_has_a_reason"),
        ]
        triggers = [UNCHANGEABLE, NO_TRUNCATE]

    def __str__(self) -> str:
        return f"{self.payment_id}: {self.previous_method} → {self.method}"

    @property
    def previous_method_name(self) -> str:
        """The name of the method before, translated where a translation exists."""
        return gettext(self.previous_method_label)


class Refund(MoneyMoved):
    """Money owed to a customer: due since accounting reported it, until the desk has paid it."""

    number = models.CharField(max_length=20, unique=True, editable=False)
    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="refunds")
    amount = models.DecimalField(max_digits=18, decimal_places=4)
    credit_note_number = models.CharField(max_length=20)
    due_at = models.DateTimeField()
    # Empty until it is paid.
    method = models.CharField(max_length=20, blank=True)
    method_label = models.CharField(max_length=60, blank=True)
    method_kind = models.CharField(max_length=10, choices=MethodKind.choices, blank=True)
    paid_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    paid_at = models.DateTimeField(null=True)
    # From whose drawer the cash is; the oldest have none: their order's.
    site = models.ForeignKey(
        Site, null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(condition=Q(amount__gt=0), name="refund_is_positive"),
            models.CheckConstraint(
                condition=Q(paid_at__isnull=True, paid_by__isnull=True, method="")
                | (Q(paid_at__isnull=False, paid_by__isnull=False) & ~Q(method="")),
                name="refund_paid_whole",
            ),
        ]
        indexes = [
            models.Index(fields=["due_at"], name="refund_due", condition=Q(paid_at__isnull=True)),
            models.Index(fields=["paid_at"], name="refund_by_time"),
        ]
        triggers = marks("refunds", "paid_at", watched=["method", "method_label", "amount"])

    def __str__(self) -> str:
        return self.number
