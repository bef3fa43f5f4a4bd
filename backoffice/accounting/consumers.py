"""Hand-offs that reach accounting."""

from __future__ import annotations

from backoffice.accounting import actions
from backoffice.tickets.actions import open_complaint_ticket
from officeflow.handoff.contracts import (
    ComplaintRaised,
    ComplaintReopened,
    OrderCancelled,
    OrderPlaced,
    PaymentTaken,
    RefundPaid,
    TillCounted,
)
from officeflow.handoff.models import Destination, Handoff
from officeflow.handoff.registry import consumes
from officeflow.permissions import Department


@consumes(OrderPlaced, Destination.ACCOUNTING)
def order_placed(contract: OrderPlaced, handoff: Handoff) -> None:
    """An order was placed: its invoice is issued."""
    actions.issue_invoice(actor=None, order=contract, handoff=handoff)


@consumes(OrderCancelled, Destination.ACCOUNTING)
def order_cancelled(contract: OrderCancelled, handoff: Handoff) -> None:
    """An order was cancelled: its invoice is credited."""
    actions.credit_invoice(actor=None, order_number=contract.order_number, handoff=handoff)


@consumes(PaymentTaken, Destination.ACCOUNTING)
def payment_taken(contract: PaymentTaken, handoff: Handoff) -> None:
    """The desk took money: it is booked."""
    actions.book_payment(actor=None, payment=contract, handoff=handoff)


@consumes(RefundPaid, Destination.ACCOUNTING)
def refund_paid(contract: RefundPaid, handoff: Handoff) -> None:
    """The desk gave money back: it is booked."""
    actions.book_refund(actor=None, refund=contract, handoff=handoff)


@consumes(TillCounted, Destination.ACCOUNTING)
def till_counted(contract: TillCounted, handoff: Handoff) -> None:
    """The till was counted: a difference is booked."""
    actions.book_till_count(actor=None, count=contract, handoff=handoff)


@consumes(ComplaintRaised, Destination.ACCOUNTING)
def complaint_raised(contract: ComplaintRaised, handoff: Handoff) -> None:
    """A customer complained about an invoice: a ticket for an accountant."""
    open_complaint_ticket(contract, handoff, Department.ACCOUNTING)


@consumes(ComplaintReopened, Destination.ACCOUNTING)
def complaint_reopened(contract: ComplaintReopened, handoff: Handoff) -> None:
    """The answer to a complaint about an invoice did not satisfy the customer."""
    open_complaint_ticket(contract, handoff, Department.ACCOUNTING)
