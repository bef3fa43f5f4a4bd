"""Notifying a colleague at the desk, and marking notifications as read."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Value
from django.db.models.functions import Coalesce
from django.utils import timezone

from frontdesk.notifications.models import DeskNotification, DeskNotificationKind
from frontdesk.notifications.queries import forget_unread, unread
from officeflow.staff.models import User


def notify_desk(
    *,
    person: User,
    kind: DeskNotificationKind,
    subject: str,
    at: datetime,
    by_name: str = "",
    ticket: str = "",
) -> None:
    """Notifies a person about an order they placed or a complaint they logged."""
    DeskNotification.objects.create(
        person=person,
        kind=kind,
        subject=subject,
        ticket=ticket,
        by_name=by_name[:200],
        at=at,
    )


def settle_desk_notifications(*, subject: str, kind: DeskNotificationKind | None = None) -> int:
    """Marks everybody's notifications about a subject as read, because what they ask for is done.

    `kind` limits them. Returns how many.
    """
    rows = DeskNotification.objects.unread().filter(subject=subject)
    if kind is not None:
        rows = rows.filter(kind=kind)
    return rows.update(read_at=timezone.now())


def withdraw_desk_notifications(
    *, subject: str, kind: DeskNotificationKind, at: datetime
) -> list[User]:
    """Marks what was said about a subject as taken back, and as read; returns who was told it."""
    rows = DeskNotification.objects.filter(subject=subject, kind=kind, withdrawn_at__isnull=True)
    told = list(User.objects.filter(pk__in=rows.values("person")))
    rows.update(withdrawn_at=at, read_at=Coalesce("read_at", Value(timezone.now())))
    return told


def mark_desk_notifications_read(*, actor: User, subject: str = "") -> int:
    """Marks the actor's notifications, or those about one subject, as read; returns how many."""
    if not unread(actor)[0]:
        return 0
    rows = DeskNotification.objects.visible_to(actor).unread()
    if subject:
        rows = rows.filter(subject=subject)
    read = rows.update(read_at=timezone.now())
    if read:
        forget_unread(actor)
    return read
