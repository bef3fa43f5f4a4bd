"""Taking over, reassigning, holding, resuming and prioritising a ticket."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from backoffice.tickets import actions, queries
from backoffice.tickets.due_times import next_open_day
from backoffice.tickets.forms import HoldForm, PriorityForm, ReassignForm, TakeOverForm
from backoffice.tickets.models import Ticket
from backoffice.tickets.queries.tickets import VIEW_ANY_QUEUE
from backoffice.tickets.states import Priority, TicketState
from backoffice.tickets.views.common import ticket_or_404
from backoffice.tickets.views.lifecycle import (
    form_page,
    require_works,
    run_action,
    unavailable,
)
from officeflow.company.queries import office_date
from officeflow.errors import Conflict
from officeflow.staff.access import StaffRequest, requires
from officeflow.staff.models import User

METHODS = ["GET", "HEAD", "POST"]


def _data(request: StaffRequest) -> Any:
    return request.POST if request.method == "POST" else None


def _answer_form(
    request: StaffRequest, found: Ticket, form: forms.Form, template: str
) -> HttpResponse:
    """Returns the page of a form.

    After a conflict the form has the ticket's current holder and priority, so that sending it
    again works.
    """
    if form.is_bound and form.non_field_errors():
        data = form.data.copy()  # type: ignore[attr-defined]  # a QueryDict
        if "holder" in form.fields:
            data["holder"] = found.assignee.username if found.assignee else ""
        if "seen" in form.fields:
            data["seen"] = found.priority
        form.data = data
    return form_page(request, found, form, f"backoffice/tickets/{template}.html")


@require_http_methods(METHODS)
@requires(*VIEW_ANY_QUEUE)
def take_over(request: StaffRequest, number: str) -> HttpResponse:
    """Takes a ticket over from the colleague who has it, with a note to them."""
    found = ticket_or_404(request, number)
    require_works(request, found.department)
    form = TakeOverForm(_data(request), initial={"holder": found.assignee})
    if form.is_valid():
        holder: User = form.cleaned_data["holder"]

        def action() -> None:
            actions.take_over_ticket(
                actor=request.user, ticket=found, holder=holder, note=form.cleaned_data["note"]
            )

        success = _("%(number)s is assigned to you. We have notified %(name)s.") % {
            "number": found.number,
            "name": holder,
        }
        if (answer := run_action(request, found, form, action, success, stay=True)) is not None:
            return answer
    elif request.method != "POST" and not queries.abilities(request.user, found).take_over:
        if found.state == TicketState.WAITING:
            messages.info(request, _("Nobody has this ticket. You can take it."))
        return redirect("tickets:ticket", number=found.number)
    return _answer_form(request, found, form, "take_over")


@require_http_methods(METHODS)
@requires(*VIEW_ANY_QUEUE)
def reassign(request: StaffRequest, number: str) -> HttpResponse:
    """Gives a ticket to another colleague who works in its department."""
    found = ticket_or_404(request, number)
    if not queries.may_direct(request.user, found.department):
        require_works(request, found.department)
    if (answer := unavailable(request, found, "reassign", TicketState.HELD)) is not None:
        return answer
    form = ReassignForm(_data(request), ticket=found, initial={"holder": found.assignee})
    if form.is_valid():
        to: User = form.cleaned_data["to"]

        def action() -> None:
            actions.reassign_ticket(
                actor=request.user,
                ticket=found,
                to=to,
                holder=form.cleaned_data["holder"],
                note=form.cleaned_data["note"],
            )

        success = _("%(number)s is assigned to %(name)s.") % {"number": found.number, "name": to}
        if (answer := run_action(request, found, form, action, success, stay=True)) is not None:
            return answer
    return _answer_form(request, found, form, "reassign")


@require_http_methods(METHODS)
@requires(*VIEW_ANY_QUEUE)
def hold(request: StaffRequest, number: str) -> HttpResponse:
    """Puts a ticket on hold with a reason, until a day."""
    found = ticket_or_404(request, number)
    require_works(request, found.department)
    if (answer := unavailable(request, found, "hold", TicketState.HELD)) is not None:
        return answer
    today = office_date()
    tomorrow = today + timedelta(days=1)
    form = HoldForm(_data(request), initial={"until_date": next_open_day(today)})
    form.fields["until_date"].widget.attrs["min"] = tomorrow.isoformat()
    if form.is_valid():

        def action() -> None:
            actions.hold_ticket(actor=request.user, ticket=found, **form.cleaned_data)

        success = _("%(number)s is on hold.") % {"number": found.number}
        if (answer := run_action(request, found, form, action, success)) is not None:
            return answer
    return _answer_form(request, found, form, "hold")


@require_POST
@requires(*VIEW_ANY_QUEUE)
def resume(request: StaffRequest, number: str) -> HttpResponse:
    """Resumes a ticket that is on hold."""
    found = ticket_or_404(request, number)
    try:
        actions.resume_ticket(actor=request.user, ticket=found)
    except Conflict as conflict:
        messages.warning(request, conflict.message)
    return redirect("tickets:ticket", number=found.number)


@require_http_methods(METHODS)
@requires(*VIEW_ANY_QUEUE)
def priority(request: StaffRequest, number: str) -> HttpResponse:
    """Changes a ticket's priority."""
    found = ticket_or_404(request, number)
    is_asking = not actions.may_prioritise(request.user, found)
    if is_asking and not actions.may_ask_for_rush(request.user, found):
        raise PermissionDenied
    form = PriorityForm(
        _data(request),
        above=found.priority if is_asking else None,
        initial={"priority": found.priority, "seen": found.priority},
    )
    if form.is_valid():

        def action() -> None:
            actions.set_priority(actor=request.user, ticket=found, **form.cleaned_data)

        chosen = Priority(form.cleaned_data["priority"])
        success = _("Priority of %(number)s: %(priority)s.") % {
            "number": found.number,
            "priority": chosen.label,
        }
        if (answer := run_action(request, found, form, action, success, stay=True)) is not None:
            return answer
    return _answer_form(request, found, form, "priority")
