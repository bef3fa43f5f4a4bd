"""The pages of accounting."""

from backoffice.accounting.views.books import account, accounts, entry, journal, tax
from backoffice.accounting.views.documents import invoice, invoice_pdf, invoices

__all__ = [
    "account",
    "accounts",
    "entry",
    "invoice",
    "invoice_pdf",
    "invoices",
    "journal",
    "tax",
]
