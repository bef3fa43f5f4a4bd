"""Taking over and reassigning tickets."""

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
from backoffice.tickets.states import ASSIGNED_STATES, TicketState
from officeflow.errors import Refused
from officeflow.permissions import Department
from officeflow.staff.held_work import will_hold
from officeflow.staff.models import User


class InvalidAssignee(Refused):
    """The new assignee does not work in the department, or has the ticket already."""


@transaction.atomic
def take_over_ticket(*, actor: User, ticket: Ticket, holder: User, note: str = "") -> Ticket:
    """Takes a ticket over from `holder`, whom the actor saw, and notifies them with a note.

    The ticket keeps its state. Raises `PermissionDenied`, `TicketTaken` (somebody else has it
    now), `NotAssignee` (the actor has it already), `TicketStateConflict`, `Refused`.
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
    """Gives a ticket to `to`, who works in its department, and notifies both colleagues.

    `holder` is the assignee whom the actor saw. The assignee and the department's leaders may
    reassign; only leaders may assign a waiting ticket (`holder` None), which accepts its hand-off.
    Raises `InvalidAssignee`, `PermissionDenied`, `NotAssignee`, `TicketTaken`,
    `TicketStateConflict`, `Refused`.
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
    if not will_hold(to.pk, Department(ticket.department)):
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
            kind=NotificationKind.REASSIGNED,
            by=actor,
            about=to,
            at=now,
            note=note,
        )
    notify_person(
        person=to,
        ticket=ticket,
        kind=NotificationKind.ASSIGNED,
        by=actor,
        about=to,
        at=now,
        note=note,
    )
    return ticket


@transaction.atomic
def assign_to_holder(*, ticket: Ticket, holder: User) -> Ticket:
    """Gives a ticket that a hand-off opened to the person who already holds what it is about.

    It stays waiting if they no longer work in the department. Raises `TicketStateConflict`.
    """
    if not will_hold(holder.pk, Department(ticket.department)):
        return ticket
    now = timezone.now()
    change_state(
        ticket=ticket,
        actor=None,
        to=TicketState.TAKEN,
        sources=[TicketState.WAITING],
        assignee_id=holder.pk,
        at=now,
        action="assign_ticket",
        changes={"assignee": (None, holder.username)},
    )
    accept(ticket=ticket, by=holder, at=now)
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
