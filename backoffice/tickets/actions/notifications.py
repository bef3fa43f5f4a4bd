"""News for one person about a ticket, and having read it."""

from __future__ import annotations

from datetime import datetime

from django.utils import timezone

from backoffice.tickets.models import Notice, NoticeKind, Ticket, TicketComment
from officeflow.staff.models import User


def tell(
    *,
    person: User,
    ticket: Ticket,
    kind: NoticeKind,
    by: User | None,
    at: datetime,
    about: User | None = None,
    comment: TicketComment | None = None,
    word: str = "",
) -> None:
    """Puts a piece of news under a person's bell; nobody is told of what they did themselves."""
    if by is None or by.pk != person.pk:
        Notice.objects.create(
            person=person,
            ticket=ticket,
            kind=kind,
            by=by,
            about=about,
            comment=comment,
            word=word,
            at=at,
        )


def read_notices(*, actor: User, ticket: Ticket | None = None) -> int:
    """The actor has looked at their news, or at that of one ticket; how much of it was new."""
    news = Notice.objects.visible_to(actor).unread()
    if ticket is not None:
        news = news.filter(ticket=ticket)
    return news.update(read_at=timezone.now())
