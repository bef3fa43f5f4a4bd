"""The user's notifications: the list, and the link in the top bar."""

from __future__ import annotations

import json

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from backoffice.tickets import actions, notifications, queries
from backoffice.tickets.queries.notifications import MAY_BE_NOTIFIED
from officeflow.staff.access import StaffRequest, requires
from officeflow.ui.live import entity_tag, refresh
from officeflow.ui.paging import page_of


@require_safe
@requires(*MAY_BE_NOTIFIED)
def notification_list(request: StaffRequest) -> HttpResponse:
    """Lists the user's notifications, latest first."""
    page = page_of(
        request, queries.notifications_of(request.user), order=["-at", "-id"], cursor="id"
    )
    return render(
        request,
        "backoffice/tickets/notifications.html",
        {
            "page": page,
            "rows": [
                {
                    "notification": notification,
                    "sentence": notifications.sentence(notification),
                    "icon": notifications.icon(notification),
                    "url": notifications.url(notification),
                }
                for notification in page.rows
            ],
            "unread": queries.unread_count(request.user),
        },
    )


@require_POST
@requires(*MAY_BE_NOTIFIED)
def notifications_read(request: StaffRequest) -> HttpResponse:
    """Marks all notifications as read."""
    if actions.mark_notifications_read(actor=request.user):
        messages.success(request, _("All notifications are marked as read."))
    return redirect("tickets:notifications")


@require_safe
@requires(*MAY_BE_NOTIFIED)
def notification_menu(request: StaffRequest) -> HttpResponse:
    """Returns the link in the top bar; a new notification also appears as a toast."""
    newest = queries.newest_unread(request.user)
    version = entity_tag(request.user.pk, newest, queries.unread_count(request.user))
    response = refresh(
        request,
        "backoffice/tickets/notification_menu.html",
        version,
        lambda: {"menu": notifications.menu(request.user, version)},
    )
    since = request.GET.get("since", "")
    is_new = since.isascii() and since.isdigit() and newest > int(since[:18])
    if response.status_code == 200 and is_new:
        latest = queries.notifications_of(request.user).unread().order_by("-pk").first()
        if latest is not None:
            text = notifications.sentence(latest)
            if latest.ticket is not None:
                text = f"{text} ({latest.ticket.number})"
            response["HX-Trigger"] = json.dumps({"toast": {"text": text, "tone": "info"}})
    return response
