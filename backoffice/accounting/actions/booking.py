"""Writing a journal entry with its postings."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from backoffice.accounting.models import Account, JournalEntry, Posting, Receivable
from backoffice.accounting.reference import AccountCode
from backoffice.accounting.states import JournalEntryKind
from officeflow.company.queries import get_office, office_date
from officeflow.handoff.models import Handoff
from officeflow.money import ZERO
from officeflow.postgres.inserts import insert


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


@dataclass(frozen=True, kw_only=True)
class NewEntry:
    """A journal entry before it is written; `currency` is needed without a receivable.

    Postings of 0 are not written.
    """

    handoff: Handoff
    receivable: Receivable | None
    kind: JournalEntryKind
    document: str
    at: datetime
    lines: Sequence[EntryLine]
    currency: str = ""
    reverses: JournalEntry | None = None


def write_entry(new: NewEntry) -> JournalEntry:
    """Writes one entry as `write_entries` does."""
    return write_entries([new])[0]


def write_entries(entries: Sequence[NewEntry]) -> list[JournalEntry]:
    """Writes the journal entries of hand-offs and returns them in the given order.

    At the commit the database checks that debits equal credits, and that only a document of 0 has
    no postings.
    """
    office = get_office()
    written = [
        JournalEntry(
            handoff=new.handoff,
            receivable=new.receivable,
            booked_date=office_date(new.at, office),
            booked_at=new.at,
            kind=new.kind,
            document=new.document,
            currency=new.currency or (new.receivable.currency if new.receivable else ""),
            reverses=new.reverses,
        )
        for new in entries
    ]
    insert(written)
    accounts = Account.objects.in_bulk(
        {line.account for new in entries for line in new.lines}, field_name="code"
    )
    insert(
        Posting(entry=entry, account=accounts[line.account], debit=line.debit, credit=line.credit)
        for entry, new in zip(written, entries, strict=True)
        for line in new.lines
        if line.debit or line.credit
    )
    return written


def entry_lines(entry: JournalEntry) -> list[EntryLine]:
    """Returns the lines of a written entry in their order."""
    return [
        EntryLine(posting.account.code, debit=posting.debit, credit=posting.credit)
        for posting in entry.postings.select_related("account")
    ]
