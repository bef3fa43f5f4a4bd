"""Commenting on a ticket."""

from __future__ import annotations

import re

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from backoffice.tickets.actions.notifications import notify_person
from backoffice.tickets.actions.transitions import check_length, realm_of
from backoffice.tickets.models import NotificationKind, Ticket, TicketComment
from officeflow.audit.actions import record
from officeflow.errors import Refused
from officeflow.permissions import Department, view_permission
from officeflow.staff.models import User

# A user name has letters, digits and @ . + - _ ; a full stop at its end ends the sentence, and an
# e-mail address such as a@b.c is no mention.
MENTION = re.compile(r"(?<![\w@.+-])@([\w.@+-]*[\w@+-])")
MAX_MENTIONS = 20


class CommentMissing(Refused):
    """The comment has no text."""


@transaction.atomic
def comment_ticket(*, actor: User, ticket: Ticket, text: str) -> TicketComment:
    """Adds a comment to an open or finished ticket; a comment is never changed.

    Notifies everybody mentioned with `@username` who may see the ticket, and its assignee. The
    caller has checked that the actor may see the ticket. Raises `CommentMissing`, and `Refused`
    for a text that is too long.
    """
    text = text.strip()
    if not text:
        raise CommentMissing(_("Enter a comment."), "text")
    check_length(text, "text")
    now = timezone.now()
    comment = TicketComment.objects.create(ticket=ticket, author=actor, text=text, at=now)
    # `changed_at` makes the ticket's page and the queue refresh.
    Ticket.objects.filter(pk=ticket.pk).update(changed_at=now, comment_count=F("comment_count") + 1)
    mentioned = people_named(text, ticket)
    for person in mentioned:
        notify_person(
            person=person,
            ticket=ticket,
            kind=NotificationKind.MENTIONED,
            by=actor,
            comment=comment,
            at=now,
        )
    holder = ticket.assignee
    if holder is not None and ticket.is_open and holder not in mentioned:
        notify_person(
            person=holder,
            ticket=ticket,
            kind=NotificationKind.COMMENTED,
            by=actor,
            comment=comment,
            at=now,
        )
    record(
        actor=actor,
        action="comment_ticket",
        subject_kind="ticket",
        subject=ticket.number,
        changes={"mentions": (None, ", ".join(sorted(p.username for p in mentioned)))}
        if mentioned
        else None,
        personal=["text"],
        realm=realm_of(ticket),
        at=now,
    )
    return comment


def people_named(text: str, ticket: Ticket) -> list[User]:
    """Returns the users mentioned in a text who may see the ticket."""
    return [person for person, may_see in _named(text, ticket) if may_see]


def people_not_told(text: str, ticket: Ticket) -> list[User]:
    """Returns the users mentioned in a text who may not see the ticket, so that none is told."""
    return [person for person, may_see in _named(text, ticket) if not may_see]


def _named(text: str, ticket: Ticket) -> list[tuple[User, bool]]:
    """Returns the users mentioned in a text, and whether they may see the ticket."""
    names = list(dict.fromkeys(MENTION.findall(text)))[:MAX_MENTIONS]
    if not names:
        return []
    named = sorted(User.objects.best_named(*names), key=lambda person: person.pk)
    permission = view_permission(Department(ticket.department))
    holders = User.objects.holding(permission).filter(pk__in=[each.pk for each in named])
    may_see = set(holders.values_list("pk", flat=True))
    return [(person, person.pk in may_see) for person in named]
