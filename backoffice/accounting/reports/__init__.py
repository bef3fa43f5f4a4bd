"""Accounting's figures for the dashboards."""

from backoffice.accounting.reports.consistency import count_invoices
from backoffice.accounting.reports.statistics import (
    CreditSpan,
    ListedCreditNote,
    OpenBalance,
    OpenInvoice,
    credit_notes,
    filter_credit_notes,
    list_credit_note,
    list_open_invoice,
    open_balance,
    open_invoices,
)

__all__ = [
    "CreditSpan",
    "ListedCreditNote",
    "OpenBalance",
    "OpenInvoice",
    "count_invoices",
    "credit_notes",
    "filter_credit_notes",
    "list_credit_note",
    "list_open_invoice",
    "open_balance",
    "open_invoices",
]
