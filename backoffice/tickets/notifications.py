"""News in words."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from backoffice.tickets import queries
from backoffice.tickets.models import Notice, NoticeKind
from officeflow.permissions import Department, is_allowed, view_permission
from officeflow.staff.models import User

SEES_A_QUEUE = tuple(view_permission(department) for department in Department)
ICONS = {
    NoticeKind.MENTIONED: "message",
    NoticeKind.COMMENTED: "message",
    NoticeKind.TAKEN_OVER: "take",
    NoticeKind.GIVEN: "ticket",
    NoticeKind.MOVED_ON: "arrow-right",
    NoticeKind.DUE_AGAIN: "clock",
    NoticeKind.ANSWERED: "check",
}


def sentence(notice: Notice) -> str:
    """What happened, in one sentence for the person whom it is for."""
    names = {"name": notice.by or _("OfficeFlow"), "other": notice.about or ""}
    return {
        NoticeKind.MENTIONED: _("%(name)s mentioned you"),
        NoticeKind.COMMENTED: _("%(name)s commented on your ticket"),
        NoticeKind.TAKEN_OVER: _("%(name)s took over your ticket"),
        NoticeKind.GIVEN: _("%(name)s assigned a ticket to you"),
        NoticeKind.MOVED_ON: _("%(name)s reassigned your ticket to %(other)s"),
        NoticeKind.DUE_AGAIN: _("The hold has ended. The ticket is due again"),
        NoticeKind.ANSWERED: _("The front desk answered your question"),
    }[NoticeKind(notice.kind)] % names


def icon(notice: Notice) -> str:
    """The icon of its kind."""
    return ICONS[NoticeKind(notice.kind)]


def bell(user: User, version: str = "") -> dict[str, Any] | None:
    """What the bell in the top bar shows; None for people who have no queue."""
    if not is_allowed(user, SEES_A_QUEUE):
        return None
    newest = queries.newest_unread(user)
    count = queries.unread_count(user)
    return {
        "count": count,
        "version": version,
        "live_url": f"{reverse('tickets:news-bell')}?since={newest}",
        "news_url": reverse("tickets:news"),
    }
