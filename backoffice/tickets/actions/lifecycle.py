"""Taking, untaking, returning, completing and cancelling a ticket."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from backoffice.tickets.actions.holds import post_ticket_resumed
from backoffice.tickets.actions.notifications import notify_person
from backoffice.tickets.actions.transitions import (
    TEXT_LIMIT,
    change_state,
    check_length,
    check_may_work,
)
from backoffice.tickets.hooks import hooks_of
from backoffice.tickets.models import (
    NotificationKind,
    Resolution,
    Ticket,
    TicketPeriod,
    TicketQuestion,
)
from backoffice.tickets.queries.reasons import find_reason
from backoffice.tickets.states import Outcome, TicketKind, TicketState
from officeflow.audit.actions import record_in_batches
from officeflow.errors import Refused
from officeflow.handoff.actions import mark_accepted, mark_returned
from officeflow.handoff.contracts import (
    ComplaintOutcome,
    ComplaintResolved,
    ComplaintTaken,
    TicketReturned,
)
from officeflow.handoff.models import Destination
from officeflow.handoff.outbox import post
from officeflow.permissions import Department
from officeflow.staff.models import User

__all__ = [
    "TEXT_LIMIT",
    "AnswerMissing",
    "QuestionMissing",
    "cancel_ticket",
    "complete_ticket",
    "return_ticket",
    "take_ticket",
    "untake_ticket",
]


class QuestionMissing(Refused):
    """The reason or the question for returning a ticket is missing."""


class AnswerMissing(Refused):
    """The outcome or the message of a complaint's answer is missing."""


@transaction.atomic
def take_ticket(*, actor: User, ticket: Ticket) -> Ticket:
    """Takes a waiting ticket, which accepts its hand-off.

    Raises `PermissionDenied`, `TicketTaken` (a colleague was faster) and `TicketStateConflict`.
    """
    check_may_work(actor, ticket)
    now = timezone.now()
    with record_in_batches():
        change_state(
            ticket=ticket,
            actor=actor,
            to=TicketState.TAKEN,
            sources=[TicketState.WAITING],
            assignee_id=actor.pk,
            at=now,
            action="take_ticket",
        )
        ticket.assignee = actor
        accept(ticket=ticket, by=actor, at=now)
    return ticket


def accept(*, ticket: Ticket, by: User, at: datetime) -> None:
    """Accepts the hand-off of a ticket that has got its assignee, and calls the hook.

    A complaint that was taken for the first time is reported to the desk.
    """
    mark_accepted(handoff_id=ticket.handoff_id, actor=by, at=at)
    if ticket.kind == TicketKind.COMPLAINT and _taken_times(ticket) == 1:
        post(
            ComplaintTaken(complaint_number=ticket.subject, taken_at=at),
            to=[Destination.FRONTDESK],
            subject=ticket.subject,
            actor=by,
            is_sealed=ticket.department == Department.HR,
        )
    hooks_of(ticket.department).on_taken(ticket, by)


def _taken_times(ticket: Ticket) -> int:
    return TicketPeriod.objects.filter(ticket=ticket, state=TicketState.TAKEN).count()


@transaction.atomic
def untake_ticket(*, actor: User, ticket: Ticket) -> Ticket:
    """Puts the actor's ticket back into the queue.

    Raises `PermissionDenied`, `NotAssignee` and `TicketStateConflict`.
    """
    check_may_work(actor, ticket)
    change_state(
        ticket=ticket,
        actor=actor,
        to=TicketState.WAITING,
        sources=[TicketState.TAKEN],
        only_of=actor,
        assignee_id=None,
        at=timezone.now(),
        action="untake_ticket",
    )
    hooks_of(ticket.department).on_untaken(ticket, actor)
    return ticket


