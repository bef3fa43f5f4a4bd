"""Keeping receipts as they were issued."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from frontdesk.payments import documents
from frontdesk.payments.models.payments import Payment, PaymentCorrection, Refund
from frontdesk.payments.models.receipts import PaymentReceipt
from officeflow.company.models import Office
from officeflow.documents.receipt import ReceiptDocument


@dataclass(frozen=True, kw_only=True)
class IssuedReceipt:
    """A receipt with its contents of now, of one payment, correction or refund."""

    document: ReceiptDocument
    office: Office
    issued_at: datetime
    payment: Payment | None = None
    correction: PaymentCorrection | None = None
    refund: Refund | None = None

    def keep_after_commit(self) -> None:
        """Draws and keeps the PDF right after the commit, when the counters of numbers are free.

        When the process ends before it, a download draws the receipt each time.
        """
        transaction.on_commit(self._keep, robust=True)

    def _keep(self) -> None:
        PaymentReceipt.store(
            documents.draw(self.document, self.office),
            drawn_at=self.issued_at,
            payment=self.payment,
            correction=self.correction,
            refund=self.refund,
        )
