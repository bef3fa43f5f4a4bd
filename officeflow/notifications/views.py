"""The person's notifications: the list, and the link in the top bar."""

from __future__ import annotations

import json
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from officeflow.notifications.menu import menu, seen_in
from officeflow.notifications.sources import (
    latest_unread,
    mark_all_read,
    rows_after,
    total_unread,
    unread,
)
from officeflow.staff.access import StaffRequest, requires
from officeflow.ui.live import entity_tag, refresh
from officeflow.ui.query_parameters import query_parameter


@require_safe
@requires()
def notification_list(request: StaffRequest) -> HttpResponse:
    """Lists the person's notifications, latest first."""
    address = reverse("notifications:list")
    place = query_parameter(request, "after")
    rows, following = rows_after(request.user, place)
    context = {
        "rows": rows,
        "unread": total_unread(request.user),
        "newest_url": address if place else "",
        "older_url": f"{address}?{urlencode({'after': following})}" if following else "",
    }
    return render(request, "notifications/list.html", context)


@require_POST
@requires()
def notifications_read(request: StaffRequest) -> HttpResponse:
    """Marks all notifications as read."""
    if mark_all_read(request.user):
        messages.success(request, _("All notifications are marked as read."))
    return redirect("notifications:list")


@require_safe
@requires()
def notification_menu(request: StaffRequest) -> HttpResponse:
    """Returns the link in the top bar; a new notification also appears as a toast."""
    version = entity_tag(request.user.pk, *unread(request.user).items())
    response = refresh(
        request,
        "notifications/menu.html",
        version,
        lambda: {"menu": menu(request.user, version)},
        with_counts=True,
    )
    seen = seen_in(request.GET.get("since", ""))
    latest = None
    if response.status_code == 200 and seen is not None:
        latest = latest_unread(request.user, seen)
    if latest is not None:
        text = f"{latest.sentence} ({latest.number})" if latest.number else latest.sentence
        response["HX-Trigger"] = json.dumps({"toast": {"text": text, "tone": "info"}})
    return response
