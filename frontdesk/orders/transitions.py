"""Moving an order to another state, with its period and its audit entry."""

from __future__ import annotations

from datetime import datetime

from frontdesk.orders.models import Order, OrderPeriod
from frontdesk.orders.states import ORDER_MOVES, OrderState
from officeflow.audit.actions import record
from officeflow.staff.models import User


def move_order(
    order: Order, new: OrderState, *, actor: User | None, at: datetime, action: str
) -> None:
    """Moves a locked order to another state; the caller then calls `order.save()`.

    Raises `IllegalMove`.
    """
    old = OrderState(order.state)
    ORDER_MOVES.check(old, new)
    order.state = new
    order.version += 1
    OrderPeriod.objects.filter(order=order, ended_at__isnull=True).update(ended_at=at)
    OrderPeriod.objects.create(order=order, state=new, started_at=at, actor=actor)
    record(
        actor=actor,
        action=action,
        subject_kind="order",
        subject=order.number,
        changes={"state": (old, new)},
        at=at,
    )
