"""The desk's answer to a returned ticket."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from backoffice.tickets.actions.notifications import notify_person
from backoffice.tickets.actions.transitions import change_state
from backoffice.tickets.hooks import hooks_of
from backoffice.tickets.models import NotificationKind, Ticket, TicketQuestion
from backoffice.tickets.states import TicketState
from officeflow.handoff.registry import PermanentError
from officeflow.permissions import Department
from officeflow.staff.held_work import works_in


class TicketMissingError(PermanentError):
    """The department has no ticket with the answer's number."""


@transaction.atomic
def receive_answer(
    *,
    ticket_number: str,
    department: Department,
    answer: str,
    answered_by_name: str,
    answered_at: datetime,
) -> Ticket:
    """Stores the answer with the open question and moves the ticket on.

    The ticket goes back to its assignee if they still work in the department, else into the
    queue; a ticket that was cancelled meanwhile stays cancelled. Raises `TicketMissingError`, also
    for another department's ticket.
    """
    try:
        ticket = Ticket.objects.select_for_update().get(number=ticket_number, department=department)
    except Ticket.DoesNotExist:
        raise TicketMissingError(f"{department.value} has no ticket {ticket_number}") from None
    TicketQuestion.objects.filter(ticket=ticket, answered_at__isnull=True).update(
        answer=answer, answered_by_name=answered_by_name, answered_at=answered_at
    )
    if ticket.state != TicketState.RETURNED:
        return ticket
    now = timezone.now()
    assignee = ticket.assignee
    still_works_here = assignee is not None and works_in(assignee.pk, department)
    change_state(
        ticket=ticket,
        actor=None,
        to=TicketState.TAKEN if still_works_here else TicketState.WAITING,
        sources=[TicketState.RETURNED],
        only_of=assignee,
        assignee_id=assignee.pk if assignee and still_works_here else None,
        at=now,
        action="answer_ticket",
        personal=["answer"],
    )
    hooks_of(department).on_answered(ticket, None)
    if assignee is not None and still_works_here:
        notify_person(
            person=assignee, ticket=ticket, kind=NotificationKind.ANSWERED, by=None, at=now
        )
    return ticket
