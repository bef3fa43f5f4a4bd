"""Accounts, the trial balance of a day, and the entries of one account."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet, Subquery, Sum

from backoffice.accounting.models import Account, AccountKind, JournalEntry, Posting
from backoffice.accounting.rollups import POSTINGS
from officeflow import limits
from officeflow.company.queries import find_office
from officeflow.money import ZERO
from officeflow.rollups.reading import BEGINNING, END, read

LEDGER_ORDER = ("booked_date", "id")
# Accounts whose balance is credits less debits.
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
        """The balance if debits are higher, else None."""
        return self.debit - self.credit if self.debit > self.credit else None

    @property
    def credit_balance(self) -> Decimal | None:
        """The balance if credits are higher, else None."""
        return self.credit - self.debit if self.credit > self.debit else None


def trial_balance(at: date | None = None) -> list[AccountLine]:
    """Returns debits and credits by account and currency at the end of a day, or now."""
    by_id = {account.pk: account for account in Account.objects.all()}
    lines = [
        AccountLine(account=by_id[pk], currency=currency, debit=debit, credit=credit)
        for (pk, currency), (debit, credit) in _sums(until=at).items()
    ]
    return sorted(lines, key=lambda line: (line.currency, line.account.code))


def _sums(
    account: Account | None = None, until: date | None = None
) -> dict[tuple[int, str], tuple[Decimal, Decimal]]:
    """Returns debits and credits by account and currency, booked on `until` or before."""
    office = find_office()
    if office is None:
        return {}
    conditions, values = ["true"], []
    if account is not None:
        conditions.append("key[1] = %s")
        values.append(str(account.pk))
    end = END
    if until is not None:
        conditions.append("key[3] <= %s")
        values.append(until.isoformat())
        # An entry's day is that of its time in some zone.
        end = datetime.combine(limits.within(until) + timedelta(days=2), time(), tzinfo=UTC)
    found = read(POSTINGS, office, [BEGINNING, end], (" AND ".join(conditions), values))
    sums: dict[tuple[int, str], tuple[Decimal, Decimal]] = {}
    for (_span, (pk, currency, _day)), (debit, credit) in found.of("accounts").items():
        debits, credited = sums.get((int(pk), currency), (ZERO, ZERO))
        sums[int(pk), currency] = (debits + debit, credited + credit)
    return sums


@dataclass(frozen=True, kw_only=True)
class BalanceTotal:
    """The sums of the trial balance's columns in one currency."""

    currency: str
    debit: Decimal
    credit: Decimal
    debit_balance: Decimal
    credit_balance: Decimal

    @property
    def balanced(self) -> bool:
        """Whether debits equal credits."""
        return self.debit == self.credit


def balance_totals(lines: Iterable[AccountLine]) -> list[BalanceTotal]:
    """Returns the sums of a trial balance by currency."""
    by_currency: dict[str, list[AccountLine]] = {}
    for line in lines:
        by_currency.setdefault(line.currency, []).append(line)
    return [
        BalanceTotal(
            currency=currency,
            debit=sum((line.debit for line in same), ZERO),
            credit=sum((line.credit for line in same), ZERO),
            debit_balance=sum((line.debit_balance or ZERO for line in same), ZERO),
            credit_balance=sum((line.credit_balance or ZERO for line in same), ZERO),
        )
        for currency, same in by_currency.items()
    ]


def accounts() -> QuerySet[Account]:
    """Returns all accounts."""
    return Account.objects.all()


def account_currencies(account: Account) -> list[str]:
    """Returns the currencies of an account's postings."""
    return sorted(currency for _pk, currency in _sums(account))


def ledger(
    account: Account, currency: str, since: date | None = None, until: date | None = None
) -> QuerySet[JournalEntry]:
    """Returns an account's entries by day, with their `debits` and `credits` on the account."""
    own = Posting.objects.filter(entry=OuterRef("pk"), account=account)
    entries = JournalEntry.objects.filter(Exists(own), currency=currency)
    if since:
        entries = entries.filter(booked_date__gte=since)
    if until:
        entries = entries.filter(booked_date__lte=until)
    sums = own.order_by().values("entry")
    return (
        entries.annotate(
            debits=Subquery(sums.values(sum=Sum("debit"))),
            credits=Subquery(sums.values(sum=Sum("credit"))),
        )
        .select_related("receivable")
        .order_by(*LEDGER_ORDER)
    )


@dataclass(frozen=True, kw_only=True)
class LedgerLine:
    """An entry on an account's page, with the account's balance after it."""

    entry: JournalEntry
    debit: Decimal
    credit: Decimal
    balance: Decimal


@dataclass(frozen=True, kw_only=True)
class LedgerPage:
    """Consecutive entries of an account, with the balances before and after them.

    The balance of an asset or expense account is debits less credits, of others the opposite.
    """

    lines: list[LedgerLine]
    opening: Decimal
    closing: Decimal


def ledger_page(account: Account, currency: str, entries: Iterable[Any]) -> LedgerPage:
    """Returns a page of `ledger` entries with running balances, in one query."""
    lines = list(ledger_lines(account, currency, entries))
    if not lines:
        return LedgerPage(lines=[], opening=ZERO, closing=ZERO)
    first = lines[0]
    opening = first.balance - _signed_balance(account, first.debit, first.credit)
    return LedgerPage(lines=lines, opening=opening, closing=lines[-1].balance)


def ledger_lines(account: Account, currency: str, entries: Iterable[Any]) -> Iterator[LedgerLine]:
    """Yields consecutive `ledger` entries with the balance after each, in one query."""
    balance: Decimal | None = None
    for entry in entries:
        if balance is None:
            balance = _balance_before(account, currency, entry)
        balance += _signed_balance(account, entry.debits, entry.credits)
        yield LedgerLine(entry=entry, debit=entry.debits, credit=entry.credits, balance=balance)


def _balance_before(account: Account, currency: str, entry: JournalEntry) -> Decimal:
    before = _sums(account, entry.booked_date - timedelta(days=1))
    debited, credited = before.get((account.pk, currency), (ZERO, ZERO))
    # Of the entry's own day, those before it.
    sums = account.postings.filter(
        entry__booked_date=entry.booked_date, entry_id__lt=entry.pk, entry__currency=currency
    ).aggregate(debits=Sum("debit", default=ZERO), credits=Sum("credit", default=ZERO))
    return _signed_balance(account, debited + sums["debits"], credited + sums["credits"])


def _signed_balance(account: Account, debited: Decimal, credited: Decimal) -> Decimal:
    grown = debited - credited
    return -grown if account.kind in CREDIT_KINDS else grown
