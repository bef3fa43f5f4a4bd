"""The columns of exported documents, postings and account balances."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from backoffice.accounting import queries
from backoffice.accounting.models import Invoice, Posting
from backoffice.accounting.queries import AccountLine
from officeflow.ui.export import ExportColumn, amount, in_chunks

JOURNAL_ORDER = ("-entry_id", "id")


def _in(value: Decimal | None, currency: str) -> Decimal | None:
    """Returns an amount of a debit or credit column; None for no amount."""
    return amount(value, currency) if value else None


INVOICES: tuple[ExportColumn[Invoice], ...] = (
    ExportColumn(_("Number"), lambda row: row.number, 18),
    ExportColumn(_("Kind"), lambda row: row.get_kind_display(), 14),
    ExportColumn(_("Issued"), lambda row: row.issued_date, 12),
    ExportColumn(_("Customer number"), lambda row: row.receivable.customer_number),
    ExportColumn(_("Customer"), lambda row: row.receivable.customer_name, 30),
    ExportColumn(_("Order"), lambda row: row.receivable.order_number, 14),
    ExportColumn(_("Net"), lambda row: amount(row.net, row.currency), 12),
    ExportColumn(_("Tax"), lambda row: amount(row.tax, row.currency), 12),
    ExportColumn(_("Total"), lambda row: amount(row.gross, row.currency), 12),
    ExportColumn(_("Currency"), lambda row: row.currency, 10),
    ExportColumn(_("Payment state"), lambda row: row.receivable.get_state_display()),
    ExportColumn(_("For invoice"), lambda row: row.reverses.number if row.reverses else "", 18),
)

JOURNAL: tuple[ExportColumn[Posting], ...] = (
    ExportColumn(_("Entry"), lambda row: row.entry.number, 14),
    ExportColumn(_("Booked"), lambda row: row.entry.booked_date, 12),
    ExportColumn(_("Kind"), lambda row: row.entry.get_kind_display(), 18),
    ExportColumn(_("Document"), lambda row: row.entry.document, 18),
    ExportColumn(
        _("Order"),
        lambda row: row.entry.receivable.order_number if row.entry.receivable else "",
        14,
    ),
    ExportColumn(_("Account"), lambda row: row.account.code, 10),
    ExportColumn(_("Name of the account"), lambda row: row.account.name, 28),
    ExportColumn(_("Debit"), lambda row: _in(row.debit, row.entry.currency), 14),
    ExportColumn(_("Credit"), lambda row: _in(row.credit, row.entry.currency), 14),
    ExportColumn(_("Currency"), lambda row: row.entry.currency, 10),
)

BALANCE: tuple[ExportColumn[AccountLine], ...] = (
    ExportColumn(_("Account"), lambda row: row.account.code, 10),
    ExportColumn(_("Name of the account"), lambda row: row.account.name, 28),
    ExportColumn(_("Debit"), lambda row: amount(row.debit, row.currency), 14),
    ExportColumn(_("Credit"), lambda row: amount(row.credit, row.currency), 14),
    ExportColumn(_("Debit balance"), lambda row: _in(row.debit_balance, row.currency), 14),
    ExportColumn(_("Credit balance"), lambda row: _in(row.credit_balance, row.currency), 14),
    ExportColumn(_("Currency"), lambda row: row.currency, 10),
)


def journal_rows(wanted: queries.JournalFilter) -> Iterator[Posting]:
    """Returns the postings of the journal entries that match, the latest entry first."""
    entries = queries.journal(wanted).order_by().values("pk")
    postings = Posting.objects.filter(entry__in=entries)
    return in_chunks(postings.select_related("entry__receivable", "account"), JOURNAL_ORDER)
