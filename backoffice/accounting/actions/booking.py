"""Writing a journal entry with its postings."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from backoffice.accounting.models import Account, JournalEntry, Posting, Receivable
from backoffice.accounting.reference import AccountCode
from backoffice.accounting.states import JournalEntryKind
from officeflow.company.queries import office_date
from officeflow.handoff.models import Handoff
from officeflow.money import ZERO


@dataclass(frozen=True)
class EntryLine:
    """A posting before it is written: an account's code with a debit or a credit."""

    account: str
    debit: Decimal = ZERO
    credit: Decimal = ZERO

    @property
    def reversed(self) -> EntryLine:
        """The line that reverses this one."""
        return EntryLine(self.account, debit=self.credit, credit=self.debit)


def debit(account: AccountCode, amount: Decimal) -> EntryLine:
    """Returns a debit of an amount, which is not below 0."""
    return EntryLine(account.value, debit=amount)


def credit(account: AccountCode, amount: Decimal) -> EntryLine:
    """Returns a credit of an amount, which is not below 0."""
    return EntryLine(account.value, credit=amount)


def write_entry(
    *,
    handoff: Handoff,
    receivable: Receivable | None,
    kind: JournalEntryKind,
    document: str,
    at: datetime,
    lines: Iterable[EntryLine],
    currency: str = "",
    reverses: JournalEntry | None = None,
) -> JournalEntry:
    """Writes a hand-off's journal entry without postings of 0.

    `currency` is needed without a receivable. At the commit the database checks that debits equal
    credits, and that only a document of 0 has no postings.
    """
    written = [line for line in lines if line.debit or line.credit]
    accounts = Account.objects.in_bulk([line.account for line in written], field_name="code")
    entry = JournalEntry.objects.create(
        handoff=handoff,
        receivable=receivable,
        booked_date=office_date(at),
        booked_at=at,
        kind=kind,
        document=document,
        currency=currency or (receivable.currency if receivable else ""),
        reverses=reverses,
    )
    Posting.objects.bulk_create(
        [
            Posting(
                entry=entry,
                account=accounts[line.account],
                debit=line.debit,
                credit=line.credit,
            )
            for line in written
        ]
    )
    return entry


def entry_lines(entry: JournalEntry) -> list[EntryLine]:
    """Returns the lines of a written entry in their order."""
    return [
        EntryLine(posting.account.code, debit=posting.debit, credit=posting.credit)
        for posting in entry.postings.select_related("account")
    ]
