"""Accounting's consumers."""

from __future__ import annotations

from backoffice.accounting import actions
from backoffice.tickets.actions import open_complaint_ticket
from officeflow.handoff.contracts import (
    ComplaintRaised,
    ComplaintReopened,
    OrderCancelled,
    OrderPlaced,
    PaymentMethodCorrected,
    PaymentTaken,
    RefundPaid,
    TillCounted,
)
from officeflow.handoff.models import Destination, Handoff
from officeflow.handoff.registry import Batch, consumes, consumes_batch
from officeflow.permissions import Department


@consumes_batch(OrderPlaced, Destination.ACCOUNTING)
def orders_placed(placed: Batch) -> None:
    """Issues the orders' invoices.

    Several orders can share a transaction. The only row that they share with other orders is the
    counter of invoice numbers, which each locks last.
    """
    actions.issue_invoices(actor=None, placed=placed)


@consumes(OrderCancelled, Destination.ACCOUNTING)
def order_cancelled(contract: OrderCancelled, handoff: Handoff) -> None:
    """Credits the invoice of a cancelled order."""
    actions.credit_invoice(actor=None, order_number=contract.order_number, handoff=handoff)


@consumes(PaymentTaken, Destination.ACCOUNTING)
def payment_taken(contract: PaymentTaken, handoff: Handoff) -> None:
    """Books a payment."""
    actions.book_payment(actor=None, payment=contract, handoff=handoff)


@consumes(PaymentMethodCorrected, Destination.ACCOUNTING)
def payment_method_corrected(contract: PaymentMethodCorrected, handoff: Handoff) -> None:
    """Books a payment on the account of its right method."""
    actions.book_method_correction(actor=None, correction=contract, handoff=handoff)


@consumes(RefundPaid, Destination.ACCOUNTING)
def refund_paid(contract: RefundPaid, handoff: Handoff) -> None:
    """Books a refund."""
    actions.book_refund(actor=None, refund=contract, handoff=handoff)


@consumes(TillCounted, Destination.ACCOUNTING)
def till_counted(contract: TillCounted, handoff: Handoff) -> None:
    """Books the difference of a till count."""
    actions.book_till_count(actor=None, count=contract, handoff=handoff)


@consumes(ComplaintRaised, Destination.ACCOUNTING)
def complaint_raised(contract: ComplaintRaised, handoff: Handoff) -> None:
    """Opens a ticket for a complaint about billing."""
    open_complaint_ticket(contract, handoff, Department.ACCOUNTING)


@consumes(ComplaintReopened, Destination.ACCOUNTING)
def complaint_reopened(contract: ComplaintReopened, handoff: Handoff) -> None:
    """Opens another ticket for a reopened complaint."""
    open_complaint_ticket(contract, handoff, Department.ACCOUNTING)
