"""Telling the customer a complaint's answer, and reopening a complaint."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from frontdesk.complaints.actions.complaints import (
    can_confirm,
    can_reopen,
    confirm_complaint,
    reopen_complaint,
    undo_confirmation,
)
from frontdesk.complaints.forms import ReopenForm
from frontdesk.complaints.models import Complaint
from frontdesk.complaints.views.complaints import find_complaint
from frontdesk.draft_forms import REOPEN
from frontdesk.undo import confirm_with_undo
from officeflow.drafts.pages import page_draft
from officeflow.errors import Conflict, Refused
from officeflow.handoff.models import Destination
from officeflow.permissions import Permission
from officeflow.staff.access import StaffRequest, requires
from officeflow.ui.forms import show_refusal
from officeflow.ui.undo import end_undo

get_or_post = require_http_methods(["GET", "HEAD", "POST"])


def _complaint_url(complaint: Complaint) -> str:
    return reverse("frontdesk:complaint", args=[complaint.number])


def _context(complaint: Complaint, form: ReopenForm) -> dict[str, object]:
    return {
        "complaint": complaint,
        "department": Destination(complaint.destination).label,
        "form": form,
        "cancel_url": _complaint_url(complaint),
    }


# HR's words, and what is typed about a colleague, must not stay in the cache of a shared browser.
@never_cache
@get_or_post
@requires(Permission.CONFIRM_COMPLAINT)
def complaint_confirm(request: StaffRequest, number: str) -> HttpResponse:
    """Shows what to tell the customer, then confirms the complaint."""
    complaint = find_complaint(number)
    if request.method == "POST":
        try:
            confirm_complaint(actor=request.user, complaint=complaint)
            confirm_with_undo(
                request,
                _("%(number)s is closed: the customer is satisfied.")
                % {"number": complaint.number},
                reverse("frontdesk:complaint-undo-confirm", args=[complaint.number]),
            )
        except Conflict as conflict:
            messages.warning(request, conflict.message)
        return redirect(_complaint_url(complaint))
    if not can_confirm(complaint):
        messages.info(request, _("There is no answer for the customer now."))
        return redirect(_complaint_url(complaint))
    # The second form reopens the complaint, with the draft of that page.
    draft = page_draft(request, REOPEN, complaint.number)
    context = {**_context(complaint, ReopenForm(initial=draft.initial())), "draft": draft}
    return render(request, "frontdesk/complaints/confirm.html", context)


@require_POST
@requires(Permission.CONFIRM_COMPLAINT)
def complaint_undo_confirm(request: StaffRequest, number: str) -> HttpResponse:
    """Takes back by Undo that the customer was told."""
    complaint = find_complaint(number)
    try:
        undo_confirmation(actor=request.user, complaint=complaint)
        messages.success(request, _("Undone: the customer is still to be told."))
    except Conflict as conflict:
        messages.warning(request, conflict.message)
    end_undo(request)
    return redirect(_complaint_url(complaint))


@never_cache
@get_or_post
@requires(Permission.CONFIRM_COMPLAINT)
def complaint_reopen(request: StaffRequest, number: str) -> HttpResponse:
    """Reopens an answered complaint with a reason."""
    complaint = find_complaint(number)
    draft = page_draft(request, REOPEN, complaint.number)
    form = ReopenForm(request.POST or None, initial=draft.initial())
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                with draft.sending():
                    reopen_complaint(
                        actor=request.user, complaint=complaint, reason=form.cleaned_data["reason"]
                    )
                messages.success(
                    request, _("%(number)s is reopened.") % {"number": complaint.number}
                )
                return redirect(_complaint_url(complaint))
            except Refused as refused:
                show_refusal(form, refused)
            except Conflict as conflict:
                messages.warning(request, conflict.message)
                return redirect(_complaint_url(complaint))
    elif not can_reopen(complaint):
        messages.info(request, _("Only an answered complaint can be reopened."))
        return redirect(_complaint_url(complaint))
    context = {**_context(complaint, form), "draft": draft}
    return render(request, "frontdesk/complaints/reopen.html", context, status=status)
