"""The PDF of an invoice or a credit note, in the office's language at the time of issue."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from django.db import models
from django.utils import formats, translation
from django.utils.translation import gettext as _

from backoffice.accounting.models import Invoice, InvoiceLine, Posting, Receivable
from backoffice.accounting.queries.tax import tax_by_rate
from backoffice.accounting.reference import AccountCode
from officeflow.company.models import Office
from officeflow.documents.a4 import A4Document, Sum, TableColumn, TableRow, render_a4
from officeflow.money import (
    ZERO,
    format_money,
    format_percent,
    format_quantity,
    format_unit_price,
    with_percent_sign,
)

NO_BREAK = "\u00a0"


def draw_document(document: Invoice, *, office: Office) -> bytes:
    """Returns a document as PDF, as it was issued, when nothing was paid on an invoice yet.

    All that it shows was stored at the issue and never changes; `office` has the language of
    documents from before that was stored.
    """
    with translation.override(document.language or office.language):
        return render_a4(_a4_document(document, list(document.lines.all()), document.receivable))


def _a4_document(
    document: Invoice,
    lines: Sequence[InvoiceLine],
    receivable: Receivable,
) -> A4Document:
    currency = document.currency
    discounts = any(line.discount_percent for line in lines)

    def money(amount: Decimal) -> str:
        return format_money(amount, currency)

    return A4Document(
        title=_("Credit note") if document.is_credit_note else _("Invoice"),
        number=document.number,
        at=document.issued_at,
        letterhead=document.letterhead,
        to=[
            receivable.customer_name,
            *receivable.customer_address.splitlines(),
            receivable.customer_number,
        ]
        if receivable.customer_number
        else [_("Walk-in customer")],
        facts=_facts(document, receivable),
        columns=_columns(discounts),
        rows=[_row(line, currency, discounts) for line in lines],
        tax_columns=[
            TableColumn(_("Tax rate"), 20, "L"),
            TableColumn(_("Net"), 25),
            TableColumn(_("Tax"), 22),
            TableColumn(_("Total"), 25),
        ],
        tax_rows=[
            (format_percent(each.rate), money(each.net), money(each.tax), money(each.gross))
            for each in tax_by_rate(lines)
        ],
        sums=_sums(document),
        notes=_notes(document),
    )


def _facts(document: Invoice, receivable: Receivable) -> list[tuple[str, str]]:
    facts = [(_("Issued"), formats.date_format(document.issued_date, "DATE_FORMAT"))]
    if document.supplied_date:
        supplied = formats.date_format(document.supplied_date, "DATE_FORMAT")
        facts.append((_("Date of supply"), supplied))
    facts.append((_("Order"), receivable.order_number))
    if document.reverses:
        facts.append((_("For invoice"), document.reverses.number))
    return facts


def _columns(discounts: bool) -> list[TableColumn]:
    columns = [
        TableColumn(_("Description"), 54 if discounts else 70, "L"),
        TableColumn(_("Quantity"), 18),
        TableColumn(_("Price"), 24),
    ]
    if discounts:
        columns.append(TableColumn(_("Discount"), 16))
    return [
        *columns,
        TableColumn(_("Tax rate"), 16),
        TableColumn(_("Net"), 22),
        TableColumn(_("Total"), 24),
    ]


def _row(line: InvoiceLine, currency: str, discounts: bool) -> TableRow:
    quantity = format_quantity(line.quantity)
    if line.unit_label:
        quantity += f"{NO_BREAK}{line.unit_label}"
    discount = ("",) if discounts else ()
    if line.discount_percent:
        discount = (with_percent_sign(format_quantity(line.discount_percent)),)
    return TableRow(
        cells=(
            line.description,
            quantity,
            format_unit_price(line.unit_price, currency),
            *discount,
            format_percent(line.tax_rate),
            format_money(line.net, currency),
            format_money(line.gross, currency),
        ),
        under=line.sku,
    )


def _sums(document: Invoice) -> list[Sum]:
    def money(amount: Decimal) -> str:
        return format_money(amount, document.currency)

    sums = [Sum(_("Net"), money(document.net)), Sum(_("Tax"), money(document.tax))]
    if document.is_credit_note:
        sums.append(Sum(_("Credited"), money(document.gross), is_strong=True))
        if due_back := _due_back(document):
            sums.append(Sum(_("To be paid back"), money(due_back)))
        return sums
    return [*sums, Sum(_("Total to pay"), money(document.gross), is_strong=True)]


def _due_back(credit_note: Invoice) -> Decimal:
    """Returns the amount that the credit note's journal entry owes to the customer."""
    promised = Posting.objects.filter(
        entry__handoff_id=credit_note.handoff_id, account__code=AccountCode.REFUNDS_PAYABLE
    )
    return promised.aggregate(sum=models.Sum("credit"))["sum"] or ZERO


def _notes(document: Invoice) -> list[str]:
    notes = [
        _("Prices include tax.") if document.prices_include_tax else _("Prices are without tax.")
    ]
    if document.reverses:
        notes.append(
            _("This credit note reverses invoice %(number)s in full.")
            % {"number": document.reverses.number}
        )
    return notes
