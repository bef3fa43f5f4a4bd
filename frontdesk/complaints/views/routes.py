"""The settings page of complaint routes."""

from __future__ import annotations

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from frontdesk.complaints.actions.routes import change_route
from frontdesk.complaints.forms import RouteForm
from frontdesk.complaints.models import ComplaintCategory
from frontdesk.complaints.queries import routes
from officeflow.errors import StaleRecord
from officeflow.handoff.models import Destination
from officeflow.permissions import Permission
from officeflow.staff.access import StaffRequest, requires


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.MANAGE_OFFICE)
def complaint_routes(request: StaffRequest) -> HttpResponse:
    """Changes the department of each category, except conduct, which always goes to HR."""
    data = request.POST if request.method == "POST" else None
    rows = list(routes())
    forms = [
        RouteForm(route, data) for route in rows if route.category != ComplaintCategory.CONDUCT
    ]
    status = 200
    if data is not None:
        checked = [form.is_valid() for form in forms]
        if all(checked):
            changed = [form for form in forms if form.is_changed]
            if _saved(request, changed):
                return redirect("frontdesk:complaint-routes")
            for form in forms:
                form.refresh_route(keeps_choice=form in changed)
        status = 422
    return render(request, "frontdesk/complaints/routes.html", {"forms": forms}, status=status)


def _saved(request: StaffRequest, changed: list[RouteForm]) -> bool:
    """Saves all changed routes; returns False, with an error in the form, for a stale one."""
    try:
        with transaction.atomic():
            for form in changed:
                _save(request, form)
    except StaleRecord:
        return False
    if changed:
        messages.success(request, _("Saved. The routes apply to new complaints."))
    else:
        messages.info(request, _("Nothing was changed."))
    return True


def _save(request: StaffRequest, form: RouteForm) -> None:
    try:
        change_route(
            actor=request.user,
            category=ComplaintCategory(form.route.category),
            destination=Destination(form.cleaned_data["destination"]),
            before=form.cleaned_data["before"] or None,
        )
    except StaleRecord as stale:
        form.add_error("destination", stale.message)
        raise
