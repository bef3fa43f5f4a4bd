"""Taking a payment and paying a refund."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from frontdesk.orders.actions.cancel import cancel_order
from frontdesk.orders.actions.place import place_order
from frontdesk.orders.actions.pricing import NewLine
from frontdesk.orders.models import Order
from frontdesk.orders.states import BillingState
from frontdesk.payments.actions.payments import pay_refund, take_payment
from frontdesk.payments.cash import NOTES, likely_cash
from frontdesk.payments.models.methods import DefaultMethod
from frontdesk.payments.models.payments import Payment, Refund
from officeflow.catalogue.models import Product
from officeflow.errors import Conflict, Refused
from officeflow.handoff.models import Handoff
from officeflow.money import quantise
from officeflow.staff.models import User
from tests.factories import make_office, make_product
from tests.people import employ

pytestmark = pytest.mark.django_db


@pytest.fixture
def order(rita: User, mug: Product) -> Order:
    """Two mugs for 24.00."""
    return place_order(actor=rita, customer=None, lines=[NewLine(product=mug, quantity=Decimal(2))])


def test_a_part_payment_leaves_the_rest_open(
    rita: User, order: Order, drain: Callable[[], int]
) -> None:
    payment = take_payment(actor=rita, order=order, amount=Decimal("10"), method=DefaultMethod.CASH)
    assert payment.number.startswith("PY-")
    drain()
    order.refresh_from_db()
    assert order.paid == Decimal("10")
    assert order.billing_state == BillingState.PART_PAID


def test_a_full_payment_is_mirrored_as_paid(
    rita: User, order: Order, drain: Callable[[], int]
) -> None:
    take_payment(actor=rita, order=order, amount=Decimal("10"), method=DefaultMethod.CASH)
    take_payment(actor=rita, order=order, amount=Decimal("14"), method=DefaultMethod.CARD)
    drain()
    order.refresh_from_db()
    assert order.billing_state == BillingState.PAID


@pytest.mark.parametrize("amount", ["0", "-5", "24.01", "1.005", "NaN", "Infinity"])
def test_an_invalid_payment_is_refused(rita: User, order: Order, amount: str) -> None:
    before = Handoff.objects.count()
    with pytest.raises(Refused) as refused:
        take_payment(actor=rita, order=order, amount=Decimal(amount), method=DefaultMethod.CASH)
    assert refused.value.field == "amount"
    assert Handoff.objects.count() == before


def test_a_paid_order_takes_no_more(rita: User, order: Order) -> None:
    take_payment(actor=rita, order=order, amount=Decimal("24"), method=DefaultMethod.CASH)
    with pytest.raises(Conflict):
        take_payment(actor=rita, order=order, amount=Decimal("1"), method=DefaultMethod.CASH)


def test_a_cancelled_order_takes_no_payment(rita: User, order: Order) -> None:
    cancel_order(actor=rita, order=order, reason="Changed her mind")
    with pytest.raises(Conflict):
        take_payment(actor=rita, order=order, amount=Decimal("1"), method=DefaultMethod.CASH)


def test_money_taken_becomes_a_refund_due_when_the_order_is_cancelled(
    rita: User, order: Order, drain: Callable[[], int]
) -> None:
    take_payment(actor=rita, order=order, amount=Decimal("10"), method=DefaultMethod.CASH)
    cancel_order(actor=rita, order=order, reason="Changed her mind")
    drain()
    refund = Refund.objects.get(order=order)
    assert refund.amount == Decimal("10")
    assert refund.paid_at is None


def test_a_refund_is_paid_once(
    rita: User, ravi: User, order: Order, drain: Callable[[], int]
) -> None:
    take_payment(actor=rita, order=order, amount=Decimal("10"), method=DefaultMethod.CASH)
    cancel_order(actor=rita, order=order, reason="Changed her mind")
    drain()
    refund = Refund.objects.get(order=order)
    pay_refund(actor=rita, refund=refund, method=DefaultMethod.CASH)
    with pytest.raises(Conflict, match="Rita"):
        pay_refund(actor=ravi, refund=refund, method=DefaultMethod.CASH)
    drain()
    order.refresh_from_db()
    assert order.paid == 0
    assert order.billing_state == BillingState.CREDITED


@pytest.mark.parametrize(
    ("method", "given"),
    [("card", "30"), ("cash", "23.99"), ("cash", "24.001"), ("cash", "NaN"), ("cash", "1e30")],
)
def test_cash_that_cannot_have_been_given_is_refused(
    rita: User, order: Order, method: str, given: str
) -> None:
    with pytest.raises(Refused) as refused:
        take_payment(
            actor=rita, order=order, amount=Decimal(24), method=method, cash_given=Decimal(given)
        )
    assert refused.value.field == "cash_given"


@pytest.mark.parametrize(
    "values",
    [
        {"cash_given": 30},
        {"change_given": 6},
        {"cash_given": 30, "change_given": 5},
        {"cash_given": 20, "change_given": -4},
    ],
)
def test_the_database_refuses_change_that_does_not_add_up(
    rita: User, order: Order, values: dict[str, int]
) -> None:
    payment = take_payment(actor=rita, order=order, amount=Decimal(24), method="cash")
    with pytest.raises(IntegrityError), transaction.atomic():
        Payment.objects.filter(pk=payment.pk).update(**values)


class Change(TestCase):
    """Whatever a customer gives, the till gains the amount of the payment."""

    @settings(deadline=None, max_examples=25)
    @given(st.decimals("0.01", "24.00", places=2), st.decimals("0", "9999999.99", places=2))
    def test_cash_given_less_change_is_the_amount(self, amount: Decimal, more: Decimal) -> None:
        make_office()
        rita = employ("rita")
        mug = make_product("MUG", "Blue mug", "24.00")
        order = place_order(
            actor=rita, customer=None, lines=[NewLine(product=mug, quantity=Decimal(1))]
        )
        payment = take_payment(
            actor=rita, order=order, amount=amount, method="cash", cash_given=amount + more
        )
        payment.refresh_from_db()
        assert payment.cash_given - payment.change_given == payment.amount
        assert payment.change_given == more


@given(st.decimals("0.01", "100000", places=2), st.sampled_from(sorted(NOTES)))
def test_likely_cash_begins_with_the_exact_amount_and_rises(amount: Decimal, currency: str) -> None:
    found = likely_cash(amount, currency)
    assert found[0] == quantise(amount, currency)
    assert found == sorted(set(found))


def test_notes_above_the_amount_are_likely() -> None:
    assert likely_cash(Decimal("12.30"), "GBP") == [
        Decimal(each) for each in ("12.30", "15.00", "20.00", "50.00")
    ]
    assert likely_cash(Decimal("1780"), "JPY") == [1780, 2000, 5000, 10000]
    # Currencies without a table of notes: round amounts by powers of ten.
    assert likely_cash(Decimal("5"), "XAF") == [5, 6, 10, 20, 50]
    assert likely_cash(Decimal("4.250"), "KWD") == [Decimal("4.250"), 5, 6, 10, 20]
    assert likely_cash(Decimal("24"), "BAM") == [24, 25, 30, 40, 50]
    assert likely_cash(Decimal("987"), "BAM") == [987, 990, 1000, 2000, 5000]
    assert likely_cash(Decimal("1234500"), "IRR") == [1234500, 1300000, 1400000, 1500000, 2000000]
