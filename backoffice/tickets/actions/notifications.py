"""Notifying people about tickets and stuck hand-offs, and marking notifications as read."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.utils import timezone

from backoffice.tickets.models import Notification, NotificationKind, Ticket, TicketComment
from officeflow.handoff.models import Handoff
from officeflow.permissions import Permission
from officeflow.staff.models import User
from officeflow.staff.notices import HrAccess


def notify_person(
    *,
    person: User,
    ticket: Ticket,
    kind: NotificationKind,
    by: User | None,
    at: datetime,
    about: User | None = None,
    comment: TicketComment | None = None,
    note: str = "",
) -> None:
    """Notifies a person about a ticket, unless they did it themselves."""
    if by is None or by.pk != person.pk:
        Notification.objects.create(
            person=person,
            ticket=ticket,
            kind=kind,
            by=by,
            about=about,
            comment=comment,
            note=note,
            at=at,
        )


def notify_about_stuck_handoffs(*, handoffs: Sequence[Handoff]) -> None:
    """Notifies everybody who may replay hand-offs that these are stuck, each person once."""
    now = timezone.now()
    Notification.objects.bulk_create(
        Notification(
            person=person,
            handoff=handoffs[0],
            count=len(handoffs),
            kind=NotificationKind.STUCK,
            at=now,
        )
        for person in User.objects.holding(Permission.OPERATE_HANDOFFS)
    )


def notify_about_hr_access(*, person: User, actor: User | None, way: HrAccess) -> None:
    """Notifies everybody of HR, besides `actor`, that `person` can read HR's cases.

    Because they got the role, or because `actor` has come closer to signing in as them; `actor` is
    None for the operator of the server.
    """
    now, kind = timezone.now(), NotificationKind(f"hr_{way}")
    Notification.objects.bulk_create(
        Notification(person=each, kind=kind, by=actor, about=person, at=now)
        for each in User.objects.holding(Permission.VIEW_HR)
        if each != actor
    )


def mark_notifications_read(*, actor: User, ticket: Ticket | None = None) -> int:
    """Marks the actor's notifications, or those of one ticket, as read; returns how many."""
    unread = Notification.objects.visible_to(actor).unread()
    if ticket is not None:
        unread = unread.filter(ticket=ticket)
    return unread.update(read_at=timezone.now())
