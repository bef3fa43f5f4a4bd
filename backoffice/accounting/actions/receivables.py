"""Functions that the actions share: locking and moving a receivable, and reports to the desk."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal

from backoffice.accounting.actions.errors import ReceivableMissing
from backoffice.accounting.models import Receivable, ReceivablePeriod
from backoffice.accounting.states import RECEIVABLE_MOVES, ReceivableState
from officeflow.handoff.contracts import BillingProgress, BillingProgressed, RefundDue
from officeflow.handoff.models import Destination
from officeflow.handoff.outbox import post
from officeflow.postgres.inserts import insert


def lock_receivable(order_number: str) -> Receivable:
    """Returns the order's locked receivable. Raises `ReceivableMissing`."""
    receivable = Receivable.objects.select_for_update().filter(order_number=order_number).first()
    if receivable is None:
        raise ReceivableMissing(f"order {order_number} has no receivable")
    return receivable


def open_periods(receivables: Iterable[Receivable], at: datetime) -> None:
    """Starts the periods of the receivables' current states."""
    insert(
        ReceivablePeriod(receivable=receivable, state=receivable.state, started_at=at)
        for receivable in receivables
    )


def change_state(
    receivable: Receivable, new: ReceivableState, at: datetime
) -> tuple[str, str] | None:
    """Moves a locked receivable to another state, without saving it, and starts a period.

    Returns the old and the new state, or None when they are the same. Raises `IllegalMove`.
    """
    old = ReceivableState(receivable.state)
    if old == new:
        return None
    RECEIVABLE_MOVES.check(old, new)
    receivable.state = new
    ReceivablePeriod.objects.filter(receivable=receivable, ended_at__isnull=True).update(
        ended_at=at
    )
    open_periods([receivable], at)
    return old.value, new.value


def state_by_money(receivable: Receivable) -> ReceivableState:
    """Returns the state for the paid amount; a receivable of 0 is paid from the start.

    A credited receivable stays credited.
    """
    if receivable.is_credited:
        return ReceivableState.CREDITED
    if receivable.paid >= receivable.gross:
        return ReceivableState.PAID
    return ReceivableState.PART_PAID if receivable.paid > 0 else ReceivableState.INVOICED


def promise_refund(receivable: Receivable) -> Decimal:
    """Adds the paid amount that is neither refunded nor promised yet to the promised refunds.

    The receivable is locked and credited. Returns the amount, which may be 0.
    """
    due = receivable.paid - receivable.refunded - receivable.refund_promised
    receivable.refund_promised += due
    return due


def post_billing_progress(
    receivable: Receivable, at: datetime, *, invoice_number: str = "", credit_note_number: str = ""
) -> None:
    """Reports the receivable's state to the desk."""
    post(
        BillingProgressed(
            order_number=receivable.order_number,
            state=BillingProgress(receivable.state),
            at=at,
            invoice_number=invoice_number,
            credit_note_number=credit_note_number,
        ),
        to=[Destination.FRONTDESK],
        subject=receivable.order_number,
        actor=None,
    )


def post_refund_due(
    receivable: Receivable, amount: Decimal, credit_note_number: str, at: datetime
) -> None:
    """Reports a refund due to the desk."""
    post(
        RefundDue(
            order_number=receivable.order_number,
            amount=amount,
            currency=receivable.currency,
            credit_note_number=credit_note_number,
            due_at=at,
        ),
        to=[Destination.FRONTDESK],
        subject=receivable.order_number,
        actor=None,
    )
