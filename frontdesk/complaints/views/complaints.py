"""The list of complaints and a complaint's page."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from frontdesk.complaints.available_actions import complaint_actions
from frontdesk.complaints.exports import COMPLAINTS
from frontdesk.complaints.models import Complaint
from frontdesk.complaints.queries import (
    COMPLAINT_TABS,
    ORDER,
    complaints,
    complaints_in,
    with_parts,
)
from frontdesk.complaints.rows import rows_of
from frontdesk.customers.queries.warnings import customer_warning
from frontdesk.notifications.actions import mark_desk_notifications_read
from frontdesk.timelines.orders import complaint_timeline
from frontdesk.timelines.versions import complaint_version
from officeflow.numbering import normalise
from officeflow.permissions import Permission
from officeflow.staff.access import StaffRequest, requires
from officeflow.ui import export
from officeflow.ui.live import entity_tag, refresh
from officeflow.ui.paging import page_of
from officeflow.ui.tabs import tabs_of


@require_safe
@requires(Permission.VIEW_DESK)
def complaint_list(request: StaffRequest) -> HttpResponseBase:
    """Lists the complaints of a tab, newest first."""
    tab = request.GET.get("show", "all")
    if tab not in COMPLAINT_TABS:
        raise Http404
    found = complaints_in(tab)
    if kind := export.wanted(request):
        rows = export.in_chunks(found, ORDER)
        return export.respond(
            request, kind, name="complaints", columns=COMPLAINTS, rows=rows, plain=("show",)
        )
    shown = found.select_related(None).select_related("customer", "order")
    page = page_of(request, shown, order=ORDER)
    context = {
        "page": page,
        "rows": rows_of(page.rows),
        "tabs": tabs_of(request, COMPLAINT_TABS, tab),
        "tab": tab,
    }
    return render(request, "frontdesk/complaints/list.html", context)


def find_complaint(number: str) -> Complaint:
    """Returns the complaint with everything that its page shows, or raises 404."""
    return with_parts(get_object_or_404(complaints(), number=normalise(number)))


def _live_context(request: StaffRequest, complaint: Complaint) -> dict[str, Any]:
    return {
        "complaint": complaint,
        "actions": complaint_actions(request.user, complaint),
        "timeline": complaint_timeline(complaint)[::-1],
        "warning": customer_warning(complaint.customer),
    }


def _version(request: StaffRequest, number: str) -> str:
    held = sorted(request.user.held_permissions)
    return entity_tag("complaint", number, *complaint_version(number), *held)


@require_safe
@requires(Permission.VIEW_DESK)
def complaint_page(request: StaffRequest, number: str) -> HttpResponse:
    """Shows a complaint and its timeline."""
    version = _version(request, normalise(number))
    complaint = find_complaint(number)
    mark_desk_notifications_read(actor=request.user, subject=complaint.number)
    context = {"version": version, **_live_context(request, complaint)}
    return render(request, "frontdesk/complaints/page.html", context)


@require_safe
@requires(Permission.VIEW_DESK)
def complaint_live(request: StaffRequest, number: str) -> HttpResponse:
    """Returns the changing part of the complaint's page when it has changed."""
    version = _version(request, normalise(number))
    return refresh(
        request,
        "frontdesk/complaints/now.html",
        version,
        lambda: _live_context(request, find_complaint(number)),
    )
