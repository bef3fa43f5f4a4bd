"""Changing a ticket's priority."""

from __future__ import annotations

from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from backoffice.tickets.actions.notifications import notify_person
from backoffice.tickets.actions.transitions import (
    TicketStateConflict,
    check_length,
    may_direct,
    realm_of,
)
from backoffice.tickets.models import NotificationKind, PriorityChange, Ticket
from backoffice.tickets.states import OPEN_STATES, Priority
from officeflow.audit.actions import record
from officeflow.errors import Refused
from officeflow.permissions import Department, work_permission
from officeflow.staff.models import User


class UnknownPriority(Refused):
    """The text is not a priority."""


class RushReasonMissing(Refused):
    """A colleague who asks for a rush gives the reason."""


def may_prioritise(actor: User, ticket: Ticket) -> bool:
    """Returns whether the actor leads the department, or works in it and has the ticket."""
    return may_direct(actor, ticket) or (
        ticket.assignee_id == actor.pk and may_ask_for_rush(actor, ticket)
    )


def may_ask_for_rush(actor: User, ticket: Ticket) -> bool:
    """Returns whether the actor may raise the priority with a reason: works in the department."""
    return actor.may(work_permission(Department(ticket.department)))


@transaction.atomic
def set_priority(
    *, actor: User, ticket: Ticket, priority: str, seen: str, reason: str = ""
) -> Ticket:
    """Changes an open ticket's priority. `seen` is the priority that the actor saw.

    The assignee and the department's leaders may; a colleague of the department may ask for a
    rush, which raises the priority and needs a `reason`. The current priority changes nothing.
    Raises `UnknownPriority`, `RushReasonMissing`, `PermissionDenied` and `TicketStateConflict` (it
    was finished, or a colleague changed it meanwhile).
    """
    reason = reason.strip()
    check_length(reason, "reason")
    if priority not in Priority.values:
        raise UnknownPriority(_("Choose one of the priorities."), "priority")
    if not may_prioritise(actor, ticket):
        raises = seen in Priority.values and Priority(priority).rank < Priority(seen).rank
        if not (raises and may_ask_for_rush(actor, ticket)):
            raise PermissionDenied
        if not reason:
            raise RushReasonMissing(_("Enter why this ticket should come first."), "reason")
    if priority == seen == ticket.priority:
        return ticket
    now = timezone.now()
    if not _change(ticket, seen, priority, actor, now, reason=reason):
        ticket.refresh_from_db()
        if not ticket.is_open:
            raise TicketStateConflict(
                _("The ticket is finished, so its priority can no longer be changed.")
            )
        raise TicketStateConflict(
            _("A colleague has changed the priority to “%(priority)s”.")
            % {"priority": Priority(ticket.priority).label}
        )
    ticket.refresh_from_db()
    return ticket


@transaction.atomic
def raise_for_rush(*, ticket: Ticket, reason: str, requested_by_name: str, at: datetime) -> Ticket:
    """Raises a locked open ticket to "high" at the desk's request, and notifies its assignee."""
    if Priority(ticket.priority).rank > Priority.HIGH.rank:
        _change(
            ticket,
            ticket.priority,
            Priority.HIGH,
            None,
            at,
            reason=reason,
            requested_by_name=requested_by_name[:150],
        )
    else:
        touch_ticket(ticket=ticket, at=at)
    ticket.refresh_from_db()
    if ticket.assignee is not None:
        notify_person(
            person=ticket.assignee,
            ticket=ticket,
            kind=NotificationKind.RUSH,
            by=None,
            at=at,
            note=reason,
        )
    return ticket


def lower_after_rush(*, actor: User, ticket: Ticket, asked_at: datetime, at: datetime) -> None:
    """Takes back the raise of a desk's rush, asked for at `asked_at`, which was refused.

    A priority that was set before or since stays.
    """
    raised = PriorityChange.objects.filter(ticket=ticket, at__gte=asked_at).last()
    if raised is not None and raised.actor_id is None:
        _change(ticket, raised.new, raised.old, actor, at, reason="")


def touch_ticket(*, ticket: Ticket, at: datetime) -> None:
    """Marks a ticket as changed, so that its open page shows what a department added to it."""
    Ticket.objects.filter(pk=ticket.pk).update(changed_at=at, version=F("version") + 1)


def _change(
    ticket: Ticket,
    old: str,
    new: str,
    actor: User | None,
    at: datetime,
    *,
    reason: str,
    requested_by_name: str = "",
) -> bool:
    """Changes the priority of an open ticket, with its history; returns whether it was `old`."""
    updated = Ticket.objects.filter(pk=ticket.pk, state__in=OPEN_STATES, priority=old).update(
        priority=new, changed_at=at, version=F("version") + 1
    )
    if not updated:
        return False
    PriorityChange.objects.create(
        ticket=ticket,
        old=old,
        new=new,
        actor=actor,
        requested_by_name=requested_by_name,
        reason=reason,
        at=at,
    )
    record(
        actor=actor,
        action="set_priority",
        subject_kind="ticket",
        subject=ticket.number,
        changes={"priority": (old, new)},
        personal=["reason"] if reason else [],
        realm=realm_of(ticket),
        at=at,
    )
    return True
