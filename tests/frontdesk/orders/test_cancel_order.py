"""Cancelling orders."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.utils import timezone

from frontdesk.orders.actions.cancel import cancel_order
from frontdesk.orders.actions.place import place_order
from frontdesk.orders.actions.pricing import NewLine
from frontdesk.orders.models import Order
from frontdesk.orders.states import FulfilmentState, OrderState
from frontdesk.questions.models import DeskQuestion
from officeflow.catalogue.models import Product
from officeflow.errors import Conflict, Refused
from officeflow.handoff.models import Handoff
from officeflow.staff.models import User

pytestmark = pytest.mark.django_db


@pytest.fixture
def order(rita: User, mug: Product) -> Order:
    return place_order(actor=rita, customer=None, lines=[NewLine(product=mug, quantity=Decimal(1))])


def test_a_cancellation_goes_to_all_departments_of_the_order(rita: User, order: Order) -> None:
    cancel_order(actor=rita, order=order, reason="Changed her mind")
    order.refresh_from_db()
    assert order.state == OrderState.CANCELLED
    rows = Handoff.objects.filter(contract="OrderCancelled").values_list("destination", "sequence")
    assert sorted(rows) == [("accounting", 2), ("fulfilment", 2), ("hr", 2)]
    states = order.periods.order_by("started_at").values_list("state", "ended_at")
    assert [state for state, _ in states] == ["placed", "cancelled"]
    assert states[0][1] is not None


def test_a_reason_is_required(rita: User, order: Order) -> None:
    with pytest.raises(Refused) as refused:
        cancel_order(actor=rita, order=order, reason="  ")
    assert refused.value.field == "reason"


@pytest.mark.parametrize("state", [FulfilmentState.SHIPPED, FulfilmentState.HANDED_OVER])
def test_goods_that_have_left_cannot_be_cancelled(
    rita: User, order: Order, state: FulfilmentState
) -> None:
    Order.objects.update(fulfilment_state=state)
    with pytest.raises(Conflict):
        cancel_order(actor=rita, order=order, reason="Too late")


def test_an_order_is_cancelled_once(rita: User, order: Order) -> None:
    cancel_order(actor=rita, order=order, reason="Changed her mind")
    with pytest.raises(Conflict):
        cancel_order(actor=rita, order=order, reason="Changed her mind")


def test_open_questions_about_the_order_are_closed(rita: User, order: Order) -> None:
    question = DeskQuestion.objects.create(
        ticket_number="TK-000001",
        subject=order.number,
        order=order,
        department="fulfilment",
        reason="other",
        text="Which colour?",
        asked_by_name="Femi",
        asked_at=timezone.now(),
    )
    cancel_order(actor=rita, order=order, reason="Changed her mind")
    question.refresh_from_db()
    assert question.closed_at is not None
    assert question.answered_by is None
