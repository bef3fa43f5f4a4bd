"""The books: accounts, bills, documents, and a journal that always balances."""

from backoffice.accounting.models.accounts import Account, AccountKind, NumberSeries
from backoffice.accounting.models.documents import DocumentPaper, Invoice, InvoiceLine
from backoffice.accounting.models.journal import JournalEntry, Posting
from backoffice.accounting.models.receivables import Bill, BillPeriod, MoneyKind, MoneyMovement

__all__ = [
    "Account",
    "AccountKind",
    "Bill",
    "BillPeriod",
    "DocumentPaper",
    "Invoice",
    "InvoiceLine",
    "JournalEntry",
    "MoneyKind",
    "MoneyMovement",
    "NumberSeries",
    "Posting",
]
