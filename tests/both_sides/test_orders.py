"""Whatever people do with an order and in whatever order it is delivered, the two sides agree."""

from __future__ import annotations

from collections import Counter
from decimal import Decimal
from functools import partial

import pytest
from django.conf import settings
from django.db.models import Sum
from hypothesis import given
from hypothesis import strategies as st

from backoffice.accounting.models import Posting, Receivable
from backoffice.accounting.reference import MONEY_ACCOUNTS, AccountCode
from backoffice.fulfilment.actions import answer_rush
from backoffice.fulfilment.models import RushRequest, Shipment
from backoffice.fulfilment.states import ShipmentState
from backoffice.tickets.models import Ticket
from backoffice.tickets.states import TicketKind, TicketState
from frontdesk.customers.actions.merge import merge_customers
from frontdesk.customers.models import Customer
from frontdesk.notifications.models import DeskNotification
from frontdesk.orders.actions.cancel import can_cancel, cancel_order
from frontdesk.orders.actions.hand_over import (
    can_hand_over,
    hand_over_order,
    tell_not_ready,
    undo_hand_over,
)
from frontdesk.orders.actions.place import place_order
from frontdesk.orders.actions.pricing import NewLine
from frontdesk.orders.actions.rush import ask_for_rush, can_ask_for_rush
from frontdesk.orders.models import Delivery, Order
from frontdesk.orders.states import FulfilmentState, OrderState
from frontdesk.payments.actions.corrections import correct_payment_method
from frontdesk.payments.actions.payments import pay_refund, take_payment
from officeflow.catalogue.models import Product
from officeflow.money import ZERO
from officeflow.permissions import Department
from officeflow.staff.models import User
from tests.both_sides.play import Play, Step, fresh_office, playing
from tests.factories import CustomerFactory

pytestmark = pytest.mark.django_db
GONE = (FulfilmentState.SHIPPED, FulfilmentState.HANDED_OVER)
# The states of an order and its goods in which a message to the customer is true.
TRUE_WHILE = {
    "goods_ready": [(OrderState.PLACED, FulfilmentState.READY)],
    "goods_shipped": [(OrderState.COMPLETED, FulfilmentState.SHIPPED)],
    "goods_not_ready": [
        *((OrderState.PLACED, state) for state in FulfilmentState),
        (OrderState.COMPLETED, FulfilmentState.SHIPPED),
    ],
}
# The states of fulfilment's goods in which it is true: a hand-over that was undone may not have
# arrived there.
TRUE_THERE = {
    "goods_ready": [ShipmentState.READY, ShipmentState.HANDED_OVER],
    "goods_shipped": [ShipmentState.SHIPPED],
    "goods_not_ready": list(ShipmentState),
}


