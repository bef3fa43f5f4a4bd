"""The accounts: the trial balance of a day, and what was booked on one of them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Q, QuerySet, Sum

from backoffice.accounting.models import Account, AccountKind, JournalEntry, Posting
from officeflow.money import ZERO

LEDGER_ORDER = ("booked_date", "id")
# A credit makes these larger.
CREDIT_KINDS = (AccountKind.LIABILITY, AccountKind.EQUITY, AccountKind.INCOME)


@dataclass(frozen=True, kw_only=True)
class AccountLine:
    """One account of the trial balance in one currency."""

    account: Account
    currency: str
    debit: Decimal
    credit: Decimal

    @property
    def debit_balance(self) -> Decimal | None:
        """The balance where debits prevail, else None."""
        return self.debit - self.credit if self.debit > self.credit else None

    @property
    def credit_balance(self) -> Decimal | None:
        """The balance where credits prevail, else None."""
        return self.credit - self.debit if self.credit > self.debit else None


def trial_balance(at: date | None = None) -> list[AccountLine]:
    """Every account with its debits, credits and balance, by currency, at the end of a day."""
    postings = Posting.objects.all()
    if at is not None:
        postings = postings.filter(entry__booked_date__lte=at)
    sums = (
        postings.values("account__code", "account__name", "account__kind", "entry__currency")
        .annotate(debits=Sum("debit"), credits=Sum("credit"))
        .order_by("entry__currency", "account__code")
    )
    return [
        AccountLine(
            account=Account(
                code=row["account__code"], name=row["account__name"], kind=row["account__kind"]
            ),
            currency=row["entry__currency"],
            debit=row["debits"],
            credit=row["credits"],
        )
        for row in sums
    ]


def accounts() -> QuerySet[Account]:
    """The chart of accounts."""
    return Account.objects.all()


def currencies_of(account: Account) -> list[str]:
    """The currencies in which something was booked on an account."""
    rows = account.postings.order_by().values_list("entry__currency", flat=True).distinct()
    return sorted(rows)


def ledger(
    account: Account, currency: str, since: date | None = None, until: date | None = None
) -> QuerySet[JournalEntry]:
    """Entries that touch an account, each with its `debits` and `credits` there, by day."""
    entries = JournalEntry.objects.filter(postings__account=account, currency=currency)
    if since:
        entries = entries.filter(booked_date__gte=since)
    if until:
        entries = entries.filter(booked_date__lte=until)
    return (
        entries.annotate(debits=Sum("postings__debit"), credits=Sum("postings__credit"))
        .select_related("receivable")
        .order_by(*LEDGER_ORDER)
    )


@dataclass(frozen=True, kw_only=True)
class LedgerLine:
    """One entry on the page of an account, and the account's balance after it."""

    entry: JournalEntry
    debit: Decimal
    credit: Decimal
    balance: Decimal


@dataclass(frozen=True, kw_only=True)
class LedgerPage:
    """Some entries of an account in a row, with the balances before and after them.

    A balance counts up the way the account grows: by debits where it is an asset or an expense,
    else by credits.
    """

    lines: list[LedgerLine]
    opening: Decimal
    closing: Decimal


def ledger_page(account: Account, currency: str, entries: Iterable[Any]) -> LedgerPage:
    """The entries of one page of `ledger`, with running balances: one query more."""
    rows = list(entries)
    opening = _balance_before(account, currency, rows[0]) if rows else ZERO
    balance, lines = opening, []
    for entry in rows:
        balance += _grown(account, entry.debits, entry.credits)
        lines.append(
            LedgerLine(entry=entry, debit=entry.debits, credit=entry.credits, balance=balance)
        )
    return LedgerPage(lines=lines, opening=opening, closing=balance)


def _balance_before(account: Account, currency: str, entry: JournalEntry) -> Decimal:
    earlier = Q(entry__booked_date__lt=entry.booked_date) | Q(
        entry__booked_date=entry.booked_date, entry_id__lt=entry.pk
    )
    sums = account.postings.filter(earlier, entry__currency=currency).aggregate(
        debits=Sum("debit"), credits=Sum("credit")
    )
    return _grown(account, sums["debits"] or ZERO, sums["credits"] or ZERO)


def _grown(account: Account, debited: Decimal, credited: Decimal) -> Decimal:
    grown = debited - credited
    return -grown if account.kind in CREDIT_KINDS else grown
