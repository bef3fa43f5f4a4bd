"""Changing a ticket's priority."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from backoffice.tickets.actions.transitions import TicketStateConflict, may_direct, realm_of
from backoffice.tickets.models import PriorityChange, Ticket
from backoffice.tickets.states import OPEN_STATES, Priority
from officeflow.audit.actions import record
from officeflow.errors import Refused
from officeflow.permissions import Department, work_permission
from officeflow.staff.models import User


class UnknownPriority(Refused):
    """The text is not a priority."""


def may_prioritise(actor: User, ticket: Ticket) -> bool:
    """Returns whether the actor leads the department, or works in it and has the ticket."""
    if may_direct(actor, ticket):
        return True
    return ticket.assignee_id == actor.pk and actor.may(
        work_permission(Department(ticket.department))
    )


@transaction.atomic
def set_priority(*, actor: User, ticket: Ticket, priority: str, seen: str) -> Ticket:
    """Changes an open ticket's priority. `seen` is the priority that the actor saw.

    The current priority changes nothing. Raises `UnknownPriority`, `PermissionDenied` and
    `TicketStateConflict` (it was finished, or a colleague changed it meanwhile).
    """
    if not may_prioritise(actor, ticket):
        raise PermissionDenied
    if priority not in Priority.values:
        raise UnknownPriority(_("Choose one of the priorities."), "priority")
    if priority == seen == ticket.priority:
        return ticket
    now = timezone.now()
    updated = Ticket.objects.filter(pk=ticket.pk, state__in=OPEN_STATES, priority=seen).update(
        priority=priority, changed_at=now, version=F("version") + 1
    )
    if not updated:
        ticket.refresh_from_db()
        if not ticket.is_open:
            raise TicketStateConflict(
                _("The ticket is finished, so its priority can no longer be changed.")
            )
        raise TicketStateConflict(
            _("A colleague has changed the priority to “%(priority)s”.")
            % {"priority": Priority(ticket.priority).label}
        )
    PriorityChange.objects.create(ticket=ticket, old=seen, new=priority, actor=actor, at=now)
    record(
        actor=actor,
        action="set_priority",
        subject_kind="ticket",
        subject=ticket.number,
        changes={"priority": (seen, priority)},
        realm=realm_of(ticket),
        at=now,
    )
    ticket.refresh_from_db()
    return ticket
