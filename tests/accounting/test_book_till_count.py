"""Booking the differences of till counts and their corrections."""

from __future__ import annotations

from datetime import date
from decimal import Decimal as D

import pytest
from django.db import connection

from backoffice.accounting.models import JournalEntry
from backoffice.accounting.reference import AccountCode
from officeflow.handoff.contracts import TillCounted
from officeflow.handoff.models import Destination
from tests.accounting.conftest import balance_of
from tests.orders import WHEN, deliver

pytestmark = pytest.mark.django_db


def counted(difference: str, number: str = "TC-000001", **values: object) -> None:
    contract = TillCounted(
        count_number=number,
        site_code="MAIN",
        day=date(2026, 3, 2),
        currency="GBP",
        difference=D(difference),
        counted_at=WHEN,
        counted_by_name="Rita Receptionist",
        **values,  # type: ignore[arg-type]
    )
    deliver(contract, Destination.ACCOUNTING, subject="MAIN 2026-03-02")
    connection.check_constraints()


def test_missing_money_is_credited_to_cash() -> None:
    counted("-3.00")
    assert balance_of(AccountCode.CASH) == D("-3.00")
    assert balance_of(AccountCode.CASH_DIFFERENCES) == D("3.00")
    assert JournalEntry.objects.get().receivable is None


def test_a_surplus_is_debited_to_cash() -> None:
    counted("1.50")
    assert balance_of(AccountCode.CASH) == D("1.50")


def test_a_count_without_a_difference_books_nothing() -> None:
    counted("0")
    assert not JournalEntry.objects.exists()


def test_a_correction_reverses_the_entry_of_the_wrong_count() -> None:
    counted("-3.00")
    counted("1.00", "TC-000002", corrects_number="TC-000001", corrected_difference=D("-3.00"))
    assert balance_of(AccountCode.CASH) == D("1.00")
    assert JournalEntry.objects.get(document="TC-000002").reverses.document == "TC-000001"
    counted("0", "TC-000003", corrects_number="TC-000002", corrected_difference=D("1.00"))
    assert balance_of(AccountCode.CASH) == 0
