"""Passing a ticket from one colleague to another."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from backoffice.tickets.actions.lifecycle import accept
from backoffice.tickets.actions.notifications import notify_person
from backoffice.tickets.actions.transitions import (
    NotAssignee,
    change_state,
    check_length,
    check_may_work,
    holder_conflict,
    may_direct,
    transfer,
)
from backoffice.tickets.models import NotificationKind, Ticket
from backoffice.tickets.states import TicketState
from officeflow.errors import Refused
from officeflow.permissions import Department, work_permission
from officeflow.staff.models import User

# The states in which a ticket has an assignee who works on it or waits for the desk.
ASSIGNED_STATES = (TicketState.TAKEN, TicketState.HELD, TicketState.RETURNED)


class InvalidAssignee(Refused):
    """The new assignee does not work in the department, or has the ticket already."""


@transaction.atomic
def take_over_ticket(*, actor: User, ticket: Ticket, holder: User, note: str = "") -> Ticket:
    """The actor takes a ticket over from `holder`, whom the page showed, with a note to them.

    It stays in the state in which it is: on hold until its day, with the desk until its answer.
    The former holder is notified. Of two people who try at once, one wins. Raises
    `PermissionDenied`, `TicketTaken` (somebody else, or the actor, has it now),
    `TicketStateConflict`, `Refused`.
    """
    check_may_work(actor, ticket)
    note = note.strip()
    check_length(note, "note")
    if holder.pk == actor.pk:
        raise (
            holder_conflict(ticket, holder, actor=actor)
            if ticket.assignee_id != actor.pk
            else NotAssignee(_("You already have this ticket."))
        )
    now = timezone.now()
    transfer(
        ticket=ticket,
        actor=actor,
        holder=holder,
        to=actor,
        sources=ASSIGNED_STATES,
        at=now,
        action="take_over_ticket",
        note=note,
    )
    notify_person(
        person=holder,
        ticket=ticket,
        kind=NotificationKind.TAKEN_OVER,
        by=actor,
        about=actor,
        at=now,
        note=note,
    )
    return ticket


@transaction.atomic
def reassign_ticket(
    *, actor: User, ticket: Ticket, to: User, holder: User | None, note: str = ""
) -> Ticket:
    """Gives a ticket to somebody who works in its department, with a note to them.

    The assignee may, and whoever leads the department; the latter may also assign a ticket that
    still waits (`holder` None), which accepts its hand-off. `holder` is who had it when the actor
    looked. Both colleagues are notified. Raises `InvalidAssignee`, `PermissionDenied`,
    `NotAssignee`, `TicketTaken`, `TicketStateConflict`, `Refused`.
    """
    note = note.strip()
    check_length(note, "note")
    if not may_direct(actor, ticket):
        check_may_work(actor, ticket)
        if holder is None:
            raise PermissionDenied
        if holder.pk != actor.pk:
            raise NotAssignee(
                _("%(name)s has this ticket. Only they can do this.") % {"name": holder}
            )
    permission = work_permission(Department(ticket.department))
    if not User.objects.holding(permission).filter(pk=to.pk).exists():
        message = _(
            "%(name)s does not work in this department at the moment. Choose another colleague."
        )
        raise InvalidAssignee(message % {"name": to}, "to")
    now = timezone.now()
    if holder is None:
        _assign_waiting(ticket=ticket, actor=actor, to=to, note=note)
    else:
        if holder.pk == to.pk:
            raise InvalidAssignee(_("%(name)s already has this ticket.") % {"name": to}, "to")
        transfer(
            ticket=ticket,
            actor=actor,
            holder=holder,
            to=to,
            sources=ASSIGNED_STATES,
            at=now,
            action="reassign_ticket",
            note=note,
        )
        notify_person(
            person=holder,
            ticket=ticket,
            kind=NotificationKind.MOVED_ON,
            by=actor,
            about=to,
            at=now,
            note=note,
        )
    notify_person(
        person=to, ticket=ticket, kind=NotificationKind.GIVEN, by=actor, about=to, at=now, note=note
    )
    return ticket


def _assign_waiting(*, ticket: Ticket, actor: User, to: User, note: str) -> None:
    now = timezone.now()
    change_state(
        ticket=ticket,
        actor=actor,
        to=TicketState.TAKEN,
        sources=[TicketState.WAITING],
        assignee_id=to.pk,
        at=now,
        action="reassign_ticket",
        note=note,
        changes={"assignee": (None, to.username)},
        personal=["note"] if note else [],
    )
    accept(ticket=ticket, by=to, at=now)
