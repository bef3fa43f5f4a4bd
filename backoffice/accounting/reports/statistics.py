"""Credit notes in a range of time, and the amount that customers owe now."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.db.models import QuerySet

from backoffice.accounting.models import Invoice
from backoffice.accounting.rollups import INVOICES
from backoffice.accounting.states import ReceivableState
from officeflow.company.models import Office
from officeflow.money import ZERO
from officeflow.rollups.reading import BEGINNING, END, read


@dataclass(frozen=True, kw_only=True)
class CreditSpan:
    """The number and net amount of the credit notes of a span."""

    notes: int = 0
    net: Decimal = ZERO


def credit_notes(bounds: Sequence[datetime], office: Office) -> list[CreditSpan]:
    """Returns the credit notes of each span between the bounds, by the time of issue.

    They are those in the office's currency.
    """
    found = read(INVOICES, office, bounds, ("family = 'credited'", [])).of("credited")
    spans = {
        span: CreditSpan(notes=int(notes), net=net)
        for (span, (currency,)), (notes, net) in found.items()
        if currency == office.currency
    }
    return [spans.get(span, CreditSpan()) for span in range(len(bounds) - 1)]


def filter_credit_notes(
    start: datetime | None, end: datetime | None, currency: str = ""
) -> QuerySet[Invoice]:
    """Returns the credit notes issued in [start, end); an empty value does not filter."""
    rows = Invoice.objects.credit_notes().select_related("receivable", "reverses")
    exact = {"issued_at__gte": start, "issued_at__lt": end, "currency": currency}
    return rows.filter(**{name: value for name, value in exact.items() if value})


@dataclass(frozen=True, kw_only=True)
class ListedCreditNote:
    """A credit note in a list of the dashboards, with the invoice that it credits."""

    number: str
    invoice_number: str
    order_number: str
    customer: str
    net: Decimal
    gross: Decimal
    currency: str
    issued_date: date


def list_credit_note(note: Invoice) -> ListedCreditNote:
    """Returns the list's row for a credit note."""
    return ListedCreditNote(
        number=note.number,
        invoice_number=note.reverses.number if note.reverses else "",
        order_number=note.receivable.order_number,
        customer=note.receivable.customer_name,
        net=note.net,
        gross=note.gross,
        currency=note.currency,
        issued_date=note.issued_date,
    )


def open_invoices(currency: str) -> QuerySet[Invoice]:
    """Returns the invoices in a currency that are not paid in full: those of `open_balance`."""
    return Invoice.objects.open().filter(currency=currency).select_related("receivable")


@dataclass(frozen=True, kw_only=True)
class OpenInvoice:
    """An invoice that is not paid in full, with the amount owed now."""

    number: str
    order_number: str
    customer: str
    issued_date: date
    state: ReceivableState
    gross: Decimal
    owed: Decimal
    currency: str


def list_open_invoice(invoice: Invoice) -> OpenInvoice:
    """Returns the list's row for an invoice."""
    receivable = invoice.receivable
    return OpenInvoice(
        number=invoice.number,
        order_number=receivable.order_number,
        customer=receivable.customer_name,
        issued_date=invoice.issued_date,
        state=ReceivableState(receivable.state),
        gross=invoice.gross,
        owed=receivable.balance,
        currency=invoice.currency,
    )


@dataclass(frozen=True, kw_only=True)
class OpenBalance:
    """The number of open invoices and the amount owed, with tax."""

    invoices: int
    amount: Decimal


def open_balance(office: Office) -> OpenBalance:
    """Returns the open balance in the office's currency."""
    found = read(INVOICES, office, [BEGINNING, END], ("family = 'owed'", [])).of("owed")
    invoices, amount = found.get((0, (office.currency,)), (ZERO, ZERO))
    return OpenBalance(invoices=int(invoices), amount=amount)
