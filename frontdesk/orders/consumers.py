"""Consumers that copy the states reported by the back office to the order."""

from __future__ import annotations

from typing import Any

from frontdesk.notifications.actions import (
    notify_desk,
    settle_desk_notifications,
    withdraw_desk_notifications,
)
from frontdesk.notifications.models import DeskNotificationKind
from frontdesk.orders.messages import mail_order_progress, withdraw_progress_message
from frontdesk.orders.models import Order, Reopening, Rush
from frontdesk.orders.states import BillingState, FulfilmentState, OrderState
from frontdesk.orders.transitions import move_order
from officeflow.audit.actions import record, record_in_batches
from officeflow.handoff import contracts
from officeflow.handoff.models import Destination, Handoff
from officeflow.handoff.registry import Batch, PermanentError, consumes, consumes_batch
from officeflow.postgres.updates import update_each


def locked_order(number: str) -> Order:
    """Returns the locked order. Raises `PermanentError` when it does not exist."""
    order = Order.objects.select_for_update().filter(number=number).first()
    if order is None:
        raise PermanentError(f"there is no order {number}")
    return order


def locked_orders(reports: Batch) -> list[tuple[Order, Any]]:
    """Returns the locked orders of some reports, with the contract of each.

    Raises `PermanentError` when one does not exist.
    """
    by_number = {contract.order_number: contract for contract, _handoff in reports}
    orders = list(Order.objects.select_for_update().filter(number__in=by_number).order_by("number"))
    for missing in by_number.keys() - {order.number for order in orders}:
        raise PermanentError(f"there is no order {missing}")
    return [(order, by_number[order.number]) for order in orders]


@consumes_batch(contracts.FulfilmentProgressed, Destination.FRONTDESK)
def mirror_fulfilment(reports: Batch) -> None:
    """Copies the states of the goods; a shipped order is completed.

    The customer and the desk hear of goods of an open order only. What the desk itself says is not
    copied: fulfilment of an earlier version repeats a hand-over and its Undo, which may have been
    followed by the other since.
    """
    with record_in_batches():
        changed = [
            order for order, contract in locked_orders(reports) if _mirror_goods(order, contract)
        ]
        update_each(changed, ["state", "fulfilment_state", "ready_at", "version", "changed_at"])


def _mirror_goods(order: Order, contract: contracts.FulfilmentProgressed) -> bool:
    """Copies the state of the goods to a locked order; returns whether it has changed."""
    old, new = order.fulfilment_state, FulfilmentState(contract.state)
    if FulfilmentState.HANDED_OVER in (old, new):
        return False
    is_open, before = order.state == OrderState.PLACED, order.version
    if old != new:
        order.fulfilment_state = new
        order.ready_at = contract.at if new == FulfilmentState.READY else None
        order.version += 1
        record(
            actor=None,
            action="fulfilment_progressed",
            subject_kind="order",
            subject=order.number,
            changes={"fulfilment_state": (old, new)},
        )
        if old == FulfilmentState.READY:
            settle_desk_notifications(subject=order.number, kind=DeskNotificationKind.READY)
        if new == FulfilmentState.READY and is_open:
            notify_desk(
                person=order.placed_by,
                kind=DeskNotificationKind.READY,
                subject=order.number,
                at=contract.at,
            )
        if is_open:
            mail_order_progress(actor=None, order=order)
    if new == FulfilmentState.SHIPPED and is_open:
        move_order(order, OrderState.COMPLETED, actor=None, at=contract.at, action="complete_order")
    return order.version != before


@consumes_batch(contracts.BillingProgressed, Destination.FRONTDESK)
def mirror_billing(reports: Batch) -> None:
    """Copies the billing states and the numbers of invoices and credit notes."""
    orders = locked_orders(reports)
    with record_in_batches():
        for order, contract in orders:
            old, new = order.billing_state, BillingState(contract.state)
            order.billing_state = new
            order.invoice_number = contract.invoice_number or order.invoice_number
            order.credit_note_number = contract.credit_note_number or order.credit_note_number
            if old != new:
                order.version += 1
                record(
                    actor=None,
                    action="billing_progressed",
                    subject_kind="order",
                    subject=order.number,
                    changes={"billing_state": (old, new)},
                )
        update_each(
            [order for order, _contract in orders],
            ["billing_state", "invoice_number", "credit_note_number", "version", "changed_at"],
        )


@consumes(contracts.FulfilmentReopened, Destination.FRONTDESK)
def mirror_reopening(contract: contracts.FulfilmentReopened, handoff: Handoff) -> None:
    """Takes back that the goods were ready, shipped or put back, and what follows from it.

    An order that was completed by shipping is open again. The message to the customer is withdrawn;
    when it has gone already, the desk may tell them otherwise. Raises `PermanentError` for goods
    that were handed over, which the action that reopens excludes.
    """
    order = locked_order(contract.order_number)
    old, new = order.fulfilment_state, FulfilmentState(contract.state)
    if old == FulfilmentState.HANDED_OVER:
        raise PermanentError(f"the goods of {order.number} were handed over")
    if order.state == OrderState.COMPLETED:
        move_order(
            order, OrderState.PLACED, actor=None, at=contract.reopened_at, action="reopen_order"
        )
    order.fulfilment_state, order.ready_at = new, None
    withdraw_desk_notifications(
        subject=order.number, kind=DeskNotificationKind.READY, at=contract.reopened_at
    )
    if order.state == OrderState.PLACED:
        notify_desk(
            person=order.placed_by,
            kind=DeskNotificationKind.REOPENED,
            subject=order.number,
            by_name=contract.reopened_by_name,
            at=contract.reopened_at,
        )
    order.version += 1
    record(
        actor=None,
        action="fulfilment_reopened",
        subject_kind="order",
        subject=order.number,
        changes={"fulfilment_state": (old, new), "by_name": (None, contract.reopened_by_name)},
        at=contract.reopened_at,
    )
    Reopening.objects.create(
        order=order,
        by_name=contract.reopened_by_name[:150],
        reason=contract.reason,
        at=contract.reopened_at,
        told_by=withdraw_progress_message(order=order),
    )
    order.save()


@consumes(contracts.RushAnswered, Destination.FRONTDESK)
def mirror_rush_answer(contract: contracts.RushAnswered, handoff: Handoff) -> None:
    """Stores fulfilment's answer to the request for a rush, which the order's page shows."""
    order = locked_order(contract.order_number)
    open_rushes = Rush.objects.filter(order=order, answered_at__isnull=True)
    asked_by = [each.requested_by for each in open_rushes.select_related("requested_by")]
    open_rushes.update(
        is_accepted=contract.is_accepted,
        answer=contract.reason,
        answered_by_name=contract.answered_by_name[:150],
        answered_at=contract.answered_at,
    )
    order.version += 1
    order.save()
    record(
        actor=None,
        action="rush_answered",
        subject_kind="order",
        subject=order.number,
        changes={
            "is_accepted": (None, contract.is_accepted),
            "by_name": (None, contract.answered_by_name),
        },
        at=contract.answered_at,
    )
    accepted, refused = DeskNotificationKind.RUSH_ACCEPTED, DeskNotificationKind.RUSH_REFUSED
    for person in {order.placed_by, *asked_by}:
        notify_desk(
            person=person,
            kind=accepted if contract.is_accepted else refused,
            subject=order.number,
            by_name=contract.answered_by_name,
            at=contract.answered_at,
        )
