"""What the actions share: the locked bill, its state, and what the desk is told."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from backoffice.accounting.actions.errors import NoBill
from backoffice.accounting.models import Bill, BillPeriod
from backoffice.accounting.states import BILL_MOVES, BillState
from officeflow.handoff.contracts import BillingProgress, BillingProgressed, RefundDue
from officeflow.handoff.models import Destination
from officeflow.handoff.outbox import post


def lock_bill(order_number: str) -> Bill:
    """The order's bill, locked until the transaction ends. Raises `NoBill`."""
    bill = Bill.objects.select_for_update().filter(order_number=order_number).first()
    if bill is None:
        raise NoBill(f"order {order_number} has no bill")
    return bill


def open_period(bill: Bill, at: datetime) -> None:
    """Begins the period of the bill's present state."""
    BillPeriod.objects.create(bill=bill, state=bill.state, started_at=at)


def move_to(bill: Bill, new: BillState, at: datetime) -> tuple[str, str] | None:
    """Moves a locked bill, unsaved, and turns its period; gives old and new state if it moved.

    Raises `IllegalMove`.
    """
    old = BillState(bill.state)
    if old == new:
        return None
    BILL_MOVES.check(old, new)
    bill.state = new
    BillPeriod.objects.filter(bill=bill, ended_at__isnull=True).update(ended_at=at)
    open_period(bill, at)
    return old.value, new.value


def state_by_money(bill: Bill) -> BillState:
    """The state that follows from what was paid; a bill of zero is paid from the start.

    What was credited stays credited whatever is paid later.
    """
    if bill.is_credited:
        return BillState.CREDITED
    if bill.paid >= bill.gross:
        return BillState.PAID
    return BillState.PART_PAID if bill.paid > 0 else BillState.INVOICED


def promise_refund(bill: Bill) -> Decimal:
    """Promises, on a locked and credited bill, what was paid and is neither given back nor
    promised yet. Gives the amount; zero when there is nothing."""
    due = bill.paid - bill.refunded - bill.refund_promised
    bill.refund_promised += due
    return due


def tell_desk(
    bill: Bill, at: datetime, *, invoice_number: str = "", credit_note_number: str = ""
) -> None:
    """Posts how the bill stands."""
    post(
        BillingProgressed(
            order_number=bill.order_number,
            state=BillingProgress(bill.state),
            at=at,
            invoice_number=invoice_number,
            credit_note_number=credit_note_number,
        ),
        to=[Destination.FRONTDESK],
        subject=bill.order_number,
        actor=None,
    )


def tell_refund_due(bill: Bill, amount: Decimal, credit_note_number: str, at: datetime) -> None:
    """Posts that the desk shall give money back."""
    post(
        RefundDue(
            order_number=bill.order_number,
            amount=amount,
            currency=bill.currency,
            credit_note_number=credit_note_number,
            due_at=at,
        ),
        to=[Destination.FRONTDESK],
        subject=bill.order_number,
        actor=None,
    )