class OrderPlay(Play):
    """An order: what the desk does with it and its money, and fulfilment's work on it."""

    department = Department.FULFILMENT

    def order(self) -> Order:
        """Returns the order as the desk has it."""
        return Order.objects.get(number=self.number)

    def desk_page(self) -> str:
        return f"/desk/orders/{self.number}/"

    # --- steps ---------------------------------------------------------------------------------

    def steps(self) -> dict[str, Step]:
        desk, order, steps = self.desk, self.order(), super().steps()
        if can_cancel(order):
            steps["cancel"] = lambda: cancel_order(actor=desk, order=order, reason="Too late.")
        if can_hand_over(order):
            steps["hand over"] = lambda: hand_over_order(actor=desk, order=order)
        if order.fulfilment_state == FulfilmentState.HANDED_OVER:
            steps["undo hand-over"] = lambda: undo_hand_over(actor=desk, order=order)
        if can_ask_for_rush(order):
            steps["ask for rush"] = lambda: ask_for_rush(actor=desk, order=order, reason="Today.")
        if order.reopenings.exists():
            steps["tell not ready"] = lambda: tell_not_ready(actor=desk, order=order)
        if order.open_amount:
            steps["pay"] = lambda: take_payment(
                actor=desk, order=order, amount=Decimal(4), method="cash"
            )
        for refund in order.refunds.filter(paid_at=None):
            steps[f"refund: {refund.number}"] = partial(
                pay_refund, actor=desk, refund=refund, method="cash"
            )
        for payment in order.payments.all():
            steps[f"correct payment: {payment.number}"] = partial(
                correct_payment_method,
                actor=desk,
                payment=payment,
                from_method=payment.method,
                method="card" if payment.method == "cash" else "cash",
                reason="The wrong key.",
            )
        steps["merge customers"] = self.merge
        return steps

    def merge(self) -> None:
        """Merges the order's customer into a record that was found to be the same person."""
        customer = Customer.objects.get(orders__number=self.number)
        other = CustomerFactory(name="N. Nordmann", name_key="n nordmann")
        merge_customers(
            actor=self.desk,
            keep=other,
            other=customer,
            keep_version=other.version,
            other_version=customer.version,
        )

    def work_steps(self, ticket: Ticket) -> dict[str, Step]:
        steps = super().work_steps(ticket)
        if RushRequest.objects.filter(answered_at=None).exists():
            for accepts in (True, False):
                steps["accept rush" if accepts else "refuse rush"] = partial(
                    answer_rush,
                    actor=self.back[-1],
                    ticket=ticket,
                    accepts=accepts,
                    reason="Busy.",
                )
        return steps

    # --- what must be true ---------------------------------------------------------------------

    def check(self) -> None:
        super().check()
        order = self.order()
        if order.state != OrderState.CANCELLED:
            assert (order.state == OrderState.COMPLETED) == (order.fulfilment_state in GONE)
        ready = DeskNotification.objects.filter(kind="ready")
        unread = ready.filter(read_at=None).count()
        assert ready.count() <= self.done["complete"]
        assert unread <= (order.fulfilment_state == FulfilmentState.READY)

    def send_mail(self) -> None:
        before = {event: len(self.kept(event)) for event in TRUE_WHILE}
        super().send_mail()
        order = self.order()
        for event, states in TRUE_WHILE.items():
            if len(self.kept(event)) > before[event]:
                assert (order.state, order.fulfilment_state) in states, event
                assert self.shipment().state in TRUE_THERE[event], event
        told = [each.number for each in (*self.kept("goods_ready"), *self.kept("goods_shipped"))]
        taken_back = [each.told_by for each in order.reopenings.exclude(told_by="")]
        assert told[: len(told) - 1] == taken_back[: len(told) - 1], "told twice of one thing"

    def check_agreement(self) -> None:
        super().check_agreement()
        order, shipment = self.order(), self.shipment()
        assert (order.state == OrderState.CANCELLED) == (shipment.cancelled_at is not None)
        assert order.fulfilment_state == self.goods_of(shipment)
        assert order.customer.merged_into is None
        self.check_money(order)
        if shipment.cancelled_at is None:
            assert shipment.state in states_of(shipment)
            self.check_rushes(order, shipment)
        else:
            assert not shipment.ticket.is_open
            assert not shipment.rushes.filter(answered_at=None).exists()

    def shipment(self) -> Shipment:
        """Returns the goods as fulfilment has them."""
        return Shipment.objects.select_related("ticket").get(order_number=self.number)

    def check_money(self, order: Order) -> None:
        """Checks that the books have what the desk has taken, given back and still owes."""
        receivable = Receivable.objects.get(order_number=self.number)
        assert order.billing_state == receivable.state
        assert order.paid == receivable.paid - receivable.refunded
        owed = sum((each.amount for each in order.refunds.filter(paid_at=None)), ZERO)
        assert receivable.refund_promised == owed
        moved: Counter[str] = Counter()
        for payment in order.payments.all():
            moved[MONEY_ACCOUNTS[payment.method_kind]] += payment.amount
        for refund in order.refunds.exclude(paid_at=None):
            moved[MONEY_ACCOUNTS[refund.method_kind]] -= refund.amount
        if order.state == OrderState.CANCELLED:
            moved[AccountCode.REFUNDS_PAYABLE] = -owed
        else:
            moved[AccountCode.RECEIVABLE] = order.open_amount
        for account in (
            *MONEY_ACCOUNTS.values(),
            AccountCode.RECEIVABLE,
            AccountCode.REFUNDS_PAYABLE,
        ):
            lines = Posting.objects.filter(
                entry__receivable=receivable, account__code=account
            ).aggregate(debit=Sum("debit", default=ZERO), credit=Sum("credit", default=ZERO))
            assert lines["debit"] - lines["credit"] == moved[account], account

    def goods_of(self, shipment: Shipment) -> str:
        """Returns the state of the goods that the desk must show."""
        if shipment.cancelled_at is None:
            return shipment.state
        put_back = self.tickets().filter(kind=TicketKind.PUT_BACK).first()
        if put_back is None:
            return FulfilmentState.NONE
        if put_back.state == TicketState.COMPLETED:
            return FulfilmentState.PUT_BACK
        was_done = put_back.periods.filter(state=TicketState.COMPLETED).exists()
        has_left = shipment.state == ShipmentState.SHIPPED and not was_done
        return FulfilmentState.EXCEPTION if has_left else FulfilmentState.PUTTING_BACK

    def check_rushes(self, order: Order, shipment: Shipment) -> None:
        """Checks that both sides have the same requests with the same answers."""
        here = order.rushes.values_list("is_accepted", "answered_at")
        there = shipment.rushes.values_list("is_accepted", "answered_at")
        assert list(here) == list(there)

    def settle(self) -> None:
        super().settle()
        order = self.order()
        if order.fulfilment_state == FulfilmentState.READY and not order.is_delivery:
            taken_back = order.reopenings.values_list("told_by", flat=True)
            assert len({each.number for each in self.kept("goods_ready")} - set(taken_back)) == 1


def states_of(shipment: Shipment) -> set[str]:
    """Returns the states of the goods that fit the state of their ticket."""
    if shipment.ticket.state == TicketState.WAITING:
        return {ShipmentState.WAITING}
    if shipment.ticket.state != TicketState.COMPLETED:
        return {ShipmentState.IN_PROGRESS}
    if shipment.is_delivery:
        return {ShipmentState.SHIPPED}
    return {ShipmentState.READY, ShipmentState.HANDED_OVER}


@playing
@given(data=st.data())
def test_both_sides_agree_about_an_order(
    data: st.DataObject,
    rita: User,
    femi: User,
    fay: User,
    ada: User,
    nora: Customer,
    mug: Product,
) -> None:
    with pytest.MonkeyPatch.context() as patch, fresh_office() as clock:
        patch.setattr(settings, "MAIL_MODE", "mailbox")
        goes_by_post = data.draw(st.booleans(), label="delivery")
        order = place_order(
            actor=rita,
            customer=nora,
            lines=[NewLine(product=mug, quantity=Decimal(1))],
            delivery=Delivery.DELIVERY if goes_by_post else Delivery.PICK_UP,
            delivery_address="1 Quay Street" if goes_by_post else "",
        )
        OrderPlay(clock, order.number, desk=rita, back=[femi, fay], manager=ada).run(data)
