"""Accounting's figures for the dashboards."""

from __future__ import annotations

import pytest

from backoffice.accounting.models import JournalEntry
from backoffice.accounting.reports import count_invoices
from tests.accounting.conftest import books_balance, deliver
from tests.orders import line, order_cancelled, order_placed, payment_taken, refund_paid

pytestmark = pytest.mark.django_db


def test_every_booked_handoff_has_one_entry() -> None:
    deliver(order_placed("SO-000001"))
    deliver(order_placed("SO-000002", [line("0")]))
    deliver(payment_taken("12.00"))
    deliver(order_cancelled())
    deliver(refund_paid("12.00"))
    assert JournalEntry.objects.count() == 5
    assert books_balance()


def test_invoices_are_counted_by_order_without_credit_notes() -> None:
    deliver(order_placed("SO-000001"))
    deliver(order_cancelled("SO-000001"))
    deliver(order_placed("SO-000002"))
    assert count_invoices(["SO-000001", "SO-000003"]) == {"SO-000001": 1}
