"""What departments ask the desk, and what they put on hold."""

from __future__ import annotations

from frontdesk.complaints.models import Complaint
from frontdesk.orders.models import Order
from frontdesk.orders.states import OrderState
from frontdesk.questions.models import DeskQuestion, Hold
from officeflow.audit.actions import record
from officeflow.handoff import contracts
from officeflow.handoff.contract_labels import ReturnReason
from officeflow.handoff.models import Destination, Handoff
from officeflow.handoff.registry import PermanentError, consumes


@consumes(contracts.TicketReturned, Destination.FRONTDESK)
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
    DeskQuestion.objects.create(
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


@consumes(contracts.TicketHeld, Destination.FRONTDESK)
def note_hold(contract: contracts.TicketHeld, handoff: Handoff) -> None:
    """A department put its work on hold: the desk can say until when, and why."""
    order = Order.objects.select_for_update().filter(number=contract.subject).first()
    complaint = Complaint.objects.select_for_update().filter(number=contract.subject).first()
    if order is None and complaint is None:
        raise PermanentError(f"there is no order or complaint {contract.subject}")
    Hold.objects.create(
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


@consumes(contracts.TicketResumed, Destination.FRONTDESK)
def note_hold_over(contract: contracts.TicketResumed, handoff: Handoff) -> None:
    """The work goes on, or has fallen away."""
    hold = Hold.objects.filter(ticket_number=contract.ticket_number, ended_at__isnull=True).first()
    if hold is None:  # its beginning was discarded
        return
    hold.ended_at = contract.resumed_at
    hold.save(update_fields=["ended_at"])
    subject = hold.order or hold.complaint
    if subject is not None:
        subject.save(update_fields=["changed_at"])
    record(
        actor=None,
        action="ticket_resumed",
        subject_kind="order" if hold.order_id else "complaint",
        subject=contract.subject,
        changes={"ticket": (None, contract.ticket_number)},
        at=contract.resumed_at,
    )
