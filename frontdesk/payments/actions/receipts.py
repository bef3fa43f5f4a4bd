"""Keeping receipts as they were issued."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, transaction

from frontdesk.payments import documents
from frontdesk.payments.models.payments import Payment, PaymentCorrection, Refund
from frontdesk.payments.models.receipts import PaymentReceipt
from frontdesk.payments.queries.payments import paid_up_to, receipt_of
from officeflow.company.models import Office
from officeflow.company.queries import get_office
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

        When the process ends before it, `kept_receipt` draws it at its first use.
        """
        transaction.on_commit(self.keep, robust=True)

    def keep(self) -> None:
        """Draws and keeps the PDF. Of two processes the first one's is kept."""
        content = documents.draw(self.document, self.office)
        owner = {"payment": self.payment, "correction": self.correction, "refund": self.refund}
        try:
            with transaction.atomic():
                PaymentReceipt.store(content, drawn_at=self.issued_at, **owner)
        except IntegrityError:
            return


def kept_receipt(row: Payment | Refund) -> PaymentReceipt:
    """Returns the receipt as it was issued, after a correction the latest one.

    It is drawn and kept when there is none yet.
    """
    kept = receipt_of(row)
    if kept is None:
        _issued(row).keep()
        kept = receipt_of(row)
    assert kept is not None
    return kept


def _issued(row: Payment | Refund) -> IssuedReceipt:
    office = get_office()
    if isinstance(row, Refund):
        assert row.paid_at is not None
        document = documents.refund_receipt(row, order=row.order, office=office)
        return IssuedReceipt(document=document, office=office, issued_at=row.paid_at, refund=row)
    document = documents.receipt(row, order=row.order, office=office, paid=paid_up_to(row))
    correction = row.corrections.last()
    if correction is None:
        return IssuedReceipt(document=document, office=office, issued_at=row.taken_at, payment=row)
    return IssuedReceipt(
        document=document,
        office=office,
        issued_at=correction.corrected_at,
        correction=correction,
    )
