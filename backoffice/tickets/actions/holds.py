"""Putting a ticket on hold, and ending the hold by its assignee or on its day."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from backoffice.tickets.actions.notifications import notify_person
from backoffice.tickets.actions.transitions import change_state, check_length, check_may_work
from backoffice.tickets.due_times import opening_time
from backoffice.tickets.hooks import hooks_of
from backoffice.tickets.models import NotificationKind, Ticket
from backoffice.tickets.states import TicketState
from officeflow.company.queries import office_date
from officeflow.errors import Refused
from officeflow.handoff.contracts import TicketHeld, TicketResumed
from officeflow.handoff.models import Destination
from officeflow.handoff.outbox import post
from officeflow.permissions import Department
from officeflow.staff.held_work import works_in
from officeflow.staff.models import User

MAX_HOLD = timedelta(days=366)
HOLDS_PER_RUN = 50


class HoldRefused(Refused):
    """The hold has no reason, or does not end on a future day within a year."""


@transaction.atomic
def hold_ticket(*, actor: User, ticket: Ticket, reason: str, until_date: date) -> Ticket:
    """Puts the actor's ticket on hold until the office opens on `until_date`.

    The reason is posted to the desk, except by HR. Raises `HoldRefused`, `PermissionDenied`,
    `NotAssignee`, `TicketStateConflict`.
    """
    check_may_work(actor, ticket)
    reason = reason.strip()
    if not reason:
        raise HoldRefused(_("Enter what the ticket is waiting for."), "reason")
    check_length(reason, "reason")
    today = office_date()
    if until_date <= today:
        raise HoldRefused(_("Choose a day after today."), "until_date")
    if until_date > today + MAX_HOLD:
        raise HoldRefused(_("Choose a day within one year."), "until_date")
    now, until = timezone.now(), opening_time(until_date)
    change_state(
        ticket=ticket,
        actor=actor,
        to=TicketState.HELD,
        sources=[TicketState.TAKEN],
        only_of=actor,
        assignee_id=actor.pk,
        at=now,
        action="hold_ticket",
        note=reason,
        held_until=until,
        changes={"until": (None, until)},
        personal=["reason"],
    )
    if _desk_may_know(ticket):
        post(
            TicketHeld(
                ticket_number=ticket.number,
                subject=ticket.subject,
                department=ticket.department,
                reason=reason,
                held_at=now,
                until_at=until,
                held_by_name=str(actor),
            ),
            to=[Destination.FRONTDESK],
            subject=ticket.subject,
            actor=actor,
        )
    return ticket


@transaction.atomic
def resume_ticket(*, actor: User, ticket: Ticket) -> Ticket:
    """Resumes a ticket that the actor has on hold.

    Raises `PermissionDenied`, `NotAssignee`, `TicketTaken` (it was resumed already) and
    `TicketStateConflict`.
    """
    check_may_work(actor, ticket)
    now = timezone.now()
    change_state(
        ticket=ticket,
        actor=actor,
        to=TicketState.TAKEN,
        sources=[TicketState.HELD],
        only_of=actor,
        assignee_id=actor.pk,
        at=now,
        action="resume_ticket",
    )
    hooks_of(ticket.department).on_resumed(ticket, actor)
    post_ticket_resumed(ticket=ticket, actor=actor, at=now)
    return ticket


def end_holds(*, limit: int = HOLDS_PER_RUN) -> int:
    """Ends holds whose day has come, each in its own transaction; returns how many.

    A ticket goes back to its assignee, who is notified, or into the queue if they no longer work
    in the department. Several processes may run this at once.
    """
    due = Ticket.objects.filter(state=TicketState.HELD, held_until__lte=timezone.now())
    done = 0
    for pk in list(due.order_by("held_until").values_list("pk", flat=True)[:limit]):
        done += _end_hold(pk)
    return done


@transaction.atomic
def _end_hold(pk: int) -> int:
    now = timezone.now()
    ticket = (
        Ticket.objects.select_for_update(skip_locked=True, of=("self",))
        .select_related("assignee")
        .filter(pk=pk, state=TicketState.HELD, held_until__lte=now)
        .first()
    )
    if ticket is None:
        return 0
    holder = ticket.assignee
    assert holder is not None  # a constraint of the table
    stays = works_in(holder.pk, Department(ticket.department))
    change_state(
        ticket=ticket,
        actor=None,
        to=TicketState.TAKEN if stays else TicketState.WAITING,
        sources=[TicketState.HELD],
        only_of=holder,
        assignee_id=holder.pk if stays else None,
        at=now,
        action="end_hold",
        is_expired_hold=True,
    )
    hooks_of(ticket.department).on_resumed(ticket, None)
    post_ticket_resumed(ticket=ticket, actor=None, at=now)
    if stays:
        notify_person(
            person=holder, ticket=ticket, kind=NotificationKind.HOLD_ENDED, by=None, at=now
        )
    return 1


def post_ticket_resumed(*, ticket: Ticket, actor: User | None, at: datetime) -> None:
    """Posts the end of a hold to the desk, except by HR."""
    if _desk_may_know(ticket):
        post(
            TicketResumed(
                ticket_number=ticket.number,
                subject=ticket.subject,
                department=ticket.department,
                resumed_at=at,
                resumed_by_name=str(actor) if actor else "",
            ),
            to=[Destination.FRONTDESK],
            subject=ticket.subject,
            actor=actor,
        )


def _desk_may_know(ticket: Ticket) -> bool:
    # HR reports nothing about its work on a case.
    return ticket.department != Department.HR
