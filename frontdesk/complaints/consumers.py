"""Consumers that write a department's reports on the complaint."""

from __future__ import annotations

from frontdesk.complaints.messages import mail_complaint_answer, withdraw_answer_message
from frontdesk.complaints.models import Complaint
from frontdesk.complaints.states import ComplaintState
from frontdesk.complaints.transitions import move_complaint
from frontdesk.notifications.actions import notify_desk, withdraw_desk_notifications
from frontdesk.notifications.models import DeskNotificationKind
from officeflow.handoff import contracts
from officeflow.handoff.models import Destination, Handoff
from officeflow.handoff.registry import PermanentError, consumes


def locked_complaint(number: str) -> Complaint:
    """Returns the locked complaint. Raises `PermanentError` when it does not exist."""
    complaint = Complaint.objects.select_for_update().filter(number=number).first()
    if complaint is None:
        raise PermanentError(f"there is no complaint {number}")
    return complaint


@consumes(contracts.ComplaintTaken, Destination.FRONTDESK)
def mirror_complaint_taken(contract: contracts.ComplaintTaken, handoff: Handoff) -> None:
    """Moves the complaint to "in hand"; taking the ticket again later changes nothing."""
    complaint = locked_complaint(contract.complaint_number)
    if complaint.state in (ComplaintState.LOGGED, ComplaintState.REOPENED):
        move_complaint(
            complaint,
            ComplaintState.IN_HAND,
            actor=None,
            at=contract.taken_at,
            action="take_complaint",
        )
        complaint.save()


@consumes(contracts.ComplaintResolved, Destination.FRONTDESK)
def mirror_complaint_resolved(contract: contracts.ComplaintResolved, handoff: Handoff) -> None:
    """Stores the department's answer, which the desk then tells the customer."""
    complaint = locked_complaint(contract.complaint_number)
    move_complaint(
        complaint,
        ComplaintState.RESOLVED,
        actor=None,
        at=contract.resolved_at,
        action="resolve_complaint",
    )
    # The outcome of a sealed complaint is HR's alone; the message is what the customer is told.
    complaint.outcome = "" if complaint.is_sealed else contract.outcome
    complaint.message = contract.message
    complaint.resolved_at = contract.resolved_at
    complaint.resolved_by_name = contract.resolved_by_name
    complaint.save()
    if not complaint.is_sealed:  # who logged a sealed one is HR's
        notify_desk(
            person=complaint.logged_by,
            kind=DeskNotificationKind.ANSWERED,
            subject=complaint.number,
            at=contract.resolved_at,
        )
    mail_complaint_answer(actor=None, complaint=complaint)


@consumes(contracts.ComplaintAnswerWithdrawn, Destination.FRONTDESK)
def mirror_answer_withdrawn(contract: contracts.ComplaintAnswerWithdrawn, handoff: Handoff) -> None:
    """Takes the department's answer back, with the message to the customer.

    Changes nothing when the complaint has no answer, or the customer has been told.
    """
    complaint = locked_complaint(contract.complaint_number)
    if complaint.state != ComplaintState.RESOLVED:
        return
    move_complaint(
        complaint,
        ComplaintState.IN_HAND,
        actor=None,
        at=contract.withdrawn_at,
        action="withdraw_answer",
    )
    complaint.outcome = complaint.message = complaint.resolved_by_name = ""
    complaint.resolved_at = None
    complaint.save()
    told = withdraw_desk_notifications(
        subject=complaint.number, kind=DeskNotificationKind.ANSWERED, at=contract.withdrawn_at
    )
    for person in told:
        notify_desk(
            person=person,
            kind=DeskNotificationKind.TAKEN_BACK,
            subject=complaint.number,
            at=contract.withdrawn_at,
        )
    withdraw_answer_message(actor=None, complaint=complaint)
