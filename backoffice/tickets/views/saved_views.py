"""Saved views of a queue: keeping one, choosing the default one, taking one away."""

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
from backoffice.tickets.views.common import SEES_A_QUEUE, department_or_404, query_inside
from officeflow.errors import Refused, StaleRecord
from officeflow.permissions import Department
from officeflow.staff.access import StaffRequest, requires
from officeflow.ui.edit_conflict import differences
from officeflow.ui.forms import show_refusal


@require_http_methods(["GET", "HEAD", "POST"])
@requires(*SEES_A_QUEUE)
def views(request: StaffRequest, department: str) -> HttpResponse:
    """The views of a queue, and a form that keeps filters (`?queue=`) under a name."""
    room = department_or_404(request.user, department)
    query = QueueFilter.read(query_inside(request.GET.get("queue", ""))).query()
    form = SaveViewForm(
        request.POST if request.method == "POST" else None, initial={"query": query}
    )
    leads = queries.may_direct(request.user, room)
    if not leads:
        del form.fields["is_shared"]
    if form.is_valid():
        typed = {**form.cleaned_data}
        # Only what means something is kept, as it would stand in the address.
        typed["query"] = QueueFilter.read(query_inside(typed["query"])).query()
        try:
            view = actions.save_view(actor=request.user, department=room, **typed)
        except Refused as refused:
            show_refusal(form, refused)
        else:
            messages.success(request, _("“%(name)s” is saved.") % {"name": view.name})
            address = reverse("tickets:queue", args=[room.value])
            return redirect(f"{address}?{urlencode({'view': view.key})}")
    return render(
        request,
        "backoffice/tickets/views.html",
        {
            "department": room,
            "form": form,
            "leads": leads,
            "rows": [
                {"view": view, "may_change": may_change(request.user, view)}
                for view in queries.views_of(request.user, room)
            ],
        },
        status=400 if form.errors else 200,
    )


@require_http_methods(["GET", "HEAD", "POST"])
@requires(*SEES_A_QUEUE)
def view_change(request: StaffRequest, department: str, key: str) -> HttpResponse:
    """Calls a view otherwise, shares it, or lets the queue open with it or without."""
    room, view = _view(request, department, key)
    form = ViewForm(request.POST if request.method == "POST" else None, initial=_values(view))
    if not queries.may_direct(request.user, room):
        del form.fields["is_shared"]
    context: dict[str, object] = {"department": room, "view": view, "form": form}
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
            return redirect("tickets:views", department=room.value)
    status = 400 if form.errors else status
    return render(request, "backoffice/tickets/view.html", context, status=status)


def _values(view: SavedView) -> dict[str, object]:
    return {name: getattr(view, name) for name in ViewForm.base_fields}


@require_POST
@requires(*SEES_A_QUEUE)
def view_default(request: StaffRequest, department: str, key: str) -> HttpResponse:
    """The queue opens with this view."""
    room, view = _view(request, department, key)
    actions.make_default(actor=request.user, view=view)
    messages.success(request, _("The queue now opens with “%(name)s”.") % {"name": view.name})
    return redirect("tickets:views", department=room.value)


@require_POST
@requires(*SEES_A_QUEUE)
def view_remove(request: StaffRequest, department: str, key: str) -> HttpResponse:
    """Takes a view away."""
    room, view = _view(request, department, key)
    actions.drop_view(actor=request.user, view=view)
    messages.success(request, _("“%(name)s” is removed.") % {"name": view.name})
    return redirect("tickets:views", department=room.value)


def _view(request: StaffRequest, department: str, key: str) -> tuple[Department, SavedView]:
    room = department_or_404(request.user, department)
    view = next((each for each in queries.views_of(request.user, room) if each.key == key), None)
    if view is None:
        raise Http404
    if not may_change(request.user, view):
        raise PermissionDenied
    return room, view