@transaction.atomic
def return_ticket(*, actor: User, ticket: Ticket, reason: str, question: str) -> Ticket:
    """Returns the actor's ticket to the desk with a question.

    The actor stays its assignee. `reason` is the code of a `ReasonToReturn` that the department
    may use. Raises `QuestionMissing`, `PermissionDenied`, `NotAssignee`, `TicketStateConflict`.
    """
    check_may_work(actor, ticket)
    question = question.strip()
    given = find_reason(reason, Department(ticket.department))
    if given is None:
        raise QuestionMissing(_("Choose why you return the ticket."), "reason")
    if not question:
        raise QuestionMissing(_("Enter what the front desk should find out."), "question")
    check_length(question, "question")
    now = timezone.now()
    change_state(
        ticket=ticket,
        actor=actor,
        to=TicketState.RETURNED,
        sources=[TicketState.TAKEN],
        only_of=actor,
        assignee_id=actor.pk,
        at=now,
        action="return_ticket",
        changes={"reason": (None, reason)},
        personal=["question"],
    )
    TicketQuestion.objects.create(
        ticket=ticket,
        reason=reason,
        reason_label=given.label,
        question=question,
        asked_by=actor,
        asked_at=now,
    )
    mark_returned(handoff_id=ticket.handoff_id, at=now)
    post(
        TicketReturned(
            ticket_number=ticket.number,
            subject=ticket.subject,
            department=ticket.department,
            reason=reason,
            reason_label=given.label,
            question=question,
            returned_at=now,
            returned_by_name=actor.get_full_name(),
        ),
        to=[Destination.FRONTDESK],
        subject=ticket.subject,
        actor=actor,
        is_sealed=ticket.department == Department.HR,
    )
    hooks_of(ticket.department).on_returned(ticket, actor)
    return ticket


@transaction.atomic
def complete_ticket(*, actor: User, ticket: Ticket, outcome: str = "", message: str = "") -> Ticket:
    """Completes the actor's ticket.

    A complaint needs an `outcome` (a value of `Outcome`) and a `message` for the customer, which
    are posted to the desk; other tickets have neither. Raises `AnswerMissing`,
    `PermissionDenied`, `NotAssignee` and `TicketStateConflict`.
    """
    check_may_work(actor, ticket)
    message = message.strip()
    is_complaint = ticket.kind == TicketKind.COMPLAINT
    if is_complaint:
        if outcome not in Outcome.values:
            raise AnswerMissing(_("Choose the outcome of the complaint."), "outcome")
        if not message:
            raise AnswerMissing(_("Enter the answer for the customer."), "message")
        check_length(message, "message")
    elif outcome or message:
        raise AnswerMissing(_("Only complaints have an outcome and an answer. Leave both out."))
    now = timezone.now()
    change_state(
        ticket=ticket,
        actor=actor,
        to=TicketState.COMPLETED,
        sources=[TicketState.TAKEN],
        only_of=actor,
        assignee_id=actor.pk,
        at=now,
        action="complete_ticket",
        changes={"outcome": (None, outcome)} if is_complaint else None,
        personal=["message"] if is_complaint else [],
    )
    if is_complaint:
        # There is one already when the answer was withdrawn.
        Resolution.objects.update_or_create(
            ticket=ticket,
            defaults={"outcome": outcome, "message": message, "withdrawn_at": None},
        )
        post(
            ComplaintResolved(
                complaint_number=ticket.subject,
                outcome=ComplaintOutcome(outcome),
                message=message,
                resolved_at=now,
                resolved_by_name=actor.get_full_name(),
            ),
            to=[Destination.FRONTDESK],
            subject=ticket.subject,
            actor=actor,
            is_sealed=ticket.department == Department.HR,
        )
    hooks_of(ticket.department).on_completed(ticket, actor)
    return ticket


@transaction.atomic
def cancel_ticket(*, ticket: Ticket, note: str = "") -> Ticket:
    """Cancels a ticket whose work is no longer needed; it keeps its assignee, who is notified.

    `note` says in the ticket's history who cancelled the work and why. Raises
    `TicketStateConflict` when it was finished already.
    """
    # The assignee must not change between reading and writing.
    locked = Ticket.objects.select_for_update().get(pk=ticket.pk)
    now = timezone.now()
    change_state(
        ticket=ticket,
        actor=None,
        to=TicketState.CANCELLED,
        assignee_id=locked.assignee_id,
        at=now,
        action="cancel_ticket",
        note=note,
    )
    if locked.is_on_hold:
        post_ticket_resumed(ticket=ticket, actor=None, at=now)
    if ticket.assignee is not None:
        notify_person(
            person=ticket.assignee,
            ticket=ticket,
            kind=NotificationKind.CANCELLED,
            by=None,
            at=now,
            note=note,
        )
    return ticket
