"""Every read that accounting's pages and API need."""

from backoffice.accounting.queries.invoices import Document, DocumentTab, document, documents
from backoffice.accounting.queries.journal import (
    JournalFilter,
    JournalTotal,
    journal,
    journal_totals,
)
from backoffice.accounting.queries.ledger import (
    LEDGER_ORDER,
    AccountLine,
    LedgerLine,
    LedgerPage,
    accounts,
    currencies_of,
    ledger,
    ledger_page,
    trial_balance,
)
from backoffice.accounting.queries.tax import TaxOfRate, TaxTotal, tax_of_period, tax_totals

__all__ = [
    "LEDGER_ORDER",
    "AccountLine",
    "Document",
    "DocumentTab",
    "JournalFilter",
    "JournalTotal",
    "LedgerLine",
    "LedgerPage",
    "TaxOfRate",
    "TaxTotal",
    "accounts",
    "currencies_of",
    "document",
    "documents",
    "journal",
    "journal_totals",
    "ledger",
    "ledger_page",
    "tax_of_period",
    "tax_totals",
    "trial_balance",
]
