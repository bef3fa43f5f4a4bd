"""The consumer that adds refunds which accounting reports as due."""

from __future__ import annotations

from frontdesk.notifications.actions import notify_desk
from frontdesk.notifications.models import DeskNotificationKind
from frontdesk.orders.consumers import locked_order
from frontdesk.payments.models.payments import Refund
from officeflow.audit.actions import record
from officeflow.handoff import contracts
from officeflow.handoff.models import Destination, Handoff
from officeflow.handoff.registry import consumes
from officeflow.numbering import next_number


@consumes(contracts.RefundDue, Destination.FRONTDESK)
def add_refund(contract: contracts.RefundDue, handoff: Handoff) -> None:
    """Adds a refund, which waits under "Needs you" until the desk has paid it."""
    order = locked_order(contract.order_number)
    refund = Refund.objects.create(
        number=next_number("PY"),
        order=order,
        amount=contract.amount,
        credit_note_number=contract.credit_note_number,
        due_at=contract.due_at,
    )
    order.save()
    notify_desk(
        person=order.placed_by,
        kind=DeskNotificationKind.REFUND_DUE,
        subject=order.number,
        at=contract.due_at,
    )
    record(
        actor=None,
        action="refund_due",
        subject_kind="order",
        subject=order.number,
        changes={"refund": (None, refund.number), "amount": (None, refund.amount)},
    )
