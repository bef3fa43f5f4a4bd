"""Handing goods over at the counter."""

from __future__ import annotations

from decimal import Decimal

import pytest

from frontdesk.orders.actions.cancel import cancel_order
from frontdesk.orders.actions.hand_over import hand_over_order
from frontdesk.orders.actions.place import place_order
from frontdesk.orders.actions.pricing import NewLine
from frontdesk.orders.models import Delivery, Order
from frontdesk.orders.states import FulfilmentState, OrderState
from officeflow.catalogue.models import Product
from officeflow.errors import Conflict
from officeflow.handoff.models import Handoff
from officeflow.staff.models import User

pytestmark = pytest.mark.django_db


@pytest.fixture
def ready(rita: User, mug: Product) -> Order:
    """An order whose goods are ready for pick-up."""
    order = place_order(
        actor=rita, customer=None, lines=[NewLine(product=mug, quantity=Decimal(1))]
    )
    Order.objects.filter(pk=order.pk).update(fulfilment_state=FulfilmentState.READY)
    return order


def test_handing_over_completes_the_order_and_is_posted_to_fulfilment(
    rita: User, ready: Order
) -> None:
    order = hand_over_order(actor=rita, order=ready)
    assert order.state == OrderState.COMPLETED
    assert order.fulfilment_state == FulfilmentState.HANDED_OVER
    assert Handoff.objects.get(contract="GoodsHandedOver").destination == "fulfilment"


def test_goods_that_are_not_ready_are_not_handed_over(rita: User, mug: Product) -> None:
    order = place_order(
        actor=rita, customer=None, lines=[NewLine(product=mug, quantity=Decimal(1))]
    )
    with pytest.raises(Conflict, match="not ready"):
        hand_over_order(actor=rita, order=order)


def test_a_delivery_is_not_handed_over(rita: User, ready: Order) -> None:
    Order.objects.filter(pk=ready.pk).update(
        delivery=Delivery.DELIVERY, delivery_address="1 High Street"
    )
    with pytest.raises(Conflict, match="for delivery"):
        hand_over_order(actor=rita, order=ready)


def test_goods_are_handed_over_once(rita: User, ready: Order) -> None:
    hand_over_order(actor=rita, order=ready)
    with pytest.raises(Conflict, match="already completed"):
        hand_over_order(actor=rita, order=ready)


def test_a_handed_over_order_cannot_be_cancelled(rita: User, ready: Order) -> None:
    hand_over_order(actor=rita, order=ready)
    with pytest.raises(Conflict, match="the goods have left"):
        cancel_order(actor=rita, order=ready, reason="Too late")


def test_a_cancelled_order_cannot_be_handed_over(rita: User, ready: Order) -> None:
    cancel_order(actor=rita, order=ready, reason="Changed her mind")
    with pytest.raises(Conflict, match="cancelled"):
        hand_over_order(actor=rita, order=ready)
