"""The notifications about tickets: their texts and icons, as a source of the menu and the list."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from backoffice.tickets import queries
from backoffice.tickets.actions import mark_notifications_read
from backoffice.tickets.actions.notifications import (
    notify_about_hr_access,
    notify_about_stuck_handoffs,
)
from backoffice.tickets.models import Notification, NotificationKind
from backoffice.tickets.models.notifications import HR_KINDS
from backoffice.tickets.queries.notifications import MAY_BE_NOTIFIED
from officeflow.handoff.models import Handoff
from officeflow.notifications.sources import Row, Source, register_source
from officeflow.staff.models import User
from officeflow.staff.notices import HrAccess

CODE = "tickets"
ICONS = {
    NotificationKind.MENTIONED: "message",
    NotificationKind.COMMENTED: "message",
    NotificationKind.TAKEN_OVER: "take",
    NotificationKind.ASSIGNED: "ticket",
    NotificationKind.REASSIGNED: "arrow-right",
    NotificationKind.HOLD_ENDED: "clock",
    NotificationKind.ANSWERED: "check",
    NotificationKind.STUCK: "alert",
    NotificationKind.CANCELLED: "cross",
    NotificationKind.REOPENED: "undo",
    NotificationKind.RUSH: "clock",
    NotificationKind.HR_ROLE: "lock",
    NotificationKind.HR_PASSWORD: "lock",
    NotificationKind.HR_EMAIL: "lock",
    NotificationKind.HR_FACTOR: "lock",
    NotificationKind.HR_ACTIVE: "lock",
}


def sentence(notification: Notification) -> str:
    """Returns one sentence about what happened, for the notified person."""
    kind = NotificationKind(notification.kind)
    if kind == NotificationKind.STUCK:
        return ngettext(
            "A hand-off is stuck. Somebody has to look at it",
            "%(n)d hand-offs are stuck. Somebody has to look at them",
            notification.count,
        ) % {"n": notification.count}
    nobody = _("The operator of the server") if kind in HR_KINDS else _("OfficeFlow")
    names = {"name": notification.by or nobody, "other": notification.about or ""}
    return {
        NotificationKind.MENTIONED: _("%(name)s mentioned you"),
        NotificationKind.COMMENTED: _("%(name)s commented on your ticket"),
        NotificationKind.TAKEN_OVER: _("%(name)s took over your ticket"),
        NotificationKind.ASSIGNED: _("%(name)s assigned a ticket to you"),
        NotificationKind.REASSIGNED: _("%(name)s reassigned your ticket to %(other)s"),
        NotificationKind.HOLD_ENDED: _("The hold has ended. The ticket is due again"),
        NotificationKind.ANSWERED: _("The front desk answered your question"),
        NotificationKind.CANCELLED: _(
            "Stop work: the order or complaint of your ticket was cancelled"
        ),
        NotificationKind.REOPENED: _("%(name)s reopened a ticket that you had completed"),
        NotificationKind.RUSH: _("The front desk asks for a rush"),
        NotificationKind.HR_ROLE: _("%(name)s gave %(other)s the HR role"),
        NotificationKind.HR_PASSWORD: _(
            "%(name)s set a new password for %(other)s, or made a link for one"
        ),
        NotificationKind.HR_EMAIL: _("%(name)s changed the e-mail address of %(other)s"),
        NotificationKind.HR_FACTOR: _("%(name)s removed the second factor of %(other)s"),
        NotificationKind.HR_ACTIVE: _("%(name)s reactivated the account of %(other)s"),
    }[kind] % names


def url(notification: Notification) -> str:
    """Returns the address of the page that the notification is about."""
    if notification.ticket is not None:
        return reverse("tickets:ticket", args=[notification.ticket.number])
    if notification.handoff_id is None:
        return reverse("notifications:list")
    if notification.count == 1:
        return reverse("dashboards:handoff", args=[notification.handoff_id])
    return reverse("dashboards:handoffs")


def tell_about_stuck_handoffs(*, handoffs: Sequence[Handoff], **signal: Any) -> None:
    """Receives the signal that hand-offs came to be stuck."""
    notify_about_stuck_handoffs(handoffs=handoffs)


def tell_about_hr_access(*, person: User, actor: User | None, way: HrAccess, **signal: Any) -> None:
    """Receives the signal that somebody can read HR's cases from now on."""
    notify_about_hr_access(person=person, actor=actor, way=way)


def rows(user: User, wanted: Q, limit: int) -> list[Row]:
    """Returns a person's notifications that match, latest first."""
    found = queries.notifications_of(user).filter(wanted).order_by("-at", "-pk")[:limit]
    return [
        Row(
            source=CODE,
            pk=each.pk,
            at=each.at,
            sentence=sentence(each),
            icon=ICONS[NotificationKind(each.kind)],
            url=url(each),
            number=each.ticket.number if each.ticket else "",
            title=each.ticket.title if each.ticket else "",
            text=each.comment.text if each.comment else each.note,
            is_unread=each.read_at is None,
        )
        for each in found
    ]


def register_all() -> None:
    """Registers the notifications about tickets and stuck hand-offs as a source."""
    register_source(
        Source(
            code=CODE,
            permission=MAY_BE_NOTIFIED,
            unread=queries.unread,
            rows=rows,
            mark_read=lambda user: mark_notifications_read(actor=user),
        )
    )
