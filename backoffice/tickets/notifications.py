"""The texts and icons of notifications."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from backoffice.tickets import queries
from backoffice.tickets.models import Notification, NotificationKind
from backoffice.tickets.queries.tickets import VIEW_ANY_QUEUE
from officeflow.permissions import is_allowed
from officeflow.staff.models import User

ICONS = {
    NotificationKind.MENTIONED: "message",
    NotificationKind.COMMENTED: "message",
    NotificationKind.TAKEN_OVER: "take",
    NotificationKind.ASSIGNED: "ticket",
    NotificationKind.REASSIGNED: "arrow-right",
    NotificationKind.HOLD_ENDED: "clock",
    NotificationKind.ANSWERED: "check",
}


def sentence(notification: Notification) -> str:
    """Returns one sentence about what happened, for the notified person."""
    names = {"name": notification.by or _("OfficeFlow"), "other": notification.about or ""}
    return {
        NotificationKind.MENTIONED: _("%(name)s mentioned you"),
        NotificationKind.COMMENTED: _("%(name)s commented on your ticket"),
        NotificationKind.TAKEN_OVER: _("%(name)s took over your ticket"),
        NotificationKind.ASSIGNED: _("%(name)s assigned a ticket to you"),
        NotificationKind.REASSIGNED: _("%(name)s reassigned your ticket to %(other)s"),
        NotificationKind.HOLD_ENDED: _("The hold has ended. The ticket is due again"),
        NotificationKind.ANSWERED: _("The front desk answered your question"),
    }[NotificationKind(notification.kind)] % names


def icon(notification: Notification) -> str:
    """Returns the name of the kind's icon."""
    return ICONS[NotificationKind(notification.kind)]


def menu(user: User, version: str = "") -> dict[str, Any] | None:
    """Returns what the link in the top bar shows; None for users without a queue."""
    if not is_allowed(user, VIEW_ANY_QUEUE):
        return None
    newest = queries.newest_unread(user)
    count = queries.unread_count(user)
    return {
        "count": count,
        "version": version,
        "live_url": f"{reverse('tickets:notification-menu')}?since={newest}",
        "list_url": reverse("tickets:notifications"),
    }
