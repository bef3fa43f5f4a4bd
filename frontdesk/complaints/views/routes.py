"""The setting that says which department answers which complaint."""

from __future__ import annotations

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from frontdesk.complaints.actions.routes import change_route
from frontdesk.complaints.forms import RouteForm
from frontdesk.complaints.models import Category
from frontdesk.complaints.queries import routes
from officeflow.errors import StaleRecord
from officeflow.handoff.models import Destination
from officeflow.permissions import Permission
from officeflow.staff.access import StaffRequest, requires


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.MANAGE_OFFICE)
def complaint_routes(request: StaffRequest) -> HttpResponse:
    """Each category with its department; conduct goes to HR, whatever is set."""
    data = request.POST if request.method == "POST" else None
    rows = list(routes())
    forms = [RouteForm(route, data) for route in rows if route.category != Category.CONDUCT]
    status = 200
    if data is not None:
        checked = [form.is_valid() for form in forms]
        if all(checked):
            touched = [form for form in forms if form.is_touched]
            if _saved(request, touched):
                return redirect("frontdesk:complaint-routes")
            for form in forms:
                form.show_now(keeps_choice=form in touched)
        status = 422
    return render(request, "frontdesk/complaints/routes.html", {"forms": forms}, status=status)


def _saved(request: StaffRequest, touched: list[RouteForm]) -> bool:
    """Whether every choice could be kept; one that came too late says so in its form."""
    try:
        with transaction.atomic():
            for form in touched:
                _save(request, form)
    except StaleRecord:
        return False
    if touched:
        messages.success(request, _("Saved. The routes apply to new complaints."))
    else:
        messages.info(request, _("Nothing was changed."))
    return True


def _save(request: StaffRequest, form: RouteForm) -> None:
    try:
        change_route(
            actor=request.user,
            category=Category(form.route.category),
            destination=Destination(form.cleaned_data["destination"]),
            before=form.cleaned_data["before"] or None,
        )
    except StaleRecord as stale:
        form.add_error("destination", stale.message)
        raise
