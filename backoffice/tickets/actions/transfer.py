"""From one colleague's hands into another's."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from backoffice.tickets.actions.notifications import tell
from backoffice.tickets.actions.transitions import (
    NotYours,
    check_length,
    check_may_work,
    explain_holder,
    may_direct,
    move,
    pass_on,
)
from backoffice.tickets.actions.verbs import accept
from backoffice.tickets.models import NoticeKind, Ticket
from backoffice.tickets.states import TicketState
from officeflow.errors import Refused
from officeflow.permissions import Department, work_permission
from officeflow.staff.models import User

# Whoever has a ticket, in whichever of these states it is in their hands.
IN_HANDS = (TicketState.TAKEN, TicketState.HELD, TicketState.RETURNED)


class CannotGoThere(Refused):
    """A ticket goes to somebody who works in its department, and not to who has it."""


@transaction.atomic
def steal_ticket(*, actor: User, ticket: Ticket, holder: User, word: str = "") -> Ticket:
    """The actor takes a ticket over from `holder`, whom the page showed, with a word to them.

    It stays in the state in which it is: on hold until its day, with the desk until its answer.
    The former holder is told at once. Of two at once one wins. Raises `PermissionDenied`,
    `TicketTaken` (somebody else has it now, or oneself), `TicketMoved`, `Refused`.
    """
    check_may_work(actor, ticket)
    word = word.strip()
    check_length(word, "word")
    if holder.pk == actor.pk:
        raise (
            explain_holder(ticket, holder, actor)
            if ticket.assignee_id != actor.pk
            else NotYours(_("You already have this ticket."))
        )
    now = timezone.now()
    pass_on(
        ticket=ticket,
        actor=actor,
        holder=holder,
        to=actor,
        sources=IN_HANDS,
        at=now,
        action="steal_ticket",
        word=word,
    )
    tell(
        person=holder,
        ticket=ticket,
        kind=NoticeKind.TAKEN_OVER,
        by=actor,
        about=actor,
        at=now,
        word=word,
    )
    return ticket


@transaction.atomic
def reassign_ticket(
    *, actor: User, ticket: Ticket, to: User, holder: User | None, word: str = ""
) -> Ticket:
    """Gives a ticket to somebody who works in its department, with a word to them.

    Whoever has it may, and whoever leads the department; those may also give away a ticket that
    still waits (`holder` None), which accepts its hand-off. `holder` is who had it when the actor
    looked. Both of the others are told. Raises `CannotGoThere`, `PermissionDenied`, `NotYours`,
    `TicketTaken`, `TicketMoved`, `Refused`.
    """
    word = word.strip()
    check_length(word, "word")
    if not may_direct(actor, ticket):
        check_may_work(actor, ticket)
        if holder is None:
            raise PermissionDenied
        if holder.pk != actor.pk:
            raise NotYours(_("%(name)s has this ticket. Only they can do this.") % {"name": holder})
    permission = work_permission(Department(ticket.department))
    if not User.objects.holding(permission).filter(pk=to.pk).exists():
        raise CannotGoThere(
            _("%(name)s does not work in this department at the moment. Choose another colleague.")
            % {"name": to},
            "to",
        )
    now = timezone.now()
    if holder is None:
        _give_waiting(ticket=ticket, actor=actor, to=to, at_word=word)
    else:
        if holder.pk == to.pk:
            raise CannotGoThere(_("%(name)s already has this ticket.") % {"name": to}, "to")
        pass_on(
            ticket=ticket,
            actor=actor,
            holder=holder,
            to=to,
            sources=IN_HANDS,
            at=now,
            action="reassign_ticket",
            word=word,
        )
        tell(
            person=holder,
            ticket=ticket,
            kind=NoticeKind.MOVED_ON,
            by=actor,
            about=to,
            at=now,
            word=word,
        )
    tell(person=to, ticket=ticket, kind=NoticeKind.GIVEN, by=actor, about=to, at=now, word=word)
    return ticket


def _give_waiting(*, ticket: Ticket, actor: User, to: User, at_word: str) -> None:
    now = timezone.now()
    move(
        ticket=ticket,
        actor=actor,
        to=TicketState.TAKEN,
        sources=[TicketState.WAITING],
        assignee_id=to.pk,
        at=now,
        action="reassign_ticket",
        note=at_word,
        changes={"assignee": (None, to.username)},
        personal=["word"] if at_word else [],
    )
    accept(ticket=ticket, by=to, at=now)
