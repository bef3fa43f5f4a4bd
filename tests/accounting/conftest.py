"""Accounting alone: what the desk says is posted to it, and what it says to the desk is read."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from django.db.models import Sum

from backoffice.accounting.models import JournalEntry, Posting
from backoffice.accounting.reference import Ledger
from officeflow.company.models import Office
from officeflow.handoff.contracts import Contract
from officeflow.handoff.models import Destination, Handoff
from tests import orders


@pytest.fixture(autouse=True)
def _office(office: Office) -> None:
    """The books need an office that issues them."""


def tell(contract: Contract) -> Handoff:
    """Accounting hears it and books it."""
    return orders.deliver(contract, Destination.ACCOUNTING)


def try_to_tell(contract: Contract) -> Handoff:
    """Accounting hears it and may refuse."""
    return orders.send(contract, Destination.ACCOUNTING)


def told_the_desk(contract: str, subject: str = "SO-000001") -> list[dict[str, Any]]:
    """The payloads of one contract that accounting posted to the desk, oldest first."""
    return list(
        Handoff.objects.filter(
            destination=Destination.FRONTDESK, subject=subject, contract=contract
        )
        .order_by("sequence")
        .values_list("payload", flat=True)
    )


def balance_of(account: Ledger) -> Decimal:
    """Debits less credits of an account."""
    sums = Posting.objects.filter(account__code=account).aggregate(d=Sum("debit"), c=Sum("credit"))
    return (sums["d"] or Decimal(0)) - (sums["c"] or Decimal(0))


def sides(entry: JournalEntry) -> list[tuple[str, Decimal, Decimal]]:
    """An entry's postings as (account, debit, credit)."""
    return [(p.account.name, p.debit, p.credit) for p in entry.postings.select_related("account")]
