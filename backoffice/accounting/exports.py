"""The columns of exported documents, postings and account balances."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import QuerySet
from django.utils.translation import gettext as text
from django.utils.translation import gettext_lazy as _

from backoffice.accounting import queries
from backoffice.accounting.models import Invoice, InvoiceLine, JournalEntry, Posting
from backoffice.accounting.queries import AccountLine, LedgerLine, TaxOfRate
from officeflow.money import ZERO, format_percent
from officeflow.ui.export import ExportColumn, amount, in_chunks, percent


def _in(value: Decimal | None, currency: str) -> Decimal | None:
    """Returns an amount of a debit or credit column; None for no amount."""
    return amount(value, currency) if value else None


def _of_invoice(field: str) -> Callable[[Invoice], Decimal | None]:
    """Returns the column of an amount of the receivable, which credit notes leave empty."""
    return lambda row: (
        None
        if row.is_credit_note
        else amount(max(ZERO, getattr(row.receivable, field)), row.currency)
    )


def _signed(field: str) -> Callable[[Invoice], Decimal | None]:
    """Returns the column of an amount, negative on credit notes, so that the sum is right."""
    return lambda row: amount(row.sign * getattr(row, field), row.currency)


INVOICES: tuple[ExportColumn[Invoice], ...] = (
    ExportColumn(_("Number"), lambda row: row.number, 18),
    ExportColumn(_("Kind"), lambda row: row.get_kind_display(), 14),
    ExportColumn(_("Issued"), lambda row: row.issued_date, 12),
    ExportColumn(_("Customer number"), lambda row: row.receivable.customer_number),
    ExportColumn(_("Customer"), lambda row: row.receivable.customer_name, 30),
    ExportColumn(_("Order"), lambda row: row.receivable.order_number, 14),
    ExportColumn(_("Net"), _signed("net"), 12),
    ExportColumn(_("Tax"), _signed("tax"), 12),
    ExportColumn(_("Total"), _signed("gross"), 12),
    ExportColumn(_("Currency"), lambda row: row.currency, 10),
    ExportColumn(_("Owed"), _of_invoice("balance"), 12),
    ExportColumn(_("To give back"), _of_invoice("credit_balance"), 12),
    ExportColumn(_("Payment state"), lambda row: row.receivable.get_state_display()),
    ExportColumn(_("For invoice"), lambda row: row.reverses.number if row.reverses else "", 18),
)


def invoice_columns(documents: QuerySet[Invoice]) -> tuple[ExportColumn[Invoice], ...]:
    """Returns the columns of documents, with net and tax of each rate on their lines.

    The lines must be prefetched.
    """
    lines = InvoiceLine.objects.filter(invoice__in=documents.order_by())
    rates = lines.order_by("-tax_rate").values_list("tax_rate", flat=True).distinct()
    return INVOICES + tuple(column for rate in rates for column in _rate_columns(rate))


def _rate_columns(rate: Decimal) -> tuple[ExportColumn[Invoice], ...]:
    name = format_percent(rate)

    def of_rate(row: Invoice, field: str) -> Decimal | None:
        for each in queries.tax_by_rate(row.lines.all()):
            if each.rate == rate:
                return amount(row.sign * getattr(each, field), row.currency)
        return None

    return (
        ExportColumn(text("Net at %(rate)s") % {"rate": name}, lambda row: of_rate(row, "net")),
        ExportColumn(text("Tax at %(rate)s") % {"rate": name}, lambda row: of_rate(row, "tax")),
    )


@dataclass(frozen=True)
class JournalRow:
    """A posting of an exported journal entry; an entry without postings has one row without."""

    entry: JournalEntry
    posting: Posting | None


def _side(name: str) -> Callable[[JournalRow], Decimal | None]:
    return lambda row: _in(getattr(row.posting, name, None), row.entry.currency)


JOURNAL: tuple[ExportColumn[JournalRow], ...] = (
    ExportColumn(_("Entry"), lambda row: row.entry.number, 14),
    ExportColumn(_("Booked"), lambda row: row.entry.booked_date, 12),
    ExportColumn(_("Kind"), lambda row: row.entry.get_kind_display(), 18),
    ExportColumn(_("Document"), lambda row: row.entry.document, 18),
    ExportColumn(_("Reverses"), lambda row: row.entry.reverses and row.entry.reverses.number, 14),
    ExportColumn(
        _("Order"),
        lambda row: row.entry.receivable.order_number if row.entry.receivable else "",
        14,
    ),
    ExportColumn(_("Account"), lambda row: row.posting and row.posting.account.code, 10),
    ExportColumn(
        _("Name of the account"), lambda row: row.posting and row.posting.account.title, 28
    ),
    ExportColumn(_("Debit"), _side("debit"), 14),
    ExportColumn(_("Credit"), _side("credit"), 14),
    ExportColumn(_("Currency"), lambda row: row.entry.currency, 10),
)

LEDGER: tuple[ExportColumn[LedgerLine], ...] = (
    ExportColumn(_("Entry"), lambda row: row.entry.number, 14),
    ExportColumn(_("Booked"), lambda row: row.entry.booked_date, 12),
    ExportColumn(_("Kind"), lambda row: row.entry.get_kind_display(), 18),
    ExportColumn(_("Document"), lambda row: row.entry.document, 18),
    ExportColumn(
        _("Order"),
        lambda row: row.entry.receivable.order_number if row.entry.receivable else "",
        14,
    ),
    ExportColumn(_("Debit"), lambda row: _in(row.debit, row.entry.currency), 14),
    ExportColumn(_("Credit"), lambda row: _in(row.credit, row.entry.currency), 14),
    ExportColumn(_("Balance"), lambda row: amount(row.balance, row.entry.currency), 14),
    ExportColumn(_("Currency"), lambda row: row.entry.currency, 10),
)

TAX: tuple[ExportColumn[TaxOfRate], ...] = (
    ExportColumn(_("Tax rate in percent"), lambda row: percent(row.rate), 18),
    ExportColumn(_("Invoiced, net"), lambda row: amount(row.net, row.currency), 14),
    ExportColumn(_("Tax invoiced"), lambda row: amount(row.tax, row.currency), 14),
    ExportColumn(_("Credited, net"), lambda row: amount(row.credited_net, row.currency), 14),
    ExportColumn(_("Tax credited"), lambda row: amount(row.credited_tax, row.currency), 14),
    ExportColumn(_("Net"), lambda row: amount(row.due_net, row.currency), 14),
    ExportColumn(_("Tax owed"), lambda row: amount(row.due_tax, row.currency), 14),
    ExportColumn(_("Currency"), lambda row: row.currency, 10),
)

BALANCE: tuple[ExportColumn[AccountLine], ...] = (
    ExportColumn(_("Account"), lambda row: row.account.code, 10),
    ExportColumn(_("Name of the account"), lambda row: row.account.title, 28),
    ExportColumn(_("Debit"), lambda row: amount(row.debit, row.currency), 14),
    ExportColumn(_("Credit"), lambda row: amount(row.credit, row.currency), 14),
    ExportColumn(_("Debit balance"), lambda row: _in(row.debit_balance, row.currency), 14),
    ExportColumn(_("Credit balance"), lambda row: _in(row.credit_balance, row.currency), 14),
    ExportColumn(_("Currency"), lambda row: row.currency, 10),
)


def journal_rows(wanted: queries.JournalFilter) -> Iterator[JournalRow]:
    """Yields the postings of the journal entries that match, the latest entry first.

    No entry is left out: one of 0, which has no postings, has a row of its own.
    """
    for entry in in_chunks(queries.journal(wanted), ["-id"]):
        postings: list[Posting | None] = list(entry.postings.all())
        yield from (JournalRow(entry, posting) for posting in postings or [None])
