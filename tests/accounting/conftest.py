"""Helpers that apply contracts in accounting and read its reports to the desk."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.db.models import Sum

from backoffice.accounting.models import JournalEntry, Posting
from backoffice.accounting.reference import AccountCode
from officeflow.company.models import Office
from officeflow.handoff.contracts import Contract
from officeflow.handoff.models import Destination, Handoff
from tests import orders


@pytest.fixture(autouse=True)
def _office(office: Office) -> None:
    """An office exists in every test."""


def deliver(contract: Contract) -> Handoff:
    """Applies a contract in accounting."""
    return orders.deliver(contract, Destination.ACCOUNTING)


def send(contract: Contract) -> Handoff:
    """Sends a contract to accounting, which may refuse it."""
    return orders.send(contract, Destination.ACCOUNTING)


def posted_to_desk(contract: str, subject: str = "SO-000001") -> list[dict[str, Any]]:
    """Returns the payloads of a contract that accounting posted to the desk, oldest first."""
    return list(
        Handoff.objects.filter(
            destination=Destination.FRONTDESK, subject=subject, contract=contract
        )
        .order_by("sequence")
        .values_list("payload", flat=True)
    )


def balance_of(account: AccountCode) -> Decimal:
    """Returns an account's debits less credits."""
    sums = Posting.objects.filter(account__code=account).aggregate(d=Sum("debit"), c=Sum("credit"))
    return (sums["d"] or Decimal(0)) - (sums["c"] or Decimal(0))


def postings_of(entry: JournalEntry) -> list[tuple[str, Decimal, Decimal]]:
    """Returns an entry's postings as (account, debit, credit)."""
    return [(p.account.name, p.debit, p.credit) for p in entry.postings.select_related("account")]


def books_balance() -> bool:
    """Returns whether every journal entry balances."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT NOT EXISTS (
                SELECT FROM accounting_posting
                GROUP BY entry_id HAVING sum(debit) <> sum(credit)
            )
            """
        )
        (balanced,) = cursor.fetchone()
    return bool(balanced)


def numbers_without_gaps() -> bool:
    """Returns whether each series has all numbers from 1 to its last."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT NOT EXISTS (
                SELECT FROM accounting_numberseries s
                LEFT JOIN accounting_invoice i ON i.series_id = s.id
                GROUP BY s.id, s.last
                HAVING count(i.id) <> s.last OR coalesce(max(i.serial), 0) <> s.last
            )
            """
        )
        (without,) = cursor.fetchone()
    return bool(without)
