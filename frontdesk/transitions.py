"""Moving an order or a complaint to another state, with its period and its audit row."""

from __future__ import annotations

from datetime import datetime

from frontdesk.complaints.models import Complaint, ComplaintPeriod
from frontdesk.orders.models import Order, OrderPeriod
from frontdesk.states import COMPLAINT_MOVES, ORDER_MOVES, ComplaintState, OrderState
from officeflow.audit.actions import record
from officeflow.staff.models import User


def move_order(
    order: Order, new: OrderState, *, actor: User | None, at: datetime, action: str
) -> None:
    """Moves a locked order. The caller saves its other fields with `order.save()`.

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


def move_complaint(
    complaint: Complaint, new: ComplaintState, *, actor: User | None, at: datetime, action: str
) -> None:
    """Moves a locked complaint. The caller saves it. Raises `IllegalMove`."""
    old = ComplaintState(complaint.state)
    COMPLAINT_MOVES.check(old, new)
    complaint.state = new
    complaint.version += 1
    ComplaintPeriod.objects.filter(complaint=complaint, ended_at__isnull=True).update(ended_at=at)
    ComplaintPeriod.objects.create(complaint=complaint, state=new, started_at=at, actor=actor)
    record(
        actor=actor,
        action=action,
        subject_kind="complaint",
        subject=complaint.number,
        changes={"state": (old, new)},
        at=at,
    )
