"""The models of accounts, receivables, documents and the journal."""

from backoffice.accounting.models.accounts import Account, AccountKind, NumberSeries
from backoffice.accounting.models.documents import DocumentFile, Invoice, InvoiceLine
from backoffice.accounting.models.journal import JournalEntry, Posting
from backoffice.accounting.models.receivables import (
    MethodCorrection,
    MoneyKind,
    MoneyMovement,
    Receivable,
    ReceivablePeriod,
)

__all__ = [
    "Account",
    "AccountKind",
    "DocumentFile",
    "Invoice",
    "InvoiceLine",
    "JournalEntry",
    "MethodCorrection",
    "MoneyKind",
    "MoneyMovement",
    "NumberSeries",
    "Posting",
    "Receivable",
    "ReceivablePeriod",
]
