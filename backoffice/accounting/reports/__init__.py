"""Accounting's figures for the dashboards."""

from backoffice.accounting.reports.consistency import count_invoices
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
    "count_invoices",
    "credit_notes",
    "filter_credit_notes",
    "list_credit_note",
    "open_balance",
]
