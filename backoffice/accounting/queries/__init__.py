"""Queries for documents, the journal, accounts and tax."""

from backoffice.accounting.queries.invoices import (
    DocumentDetails,
    DocumentTab,
    document_details,
    documents,
)
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
    account_currencies,
    accounts,
    ledger,
    ledger_page,
    trial_balance,
)
from backoffice.accounting.queries.tax import TaxOfRate, TaxTotal, tax_of_period, tax_totals

__all__ = [
    "LEDGER_ORDER",
    "AccountLine",
    "DocumentDetails",
    "DocumentTab",
    "JournalFilter",
    "JournalTotal",
    "LedgerLine",
    "LedgerPage",
    "TaxOfRate",
    "TaxTotal",
    "account_currencies",
    "accounts",
    "document_details",
    "documents",
    "journal",
    "journal_totals",
    "ledger",
    "ledger_page",
    "tax_of_period",
    "tax_totals",
    "trial_balance",
]
