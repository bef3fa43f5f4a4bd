"""Queries for documents, the journal, accounts and tax."""

from backoffice.accounting.queries.invoices import (
    DocumentDetails,
    DocumentTab,
    billed_order,
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
    BalanceTotal,
    LedgerLine,
    LedgerPage,
    account_currencies,
    accounts,
    balance_totals,
    ledger,
    ledger_lines,
    ledger_page,
    trial_balance,
)
from backoffice.accounting.queries.tax import (
    TaxOfRate,
    TaxTotal,
    tax_by_rate,
    tax_of_period,
    tax_totals,
)

__all__ = [
    "LEDGER_ORDER",
    "AccountLine",
    "BalanceTotal",
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
    "balance_totals",
    "billed_order",
    "document_details",
    "documents",
    "journal",
    "journal_totals",
    "ledger",
    "ledger_lines",
    "ledger_page",
    "tax_by_rate",
    "tax_of_period",
    "tax_totals",
    "trial_balance",
]
