"""Moving the tickets of people who may no longer work on them."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from backoffice.tickets.actions.holds import post_ticket_resumed
from backoffice.tickets.actions.notifications import notify_person
from backoffice.tickets.actions.transfer import InvalidAssignee
from backoffice.tickets.actions.transitions import change_state, change_without_holder, transfer
from backoffice.tickets.hooks import hooks_of
from backoffice.tickets.models import NotificationKind, Ticket
from backoffice.tickets.states import ASSIGNED_STATES, TicketState
from officeflow.permissions import Department
from officeflow.staff.held_work import GiveTo, lock_person, release_work, will_hold
from officeflow.staff.models import User

PEOPLE_PER_RUN = 20


def release_tickets(
    *, actor: User | None, person: User, departments: Collection[Department], give_to: GiveTo
) -> int:
    """Moves a person's open tickets of the departments; returns how many.

    A ticket goes to the colleague in `give_to`, who is notified, or into the queue; one that waits
    for the desk then waits without an assignee. Raises `InvalidAssignee`. See
    `officeflow.staff.held_work`.
    """
    # The colleagues before the tickets, and all tickets before any hand-off that their moves post:
    # every transaction locks in this order.
    for department in Department:
        to = give_to.get(department)
        if to is not None and department in departments and not will_hold(to.pk, department):
            message = _("%(name)s does not work in this department at the moment.") % {"name": to}
            raise InvalidAssignee(message, f"to_{department.value}")
    tickets = list(
        Ticket.objects.select_for_update()
        .filter(assignee=person, state__in=ASSIGNED_STATES, department__in=departments)
        .order_by("pk")
    )
    now = timezone.now()
    for ticket in tickets:
        to = give_to.get(Department(ticket.department))
        if to is not None:
            _give(actor=actor, ticket=ticket, holder=person, to=to, at=now)
        elif ticket.state == TicketState.RETURNED:
            change_without_holder(
                ticket=ticket, actor=actor, holder=person, at=now, action="release_ticket"
            )
        else:
            _queue(actor=actor, ticket=ticket, holder=person, at=now)
    return len(tickets)


def _give(*, actor: User | None, ticket: Ticket, holder: User, to: User, at: datetime) -> None:
    transfer(
        ticket=ticket,
        actor=actor,
        holder=holder,
        to=to,
        sources=ASSIGNED_STATES,
        at=at,
        action="release_ticket",
        note="",
    )
    notify_person(
        person=to, ticket=ticket, kind=NotificationKind.ASSIGNED, by=actor, about=to, at=at
    )


def _queue(*, actor: User | None, ticket: Ticket, holder: User, at: datetime) -> None:
    was_held = ticket.is_on_hold
    change_state(
        ticket=ticket,
        actor=actor,
        to=TicketState.WAITING,
        only_of=holder,
        assignee_id=None,
        at=at,
        action="release_ticket",
        changes={"assignee": (holder.username, None)},
    )
    hooks_of(ticket.department).on_untaken(ticket, actor)
    if was_held:
        post_ticket_resumed(ticket=ticket, actor=actor, at=at)


def release_stranded(*, limit: int = PEOPLE_PER_RUN) -> int:
    """Moves the tickets whose assignee may no longer work on them; returns how many.

    That is so when a role ended by the clock, or a new version gives a role fewer permissions.
    Each person in a transaction of their own; several processes may run this at once.
    """
    stranded = Ticket.objects.stranded().order_by().values_list("assignee_id", flat=True)
    return sum(_release_of(pk) for pk in list(stranded.distinct()[:limit]))


@transaction.atomic
def _release_of(pk: int) -> int:
    lock_person(pk)
    return release_work(actor=None, person=User.objects.get(pk=pk))
