"""Writing one journal entry with its postings."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from backoffice.accounting.models import Account, Bill, JournalEntry, Posting
from backoffice.accounting.reference import Ledger
from backoffice.accounting.states import EntryKind
from officeflow.company.queries import office_date
from officeflow.handoff.models import Handoff
from officeflow.money import ZERO


@dataclass(frozen=True)
class Side:
    """One side of an entry before it is written: an account's code with a debit or a credit."""

    account: str
    debit: Decimal = ZERO
    credit: Decimal = ZERO

    @property
    def mirrored(self) -> Side:
        """What takes it back."""
        return Side(self.account, debit=self.credit, credit=self.debit)


def debit(account: Ledger, amount: Decimal) -> Side:
    """A debit of an amount that is not below zero."""
    return Side(account.value, debit=amount)


def credit(account: Ledger, amount: Decimal) -> Side:
    """A credit of an amount that is not below zero."""
    return Side(account.value, credit=amount)


def book(
    *,
    handoff: Handoff,
    bill: Bill | None,
    kind: EntryKind,
    document: str,
    at: datetime,
    sides: Iterable[Side],
    currency: str = "",
    reverses: JournalEntry | None = None,
) -> JournalEntry:
    """Writes the one entry of a money hand-off. Sides of zero are left out.

    What is about no bill names its currency. The database judges at the commit: debits equal
    credits, and only a document of zero has no postings.
    """
    written = [side for side in sides if side.debit or side.credit]
    accounts = Account.objects.in_bulk([side.account for side in written], field_name="code")
    entry = JournalEntry.objects.create(
        handoff=handoff,
        bill=bill,
        booked_date=office_date(at),
        booked_at=at,
        kind=kind,
        document=document,
        currency=currency or (bill.currency if bill else ""),
        reverses=reverses,
    )
    Posting.objects.bulk_create(
        [
            Posting(
                entry=entry,
                account=accounts[side.account],
                debit=side.debit,
                credit=side.credit,
            )
            for side in written
        ]
    )
    return entry


def sides_of(entry: JournalEntry) -> list[Side]:
    """The sides of a written entry, in their order."""
    return [
        Side(posting.account.code, debit=posting.debit, credit=posting.credit)
        for posting in entry.postings.select_related("account")
    ]
