"""Changing a ticket's state or assignee: one guarded UPDATE, a period and an audit entry."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import F
from django.utils.translation import gettext as _

from backoffice.tickets.due_times import after_hold
from backoffice.tickets.models import Ticket, TicketPeriod
from backoffice.tickets.states import OPEN_STATES, TICKET_MOVES, TicketState
from officeflow.audit.actions import record
from officeflow.audit.models import Realm
from officeflow.errors import Conflict, Refused
from officeflow.permissions import Department, direct_permission, work_permission
from officeflow.postgres.inserts import insert
from officeflow.postgres.updates import take_values, update_returning
from officeflow.staff.held_work import will_hold
from officeflow.staff.models import User
from officeflow.ui.times import short

# The most characters of a question, an answer, a comment or a note.
TEXT_LIMIT = 4000


class TicketTaken(Conflict):
    """A colleague was faster, or the actor has the ticket already."""


class NotAssignee(Conflict):
    """Only the assignee of a ticket may do this."""


class TicketStateConflict(Conflict):
    """The ticket is not, or no longer, in a state that allows this."""


def check_may_work(actor: User, ticket: Ticket) -> None:
    """Raises `PermissionDenied` unless the actor may work in the ticket's department."""
    if not actor.may(work_permission(Department(ticket.department))):
        raise PermissionDenied


def check_will_hold(person_id: int, ticket: Ticket) -> None:
    """Raises `PermissionDenied` unless a person works in the ticket's department until the commit.

    Before the ticket's row is locked, as those who end a role lock the person first.
    """
    if not will_hold(person_id, Department(ticket.department)):
        raise PermissionDenied


def may_direct(actor: User, ticket: Ticket) -> bool:
    """Returns whether the actor leads the ticket's department."""
    return actor.may(direct_permission(Department(ticket.department)))


def check_length(text: str, field: str) -> None:
    """Raises `Refused` for a text longer than `TEXT_LIMIT`."""
    if len(text) > TEXT_LIMIT:
        raise Refused(
            _("This text has %(length)d characters. Shorten it to %(limit)d.")
            % {"length": len(text), "limit": TEXT_LIMIT},
            field,
        )


def change_state(
    *,
    ticket: Ticket,
    actor: User | None,
    to: TicketState,
    sources: Iterable[TicketState] | None = None,
    only_of: User | None = None,
    assignee_id: int | None,
    at: datetime,
    action: str,
    note: str = "",
    held_until: datetime | None = None,
    is_expired_hold: bool = False,
    changes: Mapping[str, tuple[Any, Any]] | None = None,
    personal: Iterable[str] = (),
) -> None:
    """Moves the ticket to a state, writes its period and audit entry, and refreshes `ticket`.

    `sources` limits the states from which the move is allowed; `only_of` must be the assignee.
    `note` is stored with the period; `held_until` belongs to a hold, and `is_expired_hold` marks
    the end of a hold whose day has come. Raises `TicketTaken`, `NotAssignee` or
    `TicketStateConflict`, whose message tells the ticket's current state, and `PermissionDenied`
    when a new assignee does not work in the department. Called in a transaction.
    """
    if assignee_id is not None and to in OPEN_STATES and only_of is None:
        check_will_hold(assignee_id, ticket)
    allowed = [old for old in TICKET_MOVES.sources(to) if sources is None or old in set(sources)]
    rows = Ticket.objects.filter(pk=ticket.pk, state__in=allowed)
    if only_of is not None:
        rows = rows.filter(assignee=only_of)
    is_finished = to not in OPEN_STATES
    # This statement decides a race: the second of two transactions finds no row.
    updated = update_returning(
        rows,
        state=to,
        assignee_id=assignee_id,
        held_until=held_until,
        hold_ended_at=at if is_expired_hold else None,
        closed_at=at if is_finished else None,
        changed_at=at,
        version=F("version") + 1,
    )
    if not updated:
        raise state_conflict(ticket, to, actor=actor)
    take_values(ticket, updated[0])
    before = _next_period(ticket, to, assignee_id, actor, at, note, held_until)
    record(
        actor=actor,
        action=action,
        subject_kind="ticket",
        subject=ticket.number,
        changes={"state": (before.state, to.value), **(changes or {})},
        personal=personal,
        realm=realm_of(ticket),
        at=at,
    )


def change_without_holder(
    *, ticket: Ticket, actor: User | None, holder: User, at: datetime, action: str
) -> None:
    """Takes a ticket that is with the desk from `holder`, and gives it to nobody.

    The desk's answer brings it into the queue. Writes its period and audit entry, and refreshes
    `ticket`. Raises `TicketTaken` or `TicketStateConflict`. Called in a transaction.
    """
    _change_holder(
        ticket=ticket,
        actor=actor,
        holder=holder,
        to=None,
        sources=[TicketState.RETURNED],
        at=at,
        action=action,
        note="",
    )


