"""The desk's answer comes back to whoever asked."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from backoffice.tickets.actions.notifications import tell
from backoffice.tickets.actions.transitions import move
from backoffice.tickets.departments import hooks_of
from backoffice.tickets.models import Exchange, NoticeKind, Ticket
from backoffice.tickets.states import TicketState
from officeflow.handoff.registry import PermanentError
from officeflow.permissions import Department, work_permission
from officeflow.staff.models import User


class TicketMissingError(PermanentError):
    """An answer came for a ticket that the department does not have."""


@transaction.atomic
def receive_answer(
    *,
    ticket_number: str,
    department: Department,
    answer: str,
    answered_by_name: str,
    answered_at: datetime,
) -> Ticket:
    """Writes the answer on the open question and brings the ticket back into work.

    It goes to the one who asked while they still work in the department, else it waits for
    anybody. When the ticket was cancelled meanwhile the answer is only kept. Raises
    `TicketMissingError`, also for another department's.
    """
    try:
        ticket = Ticket.objects.select_for_update().get(number=ticket_number, department=department)
    except Ticket.DoesNotExist:
        raise TicketMissingError(f"{department.value} has no ticket {ticket_number}") from None
    Exchange.objects.filter(ticket=ticket, answered_at__isnull=True).update(
        answer=answer, answered_by_name=answered_by_name, answered_at=answered_at
    )
    if ticket.state != TicketState.RETURNED:
        return ticket
    now = timezone.now()
    asker_id = ticket.assignee_id
    still_works_here = (
        asker_id is not None
        and User.objects.holding(work_permission(department)).filter(pk=asker_id).exists()
    )
    move(
        ticket=ticket,
        actor=None,
        to=TicketState.TAKEN if still_works_here else TicketState.WAITING,
        sources=[TicketState.RETURNED],
        assignee_id=asker_id if still_works_here else None,
        at=now,
        action="answer_ticket",
        personal=["answer"],
    )
    hooks_of(department).on_answered(ticket, None)
    if still_works_here and ticket.assignee is not None:
        tell(person=ticket.assignee, ticket=ticket, kind=NoticeKind.ANSWERED, by=None, at=now)
    return ticket
