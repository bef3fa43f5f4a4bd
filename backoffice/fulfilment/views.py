"""Answering the front desk's request for a rush."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from backoffice.fulfilment.actions import answer_rush
from backoffice.tickets.actions.transitions import TEXT_LIMIT
from backoffice.tickets.models import Ticket
from backoffice.tickets.queries import visible_tickets
from backoffice.tickets.states import TicketKind
from backoffice.tickets.views.lifecycle import form_page, run_action
from officeflow.errors import Conflict
from officeflow.permissions import Department, work_permission
from officeflow.staff.access import StaffRequest, requires

WORK = work_permission(Department.FULFILMENT)


class RefuseForm(forms.Form):
    """Why a rush is not possible."""

    reason = forms.CharField(
        label=gettext_lazy("Why is it not possible?"),
        max_length=TEXT_LIMIT,
        widget=forms.Textarea(attrs={"rows": 3, "autofocus": True}),
        error_messages={"required": gettext_lazy("Enter why a rush is not possible.")},
    )


def _order_ticket(request: StaffRequest, number: str) -> Ticket:
    tickets = visible_tickets(request.user).of(Department.FULFILMENT)
    return get_object_or_404(tickets, number=number.upper(), kind=TicketKind.ORDER)


@require_POST
@requires(WORK)
def rush_accept(request: StaffRequest, number: str) -> HttpResponse:
    """Accepts the rush, which the front desk sees at once."""
    ticket = _order_ticket(request, number)
    try:
        answer_rush(actor=request.user, ticket=ticket, accepts=True)
        messages.success(request, _("The front desk knows that you accept the rush."))
    except Conflict as conflict:
        messages.warning(request, conflict.message)
    return redirect("tickets:ticket", number=ticket.number)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(WORK)
def rush_refuse(request: StaffRequest, number: str) -> HttpResponse:
    """Refuses the rush with a reason."""
    ticket = _order_ticket(request, number)
    form = RefuseForm(request.POST if request.method == "POST" else None)
    if form.is_valid():

        def action() -> None:
            answer_rush(actor=request.user, ticket=ticket, accepts=False, **form.cleaned_data)

        success = _("The front desk knows that a rush is not possible.")
        if (answer := run_action(request, ticket, form, action, success, stay=True)) is not None:
            return answer
    return form_page(request, ticket, form, "backoffice/fulfilment/rush_refuse.html")
