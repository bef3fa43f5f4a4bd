"""Putting a ticket on hold until a day, and taking it up again: by hand, or by itself."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from backoffice.tickets.actions.notifications import tell
from backoffice.tickets.actions.transitions import check_length, check_may_work, move
from backoffice.tickets.departments import hooks_of
from backoffice.tickets.due import opening_time
from backoffice.tickets.models import NoticeKind, Ticket
from backoffice.tickets.states import TicketState
from officeflow.company.queries import office_date
from officeflow.errors import Refused
from officeflow.handoff.contracts import TicketHeld, TicketResumed
from officeflow.handoff.models import Destination
from officeflow.handoff.outbox import post
from officeflow.permissions import Department, work_permission
from officeflow.staff.models import User

LONGEST_HOLD = timedelta(days=366)
HOLDS_A_ROUND = 50


class HoldRefused(Refused):
    """A hold has a reason and ends on a day to come, within a year."""


@transaction.atomic
def hold_ticket(*, actor: User, ticket: Ticket, reason: str, until_date: date) -> Ticket:
    """The actor puts a ticket that they have on hold; it comes back when the office opens on
    `until_date`.

    The desk hears of it with the reason, except from HR. Raises `HoldRefused`,
    `PermissionDenied`, `NotYours`, `TicketMoved`.
    """
    check_may_work(actor, ticket)
    reason = reason.strip()
    if not reason:
        raise HoldRefused(_("Enter what the ticket is waiting for."), "reason")
    check_length(reason, "reason")
    today = office_date()
    if until_date <= today:
        raise HoldRefused(_("Choose a day after today."), "until_date")
    if until_date > today + LONGEST_HOLD:
        raise HoldRefused(_("Choose a day within one year."), "until_date")
    now, until = timezone.now(), opening_time(until_date)
    move(
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
    """The actor goes on with a ticket that they put on hold.

    Raises `PermissionDenied`, `NotYours`, `TicketTaken` (it is in work already), `TicketMoved`.
    """
    check_may_work(actor, ticket)
    now = timezone.now()
    move(
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
    tell_desk_resumed(ticket=ticket, actor=actor, at=now)
    return ticket


def end_holds(*, limit: int = HOLDS_A_ROUND) -> int:
    """Brings back the tickets whose day has come, each in its own transaction; how many it did.

    A ticket returns to whoever held it, who is told, or into the queue when they work here no
    more. Several may do this at once.
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
    assert holder is not None  # the database holds it
    permission = work_permission(Department(ticket.department))
    stays = User.objects.holding(permission).filter(pk=holder.pk).exists()
    move(
        ticket=ticket,
        actor=None,
        to=TicketState.TAKEN if stays else TicketState.WAITING,
        sources=[TicketState.HELD],
        assignee_id=holder.pk if stays else None,
        at=now,
        action="end_hold",
        comes_back=True,
    )
    hooks_of(ticket.department).on_resumed(ticket, None)
    tell_desk_resumed(ticket=ticket, actor=None, at=now)
    if stays:
        tell(person=holder, ticket=ticket, kind=NoticeKind.DUE_AGAIN, by=None, at=now)
    return 1


def tell_desk_resumed(*, ticket: Ticket, actor: User | None, at: datetime) -> None:
    """The desk, which was told of a hold, hears that it is over."""
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
    """How HR goes about a case is nobody's business outside it."""
    return ticket.department != Department.HR
