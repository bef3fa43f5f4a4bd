"""Handing goods over at the counter, and taking that back."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from frontdesk.notifications.actions import settle_desk_notifications
from frontdesk.notifications.models import DeskNotificationKind
from frontdesk.orders.messages import (
    mail_not_ready,
    mail_ready_after_all,
    withdraw_messages_about_goods,
)
from frontdesk.orders.models import Delivery, Order, Reopening
from frontdesk.orders.states import FulfilmentState, OrderState
from frontdesk.orders.transitions import move_order
from officeflow.audit.actions import record
from officeflow.company.queries import undo_runs
from officeflow.errors import Conflict
from officeflow.handoff import contracts
from officeflow.handoff.models import Destination
from officeflow.handoff.outbox import is_under_way, post
from officeflow.mail.models import Message
from officeflow.mail.states import MessageState
from officeflow.staff.models import User


def can_hand_over(order: Order) -> bool:
    """Returns whether the goods are ready for pick-up."""
    return (
        order.state == OrderState.PLACED
        and order.delivery == Delivery.PICK_UP
        and order.fulfilment_state == FulfilmentState.READY
    )


@transaction.atomic
def hand_over_order(*, actor: User, order: Order) -> Order:
    """Completes an order whose goods the customer took at the counter.

    Raises `Conflict` when the goods are not for pick-up or not ready, also when fulfilment has just
    taken that back.
    """
    order = Order.objects.select_for_update().get(pk=order.pk)
    if order.state == OrderState.COMPLETED:
        raise Conflict(_("This order is already completed."))
    if order.state == OrderState.CANCELLED:
        raise Conflict(_("This order is cancelled."))
    if order.delivery != Delivery.PICK_UP:
        raise Conflict(_("This order is for delivery, so it cannot be handed over at the counter."))
    if not can_hand_over(order):
        raise Conflict(_("The goods are not ready yet."))
    now = timezone.now()
    move_order(order, OrderState.COMPLETED, actor=actor, at=now, action="hand_over_order")
    order.fulfilment_state = FulfilmentState.HANDED_OVER
    order.save()
    settle_desk_notifications(subject=order.number, kind=DeskNotificationKind.READY)
    withdraw_messages_about_goods(actor=actor, order=order, at=now)
    post(
        contracts.GoodsHandedOver(order_number=order.number, handed_over_at=now),
        to=[Destination.FULFILMENT],
        subject=order.number,
        actor=actor,
    )
    # `reopen_shipment` locks the stream to which we have just posted, so that one of the two wins.
    if is_under_way(contracts.FulfilmentReopened, to=Destination.FRONTDESK, subject=order.number):
        raise Conflict(_("Fulfilment has just reported that the goods are not ready after all."))
    return order


@transaction.atomic
def undo_hand_over(*, actor: User, order: Order) -> Order:
    """Takes a hand-over back, within the office's seconds for Undo: the goods are at the counter.

    Raises `Conflict` later, or when somebody took it back already.
    """
    order = Order.objects.select_for_update().get(pk=order.pk)
    if (order.state, order.fulfilment_state) != (
        OrderState.COMPLETED,
        FulfilmentState.HANDED_OVER,
    ):
        raise Conflict(_("This order is not handed over. There is nothing to undo."))
    now = timezone.now()
    completed = order.periods.get(ended_at__isnull=True)
    if not undo_runs(completed.started_at, now):
        raise Conflict(_("The time for Undo is over."))
    move_order(order, OrderState.PLACED, actor=actor, at=now, action="undo_hand_over")
    order.fulfilment_state = FulfilmentState.READY
    order.save()
    mail_ready_after_all(actor=actor, order=order, withdrawn_at=completed.started_at)
    post(
        contracts.HandOverUndone(
            order_number=order.number, undone_at=now, undone_by_name=actor.get_full_name()
        ),
        to=[Destination.FULFILMENT],
        subject=order.number,
        actor=actor,
    )
    return order


def reopening_to_correct(order: Order) -> Reopening | None:
    """Returns the reopening after a message told the customer otherwise, until they are told."""
    if order.state != OrderState.PLACED or order.fulfilment_state == FulfilmentState.READY:
        return None
    latest = next(iter(reversed(order.reopenings.all())), None)
    if latest is None or not latest.told_by:
        return None
    corrections = Message.objects.filter(number=latest.corrected_by)
    told_nobody = (MessageState.WITHDRAWN, MessageState.FAILED)
    is_done = corrections.exclude(state__in=told_nobody).exists()
    return None if is_done else latest


@transaction.atomic
def tell_not_ready(*, actor: User, order: Order) -> Message:
    """Queues a message that the goods are not ready after all, to a customer who was told so.

    Raises `Conflict` when there is nothing to correct or the customer gets no mail.
    """
    order = Order.objects.select_for_update().get(pk=order.pk)
    reopening = reopening_to_correct(order)
    if reopening is None:
        raise Conflict(_("The customer needs no message about this now."))
    message = mail_not_ready(actor=actor, order=order)
    if message is None:
        raise Conflict(_("This message cannot be sent: it is turned off, or no mail is wanted."))
    reopening.corrected_by = message.number
    reopening.save(update_fields=["corrected_by"])
    order.version += 1
    order.save()
    record(
        actor=actor,
        action="tell_not_ready",
        subject_kind="order",
        subject=order.number,
        changes={"message": (None, message.number)},
    )
    return message
