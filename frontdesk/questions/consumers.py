"""Consumers for returned, held and resumed tickets."""

from __future__ import annotations

from frontdesk.complaints.models import Complaint
from frontdesk.complaints.visibility import realm_of
from frontdesk.notifications.actions import notify_desk
from frontdesk.notifications.models import DeskNotificationKind
from frontdesk.orders.models import Order
from frontdesk.orders.states import OrderState
from frontdesk.questions.models import DeskQuestion, Hold
from officeflow.audit.actions import record
from officeflow.audit.models import Realm
from officeflow.handoff import contracts
from officeflow.handoff.contract_labels import ReturnReason
from officeflow.handoff.models import Destination, Handoff
from officeflow.handoff.registry import PermanentError, consumes


@consumes(contracts.TicketReturned, Destination.FRONTDESK)
def add_question(contract: contracts.TicketReturned, handoff: Handoff) -> None:
    """Adds a question, which waits under "Needs you" until it is answered."""
    order, complaint = _locked_subject(contract.subject)
    # A question from before the order's cancellation needs no answer; a later one, about putting
    # the goods back, does.
    is_cancelled = (
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
        reason_label=contract.reason_label or default_reason_label(contract.reason),
        text=contract.question,
        asked_by_name=contract.returned_by_name,
        asked_at=contract.returned_at,
        closed_at=contract.returned_at if is_cancelled else None,
    )
    for subject in filter(None, (order, complaint)):
        subject.save()
    # Who logged a sealed complaint is HR's.
    about = order or (complaint if complaint and not complaint.is_sealed else None)
    if about is not None and not is_cancelled:
        notify_desk(
            person=about.placed_by if isinstance(about, Order) else about.logged_by,
            kind=DeskNotificationKind.ASKED,
            subject=contract.subject,
            ticket=contract.ticket_number,
            by_name=contract.returned_by_name,
            at=contract.returned_at,
        )
    record(
        actor=None,
        action="ticket_returned",
        subject_kind="order" if order else "complaint",
        subject=contract.subject,
        changes={"ticket": (None, contract.ticket_number)},
        realm=_realm_of(complaint),
    )


def _realm_of(complaint: Complaint | None) -> Realm:
    return Realm.OFFICE if complaint is None else realm_of(complaint)


def _locked_subject(number: str) -> tuple[Order | None, Complaint | None]:
    """Returns the locked order or complaint with a number. Raises `PermanentError` for neither."""
    order = Order.objects.select_for_update().filter(number=number).first()
    complaint = Complaint.objects.select_for_update().filter(number=number).first()
    if order is None and complaint is None:
        raise PermanentError(f"there is no order or complaint {number}")
    return order, complaint


def default_reason_label(code: str) -> str:
    """Returns the label of a default reason, for contracts without a label; else the code."""
    return str(ReturnReason(code).label) if code in ReturnReason.values else code


@consumes(contracts.TicketHeld, Destination.FRONTDESK)
def add_hold(contract: contracts.TicketHeld, handoff: Handoff) -> None:
    """Adds a hold with its reason and end, which the order's or complaint's page shows."""
    order, complaint = _locked_subject(contract.subject)
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
        realm=_realm_of(complaint),
        at=contract.held_at,
    )


@consumes(contracts.TicketResumed, Destination.FRONTDESK)
def end_hold(contract: contracts.TicketResumed, handoff: Handoff) -> None:
    """Ends a hold."""
    hold = Hold.objects.filter(ticket_number=contract.ticket_number, ended_at__isnull=True).first()
    if hold is None:  # the hand-off of its beginning was discarded
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
        realm=_realm_of(hold.complaint),
        at=contract.resumed_at,
    )
