"""How a ticket moves: one guarded UPDATE, its period, its audit row. The verbs stand on this."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import F
from django.utils.translation import gettext as _

from backoffice.tickets.models import Ticket, TicketPeriod
from backoffice.tickets.states import TICKET_MOVES, TicketState
from officeflow.audit.actions import record
from officeflow.audit.models import Realm
from officeflow.errors import Conflict
from officeflow.staff.models import User
from officeflow.staff.permissions import Department, work_permission
from officeflow.ui.times import short


class TicketTaken(Conflict):
    """A colleague was faster, or one has it already oneself."""


class NotYours(Conflict):
    """Only the one who took a ticket gives it back, returns or completes it."""


class TicketMoved(Conflict):
    """The ticket is not, or no longer, in a state that allows this."""


def check_may_work(actor: User, ticket: Ticket) -> None:
    """Raises `PermissionDenied` unless the actor may work in the ticket's department."""
    if not actor.may(work_permission(Department(ticket.department))):
        raise PermissionDenied


def move(
    *,
    ticket: Ticket,
    actor: User | None,
    to: TicketState,
    sources: Iterable[TicketState] | None = None,
    only_of: User | None = None,
    assignee_id: int | None,
    at: datetime,
    action: str,
    changes: Mapping[str, tuple[Any, Any]] | None = None,
    personal: Iterable[str] = (),
) -> None:
    """Brings the ticket into a state, if it is still where the move may begin.

    `sources` narrows the table of moves; `only_of` asks that this person has the ticket. Writes
    the period and the audit row and refreshes `ticket`. Of two at once, one wins; the other gets
    `TicketTaken`, `NotYours` or `TicketMoved`, each with a word on how things stand. The caller
    holds the transaction.
    """
    allowed = [old for old in TICKET_MOVES.sources(to) if sources is None or old in set(sources)]
    standing = Ticket.objects.filter(pk=ticket.pk, state__in=allowed)
    if only_of is not None:
        standing = standing.filter(assignee=only_of)
    is_final = to not in TICKET_MOVES.table
    # The one statement that decides a race: whoever comes second finds no row.
    won = standing.update(
        state=to,
        assignee_id=assignee_id,
        closed_at=at if is_final else None,
        changed_at=at,
        version=F("version") + 1,
    )
    if not won:
        raise explain(ticket, to, actor)
    # The row is ours until the commit, so the period before this one is certain.
    before = TicketPeriod.objects.get(ticket=ticket, ended_at__isnull=True)
    TicketPeriod.objects.filter(pk=before.pk).update(ended_at=at)
    TicketPeriod.objects.create(
        ticket=ticket, state=to, assignee_id=assignee_id, actor=actor, started_at=at
    )
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
    ticket.refresh_from_db()


def explain(ticket: Ticket, to: TicketState, actor: User | None) -> Conflict:
    """Why a move did not come about, in words for the one who tried."""
    now = Ticket.objects.select_related("assignee").get(pk=ticket.pk)
    state = TicketState(now.state)
    if to == TicketState.TAKEN and now.assignee is not None and now.is_open:
        return TicketTaken(_taken_words(now, actor))
    if (
        state in (TicketState.TAKEN, TicketState.HELD)
        and now.assignee is not None
        and now.assignee != actor
    ):
        return NotYours(
            _("%(name)s has this ticket; only they can do that.") % {"name": now.assignee}
        )
    return TicketMoved(_MOVED[state]())


def _taken_words(ticket: Ticket, actor: User | None) -> str:
    if ticket.assignee == actor:
        return _("You have taken it already.")
    period = (
        TicketPeriod.objects.filter(
            ticket=ticket, state=TicketState.TAKEN, assignee=ticket.assignee, actor__isnull=False
        )
        .order_by("-started_at", "-pk")
        .first()
    )
    if period is None:
        return _("%(name)s has taken it already.") % {"name": ticket.assignee}
    return _("%(name)s has taken it already (%(time)s).") % {
        "name": ticket.assignee,
        "time": short(period.started_at),
    }


_MOVED = {
    TicketState.WAITING: lambda: _("Nobody has this ticket; take it first."),
    TicketState.TAKEN: lambda: _("The ticket is in work."),
    TicketState.HELD: lambda: _("The ticket is on hold."),
    TicketState.RETURNED: lambda: _("The ticket is with the desk; its answer brings it back."),
    TicketState.COMPLETED: lambda: _("The ticket is completed already."),
    TicketState.CANCELLED: lambda: _("The ticket was cancelled; there is nothing left to do."),
}


def realm_of(ticket: Ticket) -> Realm:
    """Who may read what is written in the trail about the ticket."""
    return Realm.HR if ticket.department == Department.HR else Realm.OFFICE
