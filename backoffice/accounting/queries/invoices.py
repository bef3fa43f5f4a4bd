"""Invoices and credit notes for lists and for a document's page."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import models
from django.utils.translation import gettext_lazy as _

from backoffice.accounting.models import Invoice, InvoiceLine, MoneyMovement
from backoffice.accounting.models.documents import InvoiceQuerySet
from backoffice.accounting.queries.tax import TaxSubtotal, tax_by_rate
from backoffice.accounting.states import DocumentKind


class DocumentTab(models.TextChoices):
    """The tabs above the list of documents."""

    ALL = "", _("All")
    OPEN = "open", _("Open")
    PAID = "paid", _("Paid")
    CREDITED = "credited", _("Credited")
    CREDIT_NOTES = "credit_notes", _("Credit notes")


def documents(shown: str = "", text: str = "") -> InvoiceQuerySet:
    """Returns invoices and credit notes of a tab that match a text, with their receivables.

    `shown` is a value of `DocumentTab`; an unknown value means all.
    """
    rows = Invoice.objects.select_related("receivable", "reverses")
    match shown:
        case DocumentTab.OPEN:
            rows = rows.open()
        case DocumentTab.PAID:
            rows = rows.paid()
        case DocumentTab.CREDITED:
            rows = rows.credited()
        case DocumentTab.CREDIT_NOTES:
            rows = rows.credit_notes()
    return rows.matching(text)


@dataclass(frozen=True, kw_only=True)
class DocumentDetails:
    """An invoice or credit note with everything its page shows."""

    invoice: Invoice
    lines: list[InvoiceLine]
    tax_subtotals: list[TaxSubtotal]
    movements: list[MoneyMovement]
    credit_note: Invoice | None

    @property
    def has_discount(self) -> bool:
        """Whether a line has a discount."""
        return any(line.discount_percent for line in self.lines)


def billed_order(order_number: str) -> DocumentDetails | None:
    """Returns the details of an order's invoice, or None while there is none."""
    found = documents().invoices().filter(receivable__order_number=order_number).first()
    return document_details(found) if found else None


def document_details(invoice: Invoice) -> DocumentDetails:
    """Returns everything that a document's page shows."""
    lines = list(invoice.lines.all())
    return DocumentDetails(
        invoice=invoice,
        lines=lines,
        tax_subtotals=tax_by_rate(lines),
        movements=list(invoice.receivable.movements.prefetch_related("corrections").order_by("pk")),
        credit_note=None
        if invoice.is_credit_note
        else invoice.receivable.documents.filter(kind=DocumentKind.CREDIT_NOTE).first(),
    )
