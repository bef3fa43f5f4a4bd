"""What the back office reports, written where the desk sees it."""

from __future__ import annotations

from frontdesk.complaints.models import Complaint
from frontdesk.messages import tell_answered, tell_progress
from frontdesk.orders.models import Order
from frontdesk.payments.models.payments import Refund
from frontdesk.questions.models import Pause, Question
from frontdesk.states import BillingState, ComplaintState, FulfilmentState, OrderState
from frontdesk.transitions import move_complaint, move_order
from officeflow.audit.actions import record
from officeflow.handoff import contracts
from officeflow.handoff.models import Destination, Handoff
from officeflow.handoff.registry import PermanentError, consumes
from officeflow.handoff.words import ReturnReason
from officeflow.numbering import next_number

HERE = Destination.FRONTDESK


def _order(number: str) -> Order:
    order = Order.objects.select_for_update().filter(number=number).first()
    if order is None:
        raise PermanentError(f"there is no order {number}")
    return order


def _complaint(number: str) -> Complaint:
    complaint = Complaint.objects.select_for_update().filter(number=number).first()
    if complaint is None:
        raise PermanentError(f"there is no complaint {number}")
    return complaint


@consumes(contracts.FulfilmentProgressed, HERE, together=True)
def mirror_fulfilment(contract: contracts.FulfilmentProgressed, handoff: Handoff) -> None:
    """Mirrors how far the goods are; a shipped order is completed."""
    order = _order(contract.order_number)
    old, new = order.fulfilment_state, FulfilmentState(contract.state)
    if old != new:
        order.fulfilment_state = new
        order.version += 1
        record(
            actor=None,
            action="fulfilment_progressed",
            subject_kind="order",
            subject=order.number,
            changes={"fulfilment_state": (old, new)},
        )
        tell_progress(actor=None, order=order)
    if new == FulfilmentState.SHIPPED and order.state == OrderState.PLACED:
        move_order(order, OrderState.COMPLETED, actor=None, at=contract.at, action="complete_order")
    order.save()


@consumes(contracts.BillingProgressed, HERE, together=True)
def mirror_billing(contract: contracts.BillingProgressed, handoff: Handoff) -> None:
    """Mirrors how far the bill is, and the documents' numbers."""
    order = _order(contract.order_number)
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
    order.save()


@consumes(contracts.RefundDue, HERE)
def note_refund_due(contract: contracts.RefundDue, handoff: Handoff) -> None:
    """Money is owed: it appears on "needs you" until the desk has given it back."""
    order = _order(contract.order_number)
    refund = Refund.objects.create(
        number=next_number("PY"),
        order=order,
        amount=contract.amount,
        credit_note_number=contract.credit_note_number,
        due_at=contract.due_at,
    )
    order.save()
    record(
        actor=None,
        action="refund_due",
        subject_kind="order",
        subject=order.number,
        changes={"refund": (None, refund.number), "amount": (None, refund.amount)},
    )


@consumes(contracts.TicketReturned, HERE)
def note_question(contract: contracts.TicketReturned, handoff: Handoff) -> None:
    """A department asks; the question stands on "needs you" until it is answered."""
    order = Order.objects.select_for_update().filter(number=contract.subject).first()
    complaint = Complaint.objects.select_for_update().filter(number=contract.subject).first()
    if order is None and complaint is None:
        raise PermanentError(f"there is no order or complaint {contract.subject}")
    # The order may have been cancelled while the question was on its way: it needs no answer.
    # What is asked after the cancellation, about putting goods back, does.
    moot = (
        order is not None
        and order.periods.filter(
            state=OrderState.CANCELLED, started_at__gte=contract.returned_at
        ).exists()
    )
    Question.objects.create(
        ticket_number=contract.ticket_number,
        subject=contract.subject,
        order=order,
        complaint=complaint,
        department=contract.department,
        reason=contract.reason,
        reason_label=contract.reason_label or known_reason(contract.reason),
        text=contract.question,
        asked_by_name=contract.returned_by_name,
        asked_at=contract.returned_at,
        closed_at=contract.returned_at if moot else None,
    )
    for subject in filter(None, (order, complaint)):
        subject.save()
    record(
        actor=None,
        action="ticket_returned",
        subject_kind="order" if order else "complaint",
        subject=contract.subject,
        changes={"ticket": (None, contract.ticket_number)},
    )


def known_reason(code: str) -> str:
    """The words for a reason that came without any, as before reasons had a table."""
    return str(ReturnReason(code).label) if code in ReturnReason.values else code


@consumes(contracts.TicketHeld, HERE)
def note_hold(contract: contracts.TicketHeld, handoff: Handoff) -> None:
    """A department put its work on hold: the desk can say until when, and why."""
    order = Order.objects.select_for_update().filter(number=contract.subject).first()
    complaint = Complaint.objects.select_for_update().filter(number=contract.subject).first()
    if order is None and complaint is None:
        raise PermanentError(f"there is no order or complaint {contract.subject}")
    Pause.objects.create(
        ticket_number=contract.ticket_number,
        order=order,
        complaint=complaint,
        department=contract.department,
        reason=contract.reason,
        by_name=contract.held_by_name,
        held_at=contract.held_at,
        until_at=contract.until_at,
    )
    for subject in filter(None, (order, complaint)):
        subject.save()
    record(
        actor=None,
        action="ticket_held",
        subject_kind="order" if order else "complaint",
        subject=contract.subject,
        changes={"ticket": (None, contract.ticket_number), "until": (None, contract.until_at)},
        at=contract.held_at,
    )


@consumes(contracts.TicketResumed, HERE)
def note_hold_over(contract: contracts.TicketResumed, handoff: Handoff) -> None:
    """The work goes on, or has fallen away."""
    pause = Pause.objects.filter(
        ticket_number=contract.ticket_number, ended_at__isnull=True
    ).first()
    if pause is None:  # its beginning was set aside on the way
        return
    pause.ended_at = contract.resumed_at
    pause.save(update_fields=["ended_at"])
    subject = pause.order or pause.complaint
    if subject is not None:
        subject.save(update_fields=["changed_at"])
    record(
        actor=None,
        action="ticket_resumed",
        subject_kind="order" if pause.order_id else "complaint",
        subject=contract.subject,
        changes={"ticket": (None, contract.ticket_number)},
        at=contract.resumed_at,
    )


@consumes(contracts.ComplaintTaken, HERE)
def complaint_in_hand(contract: contracts.ComplaintTaken, handoff: Handoff) -> None:
    """A department took it; taking it again after an untake changes nothing."""
    complaint = _complaint(contract.complaint_number)
    if complaint.state in (ComplaintState.LOGGED, ComplaintState.REOPENED):
        move_complaint(
            complaint,
            ComplaintState.IN_HAND,
            actor=None,
            at=contract.taken_at,
            action="take_complaint",
        )
        complaint.save()


@consumes(contracts.ComplaintResolved, HERE)
def complaint_resolved(contract: contracts.ComplaintResolved, handoff: Handoff) -> None:
    """A department answered: the customer is to be told."""
    complaint = _complaint(contract.complaint_number)
    move_complaint(
        complaint,
        ComplaintState.RESOLVED,
        actor=None,
        at=contract.resolved_at,
        action="resolve_complaint",
    )
    complaint.outcome = contract.outcome
    complaint.message = contract.message
    complaint.resolved_at = contract.resolved_at
    complaint.resolved_by_name = contract.resolved_by_name
    complaint.save()
    tell_answered(actor=None, complaint=complaint)
