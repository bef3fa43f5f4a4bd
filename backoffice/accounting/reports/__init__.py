"""Accounting's figures for the dashboards."""

from backoffice.accounting.reports.consistency import invoices_of
from backoffice.accounting.reports.statistics import (
    CreditSpan,
    ListedCreditNote,
    OpenBalance,
    credit_notes,
    filter_credit_notes,
    list_credit_note,
    open_balance,
)

__all__ = [
    "CreditSpan",
    "ListedCreditNote",
    "OpenBalance",
    "credit_notes",
    "filter_credit_notes",
    "invoices_of",
    "list_credit_note",
    "open_balance",
]
