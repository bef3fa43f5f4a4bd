"""Accounting's figures for the gallery."""

from backoffice.accounting.reports.credits import (
    CreditSpan,
    ListedCredit,
    OpenBalance,
    credit_notes,
    credits_asked,
    listed_credit,
    open_balance,
)
from backoffice.accounting.reports.standing import (
    books_balance,
    count_invoices,
    handoffs_without_entry,
    invoices_of,
    numbers_without_gaps,
)

__all__ = [
    "CreditSpan",
    "ListedCredit",
    "OpenBalance",
    "books_balance",
    "count_invoices",
    "credit_notes",
    "credits_asked",
    "handoffs_without_entry",
    "invoices_of",
    "listed_credit",
    "numbers_without_gaps",
    "open_balance",
]
