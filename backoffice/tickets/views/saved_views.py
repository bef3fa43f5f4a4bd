"""Saved views of a queue: saving, changing, choosing the default, removing."""

from __future__ import annotations

from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from backoffice.tickets import actions, queries
from backoffice.tickets.actions.saved_views import may_change
from backoffice.tickets.forms import SaveViewForm, ViewForm
from backoffice.tickets.models import SavedView
from backoffice.tickets.queries import QueueFilter
from backoffice.tickets.queries.tickets import VIEW_ANY_QUEUE
from backoffice.tickets.views.common import check_may_view, query_inside
from officeflow.errors import Refused, StaleRecord
from officeflow.permissions import Department
from officeflow.staff.access import StaffRequest, requires
from officeflow.ui.edit_conflict import differences
from officeflow.ui.forms import show_refusal


@require_http_methods(["GET", "HEAD", "POST"])
@requires(*VIEW_ANY_QUEUE)
def saved_views(request: StaffRequest, department: Department) -> HttpResponse:
    """Lists the saved views of a queue, and saves filters (`?queue=`) as a view."""
    check_may_view(request.user, department)
    query = QueueFilter.read(query_inside(request.GET.get("queue", ""))).query
    form = SaveViewForm(
        request.POST if request.method == "POST" else None, initial={"query": query}
    )
    leads = queries.may_direct(request.user, department)
    if not leads:
        del form.fields["is_shared"]
    if form.is_valid():
        typed = {**form.cleaned_data}
        # Only known filters are saved.
        typed["query"] = QueueFilter.read(query_inside(typed["query"])).query
        try:
            view = actions.save_view(actor=request.user, department=department, **typed)
        except Refused as refused:
            show_refusal(form, refused)
        else:
            messages.success(request, _("“%(name)s” is saved.") % {"name": view.name})
            address = reverse("tickets:queue", args=[department])
            return redirect(f"{address}?{urlencode({'view': view.key})}")
    return render(
        request,
        "backoffice/tickets/saved_views.html",
        {
            "department": department,
            "form": form,
            "leads": leads,
            "rows": [
                {"view": view, "may_change": may_change(request.user, view)}
                for view in queries.views_of(request.user, department)
            ],
        },
        status=422 if form.errors else 200,
    )


@require_http_methods(["GET", "HEAD", "POST"])
@requires(*VIEW_ANY_QUEUE)
def saved_view(request: StaffRequest, department: Department, key: str) -> HttpResponse:
    """Renames a view, shares it, or makes it the default."""
    view = _changeable_view(request, department, key)
    form = ViewForm(request.POST if request.method == "POST" else None, initial=_values(view))
    if not queries.may_direct(request.user, department):
        del form.fields["is_shared"]
    context: dict[str, object] = {"department": department, "view": view, "form": form}
    status = 200
    if form.is_valid():
        try:
            actions.change_view(actor=request.user, view=view, **form.cleaned_data)
        except Refused as refused:
            show_refusal(form, refused)
        except StaleRecord as stale:
            context |= differences(form, stale, _values)
            status = 409
        else:
            messages.success(request, _("Saved."))
            return redirect("tickets:saved-views", department=department)
    status = 422 if form.errors else status
    return render(request, "backoffice/tickets/saved_view.html", context, status=status)


def _values(view: SavedView) -> dict[str, object]:
    return {name: getattr(view, name) for name in ViewForm.base_fields}


@require_POST
@requires(*VIEW_ANY_QUEUE)
def saved_view_default(request: StaffRequest, department: Department, key: str) -> HttpResponse:
    """Makes the queue open with this view."""
    view = _changeable_view(request, department, key)
    actions.make_default(actor=request.user, view=view)
    messages.success(request, _("The queue now opens with “%(name)s”.") % {"name": view.name})
    return redirect("tickets:saved-views", department=department)


@require_POST
@requires(*VIEW_ANY_QUEUE)
def saved_view_remove(request: StaffRequest, department: Department, key: str) -> HttpResponse:
    """Removes a view."""
    view = _changeable_view(request, department, key)
    actions.remove_view(actor=request.user, view=view)
    messages.success(request, _("“%(name)s” is removed.") % {"name": view.name})
    return redirect("tickets:saved-views", department=department)


def _changeable_view(request: StaffRequest, department: Department, key: str) -> SavedView:
    check_may_view(request.user, department)
    view = next(
        (each for each in queries.views_of(request.user, department) if each.key == key), None
    )
    if view is None:
        raise Http404
    if not may_change(request.user, view):
        raise PermissionDenied
    return view
