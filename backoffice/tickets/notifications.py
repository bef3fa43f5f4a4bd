"""Notifications in words."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from backoffice.tickets import queries
from backoffice.tickets.models import Notification, NotificationKind
from officeflow.permissions import Department, is_allowed, view_permission
from officeflow.staff.models import User

VIEW_ANY_QUEUE = tuple(view_permission(department) for department in Department)
ICONS = {
    NotificationKind.MENTIONED: "message",
    NotificationKind.COMMENTED: "message",
    NotificationKind.TAKEN_OVER: "take",
    NotificationKind.GIVEN: "ticket",
    NotificationKind.MOVED_ON: "arrow-right",
    NotificationKind.DUE_AGAIN: "clock",
    NotificationKind.ANSWERED: "check",
}


def sentence(notification: Notification) -> str:
    """What happened, in one sentence for the notified person."""
    names = {"name": notification.by or _("OfficeFlow"), "other": notification.about or ""}
    return {
        NotificationKind.MENTIONED: _("%(name)s mentioned you"),
        NotificationKind.COMMENTED: _("%(name)s commented on your ticket"),
        NotificationKind.TAKEN_OVER: _("%(name)s took over your ticket"),
        NotificationKind.GIVEN: _("%(name)s assigned a ticket to you"),
        NotificationKind.MOVED_ON: _("%(name)s reassigned your ticket to %(other)s"),
        NotificationKind.DUE_AGAIN: _("The hold has ended. The ticket is due again"),
        NotificationKind.ANSWERED: _("The front desk answered your question"),
    }[NotificationKind(notification.kind)] % names


def icon(notification: Notification) -> str:
    """The icon of the notification's kind."""
    return ICONS[NotificationKind(notification.kind)]


def menu(user: User, version: str = "") -> dict[str, Any] | None:
    """What the link in the top bar shows; None for people who have no queue."""
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
