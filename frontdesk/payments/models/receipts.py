"""Receipts for payments, corrections and refunds, kept as they were issued."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from frontdesk.payments.models.payments import Payment, PaymentCorrection, Refund
from officeflow.documents.stored import StoredDocument


class PaymentReceipt(StoredDocument):
    """The receipt for one payment, one correction of a payment or one refund, as PDF."""

    payment = models.OneToOneField(
        Payment, null=True, on_delete=models.PROTECT, related_name="receipt"
    )
    refund = models.OneToOneField(
        Refund, null=True, on_delete=models.PROTECT, related_name="receipt"
    )
    correction = models.OneToOneField(
        PaymentCorrection, null=True, on_delete=models.PROTECT, related_name="receipt"
    )

    class Meta(StoredDocument.Meta):
        constraints = [
            *StoredDocument.Meta.constraints,
            models.CheckConstraint(
                condition=Q(payment__isnull=False, refund__isnull=True, correction__isnull=True)
                | Q(payment__isnull=True, refund__isnull=False, correction__isnull=True)
                | Q(payment__isnull=True, refund__isnull=True, correction__isnull=False),
                name="receipt_of_one_record",
            ),
        ]

    def __str__(self) -> str:
        return f"receipt of {self.payment_id or self.refund_id or self.correction_id}"
