"""Cancelling orders."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from frontdesk.notifications.actions import settle_desk_notifications
from frontdesk.orders.actions.place import ORDER_DESTINATIONS
from frontdesk.orders.messages import withdraw_messages_about_goods
from frontdesk.orders.models import Order
from frontdesk.orders.states import FulfilmentState, OrderState
from frontdesk.orders.transitions import move_order
from officeflow.errors import Conflict, Refused
from officeflow.handoff import contracts
from officeflow.handoff.outbox import post
from officeflow.staff.models import User

GOODS_LEFT_STATES = (FulfilmentState.SHIPPED, FulfilmentState.HANDED_OVER)


def can_cancel(order: Order) -> bool:
    """Returns whether the order can be cancelled: until its goods are handed over or shipped."""
    return order.state == OrderState.PLACED and order.fulfilment_state not in GOODS_LEFT_STATES


@transaction.atomic
def cancel_order(*, actor: User, order: Order, reason: str) -> Order:
    """Cancels an order and posts it to the back office, which puts back the goods, credits the
    invoice and reports the refund.

    Raises `Refused` without a reason, `Conflict` when the order cannot be cancelled.
    """
    reason = reason.strip()
    if not reason:
        raise Refused(_("Enter the reason for cancelling the order."), "reason")
    order = Order.objects.select_for_update().get(pk=order.pk)
    if order.state == OrderState.CANCELLED:
        raise Conflict(_("This order is already cancelled."))
    if not can_cancel(order):
        raise Conflict(_("This order cannot be cancelled, because the goods have left."))
    now = timezone.now()
    move_order(order, OrderState.CANCELLED, actor=actor, at=now, action="cancel_order")
    order.cancel_reason = reason
    order.save()
    settle_desk_notifications(subject=order.number)
    withdraw_messages_about_goods(actor=actor, order=order, at=now)
    # Open questions of departments need no answer any more.
    order.questions.filter(closed_at__isnull=True).update(closed_at=now)
    post(
        contracts.OrderCancelled(
            order_number=order.number,
            cancelled_at=now,
            reason=reason,
            cancelled_by_name=actor.get_full_name(),
        ),
        to=ORDER_DESTINATIONS,
        subject=order.number,
        actor=actor,
    )
    return order