def transfer(
    *,
    ticket: Ticket,
    actor: User | None,
    holder: User,
    to: User,
    sources: Iterable[TicketState],
    at: datetime,
    action: str,
    note: str,
) -> None:
    """Gives the ticket from `holder` to `to`, writes its period and audit entry, and refreshes
    `ticket`; its state stays.

    Raises `TicketTaken` or `TicketStateConflict` when `holder` no longer has it; the message tells
    who has it now; and `PermissionDenied` when `to` does not work in the department. Called in a
    transaction.
    """
    check_will_hold(to.pk, ticket)
    _change_holder(
        ticket=ticket,
        actor=actor,
        holder=holder,
        to=to,
        sources=sources,
        at=at,
        action=action,
        note=note,
    )


def _change_holder(
    *,
    ticket: Ticket,
    actor: User | None,
    holder: User,
    to: User | None,
    sources: Iterable[TicketState],
    at: datetime,
    action: str,
    note: str,
) -> None:
    updated = update_returning(
        Ticket.objects.filter(pk=ticket.pk, state__in=list(sources), assignee=holder),
        assignee=to,
        hold_ended_at=None,
        changed_at=at,
        version=F("version") + 1,
    )
    if not updated:
        raise holder_conflict(ticket, holder, actor=actor)
    take_values(ticket, updated[0])
    _next_period(
        ticket, TicketState(ticket.state), ticket.assignee_id, actor, at, note, ticket.held_until
    )
    record(
        actor=actor,
        action=action,
        subject_kind="ticket",
        subject=ticket.number,
        changes={"assignee": (holder.username, to.username if to else None)},
        personal=["note"] if note else [],
        realm=realm_of(ticket),
        at=at,
    )


def _next_period(
    ticket: Ticket,
    state: TicketState,
    assignee_id: int | None,
    actor: User | None,
    at: datetime,
    note: str,
    until_at: datetime | None,
) -> TicketPeriod:
    """Ends the current period and starts the next; returns the ended one.

    The caller has updated the ticket's row, which stays locked until the commit, so that no other
    transaction ends the period. After a hold the due time moves by the opening time it lasted.
    """
    current = TicketPeriod.objects.filter(ticket=ticket, ended_at__isnull=True)
    (before,) = update_returning(current, ended_at=at)
    following = TicketPeriod(
        ticket=ticket,
        state=state,
        assignee_id=assignee_id,
        actor=actor,
        started_at=at,
        note=note,
        until_at=until_at,
    )
    insert([following])
    if before.state == TicketState.HELD and not ticket.is_promised:
        ticket.due_at = after_hold(ticket, before.started_at, at)
        Ticket.objects.filter(pk=ticket.pk).update(due_at=ticket.due_at)
    return before


def state_conflict(ticket: Ticket, to: TicketState, *, actor: User | None) -> Conflict:
    """Returns the error for the actor whose change of state found no row."""
    now = Ticket.objects.select_related("assignee").get(pk=ticket.pk)
    state = TicketState(now.state)
    if to == TicketState.TAKEN and now.assignee is not None and now.is_open:
        return TicketTaken(_taken_message(now, actor))
    if (
        state in (TicketState.TAKEN, TicketState.HELD)
        and now.assignee is not None
        and now.assignee != actor
    ):
        return NotAssignee(
            _("%(name)s has this ticket. Only they can do this.") % {"name": now.assignee}
        )
    return TicketStateConflict(_STATE_MESSAGES[state]())


def holder_conflict(ticket: Ticket, holder: User, *, actor: User | None) -> Conflict:
    """Returns the error for the actor whose transfer found no row."""
    now = Ticket.objects.select_related("assignee").get(pk=ticket.pk)
    if now.is_open and now.assignee is not None and now.assignee != holder:
        if now.assignee == actor:
            return TicketTaken(_("You already have this ticket."))
        return TicketTaken(
            _("%(name)s has this ticket now, not %(holder)s.")
            % {"name": now.assignee, "holder": holder}
        )
    return TicketStateConflict(_STATE_MESSAGES[TicketState(now.state)]())


def _taken_message(ticket: Ticket, actor: User | None) -> str:
    if ticket.assignee == actor:
        return _("You have already taken this ticket.")
    period = (
        TicketPeriod.objects.filter(
            ticket=ticket, state=TicketState.TAKEN, assignee=ticket.assignee, actor__isnull=False
        )
        .order_by("-started_at", "-pk")
        .first()
    )
    if period is None:
        return _("%(name)s has already taken this ticket.") % {"name": ticket.assignee}
    return _("%(name)s has already taken this ticket (%(time)s).") % {
        "name": ticket.assignee,
        "time": short(period.started_at),
    }


_STATE_MESSAGES = {
    TicketState.WAITING: lambda: _("Nobody has this ticket. Take it first."),
    TicketState.TAKEN: lambda: _("The ticket is in progress."),
    TicketState.HELD: lambda: _("The ticket is on hold."),
    TicketState.RETURNED: lambda: _(
        "The ticket is with the front desk. It comes back with their answer."
    ),
    TicketState.COMPLETED: lambda: _("The ticket is already completed."),
    TicketState.CANCELLED: lambda: _("The ticket was cancelled. There is nothing left to do."),
}


def realm_of(ticket: Ticket) -> Realm:
    """Returns the part of the audit trail for the ticket's entries."""
    return Realm.HR if ticket.department == Department.HR else Realm.OFFICE
