"""Taking a payment and paying a refund."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

import pytest

from frontdesk.orders.actions import NewLine, cancel_order, place_order
from frontdesk.orders.models import Order
from frontdesk.orders.states import BillingState
from frontdesk.payments.actions.payments import pay_refund, take_payment
from frontdesk.payments.models.methods import DefaultMethod
from frontdesk.payments.models.payments import Refund
from officeflow.catalogue.models import Product
from officeflow.errors import Conflict, Refused
from officeflow.handoff.models import Handoff
from officeflow.staff.models import User

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
