"""Booking payments and refunds."""

from __future__ import annotations

from decimal import Decimal as D

import pytest
from django.db import connection

from backoffice.accounting.models import JournalEntry, MoneyMovement, Receivable, ReceivablePeriod
from backoffice.accounting.reference import AccountCode
from backoffice.accounting.states import ReceivableState
from officeflow.handoff.models import HandoffState
from tests.accounting.conftest import balance_of, deliver, posted_to_desk, postings_of, send
from tests.orders import order_cancelled, order_placed, payment_taken, refund_paid

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("method", "account"), [("cash", "Cash"), ("card", "Card clearing"), ("transfer", "Bank")]
)
def test_a_payment_is_booked_on_the_account_of_its_method(method: str, account: str) -> None:
    deliver(order_placed())
    deliver(payment_taken("12.00", method=method))
    assert postings_of(JournalEntry.objects.get(document="PY-000001")) == [
        (account, D("12.00"), D(0)),
        ("Accounts receivable", D(0), D("12.00")),
    ]
    connection.check_constraints()


def test_payments_move_an_order_to_part_paid_and_paid() -> None:
    deliver(order_placed())
    deliver(payment_taken("5.00", "PY-000001"))
    deliver(payment_taken("7.00", "PY-000002"))
    assert [each["state"] for each in posted_to_desk("BillingProgressed")] == [
        ReceivableState.INVOICED,
        ReceivableState.PART_PAID,
        ReceivableState.PAID,
    ]
    assert Receivable.objects.get().balance == 0
    assert balance_of(AccountCode.RECEIVABLE) == 0


def test_each_state_has_its_period() -> None:
    deliver(order_placed())
    deliver(payment_taken("5.00", "PY-000001"))
    deliver(payment_taken("1.00", "PY-000002"))
    first, second = ReceivablePeriod.objects.order_by("started_at")
    assert (first.state, second.state) == (ReceivableState.INVOICED, ReceivableState.PART_PAID)
    assert first.ended_at == second.started_at
    assert second.ended_at is None


def test_an_overpayment_is_the_customers_credit_balance() -> None:
    deliver(order_placed())
    deliver(payment_taken("20.00"))
    receivable = Receivable.objects.get()
    assert receivable.state == ReceivableState.PAID
    assert receivable.credit_balance == D("8.00")
    assert balance_of(AccountCode.RECEIVABLE) == D("-8.00")


def test_a_payment_for_a_cancelled_order_is_booked_and_refunded() -> None:
    deliver(order_placed())
    deliver(order_cancelled())
    deliver(payment_taken("12.00"))
    assert Receivable.objects.get().state == ReceivableState.CREDITED
    assert postings_of(JournalEntry.objects.get(document="PY-000001")) == [
        ("Cash", D("12.00"), D(0)),
        ("Customer refunds payable", D(0), D("12.00")),
    ]
    (due,) = posted_to_desk("RefundDue")
    assert D(due["amount"]) == D("12.00")
    assert due["credit_note_number"].startswith("CN-")


def test_a_refund_reduces_the_promised_refunds() -> None:
    deliver(order_placed())
    deliver(payment_taken("12.00"))
    deliver(order_cancelled())
    deliver(refund_paid("12.00", method="card"))
    assert postings_of(JournalEntry.objects.get(document="PY-000009")) == [
        ("Customer refunds payable", D("12.00"), D(0)),
        ("Card clearing", D(0), D("12.00")),
    ]
    receivable = Receivable.objects.get()
    assert (receivable.refunded, receivable.refund_promised, receivable.balance) == (
        D("12.00"),
        D(0),
        D(0),
    )
    connection.check_constraints()


@pytest.mark.parametrize(
    ("contract", "why"),
    [
        (payment_taken("12.00", currency="EUR"), "for a receivable in GBP"),
        (payment_taken("12.00", method="barter"), "no account for money by"),
        (payment_taken("0"), "an amount of"),
        (payment_taken("12.00", order="SO-000404"), "has no receivable"),
        (refund_paid("1.00"), "was due"),
    ],
)
def test_a_payment_that_cannot_be_booked_is_dead_with_its_error(contract, why: str) -> None:
    deliver(order_placed())
    handoff = send(contract)
    assert handoff.state == HandoffState.DEAD
    assert why in handoff.last_error
    assert not MoneyMovement.objects.exists()
    assert JournalEntry.objects.count() == 1
