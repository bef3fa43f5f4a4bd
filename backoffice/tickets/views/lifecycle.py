"""Taking, untaking, returning and completing a ticket."""

from __future__ import annotations

from collections.abc import Callable

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from backoffice.tickets import actions, queries
from backoffice.tickets.actions.transitions import state_conflict
from backoffice.tickets.draft_forms import COMPLAINT_ANSWER, RETURN
from backoffice.tickets.forms import ComplaintAnswerForm, ConfirmForm, ReopenForm, ReturnForm
from backoffice.tickets.hooks import hooks_of
from backoffice.tickets.models import Ticket
from backoffice.tickets.queries.tickets import VIEW_ANY_QUEUE
from backoffice.tickets.states import TicketKind, TicketState
from backoffice.tickets.views.common import no_store, ticket_or_404
from officeflow.company.queries import get_office
from officeflow.drafts.pages import PageDraft, page_draft
from officeflow.errors import Conflict, Refused
from officeflow.permissions import Department
from officeflow.staff.access import StaffRequest, requires
from officeflow.ui.forms import show_refusal
from officeflow.ui.undo import end_undo, offer_undo


@require_POST
@requires(*VIEW_ANY_QUEUE)
def take(request: StaffRequest, number: str) -> HttpResponse:
    """Takes the ticket and shows it; on a conflict the user stays on the page they came from."""
    found = ticket_or_404(request, number)
    try:
        actions.take_ticket(actor=request.user, ticket=found)
    except Conflict as conflict:
        messages.warning(request, conflict.message)
        if request.POST.get("from") == "queue":
            return redirect("tickets:queue", department=found.department)
    return redirect("tickets:ticket", number=found.number)


@require_POST
@requires(*VIEW_ANY_QUEUE)
def untake(request: StaffRequest, number: str) -> HttpResponse:
    """Puts the ticket back into the queue."""
    found = ticket_or_404(request, number)
    try:
        actions.untake_ticket(actor=request.user, ticket=found)
    except Conflict as conflict:
        messages.warning(request, conflict.message)
        return redirect("tickets:ticket", number=found.number)
    messages.success(request, _("%(number)s is back in the queue.") % {"number": found.number})
    return redirect("tickets:queue", department=found.department)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(*VIEW_ANY_QUEUE)
def return_to_desk(request: StaffRequest, number: str) -> HttpResponse:
    """Asks for the reason and the question, then returns the ticket."""
    found = ticket_or_404(request, number)
    require_works(request, found.department)
    if (answer := unavailable(request, found, "return_", TicketState.RETURNED)) is not None:
        return answer
    draft = page_draft(request, RETURN, found.number)
    form = ReturnForm(
        request.POST if request.method == "POST" else None,
        initial=draft.initial(),
        reasons=queries.reasons_for(Department(found.department)),
    )
    if form.is_valid():

        def action() -> None:
            with draft.sending():
                actions.return_ticket(actor=request.user, ticket=found, **form.cleaned_data)

        success = _("%(number)s is with the front desk now.") % {"number": found.number}
        if (answer := run_action(request, found, form, action, success)) is not None:
            return answer
    return form_page(request, found, form, "backoffice/tickets/return.html", draft)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(*VIEW_ANY_QUEUE)
def complete(request: StaffRequest, number: str) -> HttpResponse:
    """Completes the ticket: a complaint with an answer, a delivery after a confirmation."""
    found = ticket_or_404(request, number)
    require_works(request, found.department)
    if (answer := unavailable(request, found, "complete", TicketState.COMPLETED)) is not None:
        return answer
    kind = ComplaintAnswerForm if found.kind == TicketKind.COMPLAINT else ConfirmForm
    draft = page_draft(request, COMPLAINT_ANSWER, found.number)
    form: forms.Form = kind(
        request.POST if request.method == "POST" else None,
        initial={**queries.withdrawn_answer(found), **draft.initial()},
    )
    if form.is_valid():

        def action() -> None:
            with draft.sending():
                actions.complete_ticket(actor=request.user, ticket=found, **form.cleaned_data)

        success = _("%(number)s is completed.") % {"number": found.number}
        undo_url = reverse("tickets:ticket-reopen", args=[found.number])
        if (
            answer := run_action(request, found, form, action, success, undo_url=undo_url)
        ) is not None:
            return answer
    return form_page(request, found, form, "backoffice/tickets/complete.html", draft)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(*VIEW_ANY_QUEUE)
def reopen(request: StaffRequest, number: str) -> HttpResponse:
    """Reopens a completed ticket: by Undo at once, later with a reason."""
    found = ticket_or_404(request, number)
    require_works(request, found.department)
    form = ReopenForm(
        request.POST if request.method == "POST" else None,
        is_undo=queries.can_undo(request.user, found),
    )
    why_not = queries.why_not_reopen(found)
    # A reason that was typed is not lost: the form shows it again with the refusal.
    if why_not and not request.POST.get("reason"):
        if request.method == "POST":
            end_undo(request)
        context = {"ticket": found, "can": queries.abilities(request.user, found), "why": why_not}
        return render(request, "backoffice/tickets/unavailable.html", context, status=409)
    if form.is_valid():

        def action() -> None:
            actions.reopen_ticket(actor=request.user, ticket=found, **form.cleaned_data)

        success = _("%(number)s is yours again.") % {"number": found.number}
        if (answer := run_action(request, found, form, action, success, stay=True)) is not None:
            end_undo(request)
            return answer
    return form_page(request, found, form, "backoffice/tickets/reopen.html")


def unavailable(
    request: StaffRequest, found: Ticket, ability: str, to: TicketState
) -> HttpResponse | None:
    """Returns a page that says why the form would be refused.

    Returns None if the user has the ability (a field of `Abilities`) or has sent the form.
    """
    can = queries.abilities(request.user, found)
    if request.method == "POST" or getattr(can, ability):
        return None
    context = {
        "ticket": found,
        "can": can,
        "why": state_conflict(found, to, actor=request.user).message,
    }
    return render(request, "backoffice/tickets/unavailable.html", context, status=409)


def require_works(request: StaffRequest, department: Department | str) -> None:
    """Raises `PermissionDenied` unless the user works in the department."""
    if not queries.may_work(request.user, department):
        raise PermissionDenied


def run_action(
    request: StaffRequest,
    found: Ticket,
    form: forms.Form,
    action: Callable[[], None],
    success: str,
    *,
    stay: bool = False,
    undo_url: str = "",
) -> HttpResponse | None:
    """Runs the action and redirects to the queue, or with `stay` to the ticket.

    With `undo_url`, Undo is offered there. Returns None when the form must be shown again with an
    error. A form without fields redirects to the ticket's page, which shows the error.
    """
    try:
        action()
    except Refused as refused:
        show_refusal(form, refused)
        return None
    except Conflict as conflict:
        if form.fields:
            form.add_error(None, conflict.message)
            return None
        messages.warning(request, conflict.message)
        return redirect("tickets:ticket", number=found.number)
    seconds = get_office().undo_seconds if undo_url else 0
    if seconds:
        offer_undo(request, text=success, url=undo_url, seconds=seconds)
    else:
        messages.success(request, success)
    if stay:
        return redirect("tickets:ticket", number=found.number)
    return redirect("tickets:queue", department=found.department)


def form_page(
    request: StaffRequest,
    found: Ticket,
    form: forms.Form,
    template: str,
    draft: PageDraft | None = None,
) -> HttpResponse:
    """Returns the page of a form, with status 422 for a form with errors."""
    hooks = hooks_of(found.department)
    context = {
        "ticket": found,
        "department": Department(found.department),
        "is_hr": found.department == Department.HR,
        "is_complaint": found.kind == TicketKind.COMPLAINT,
        "form": form,
        "draft": draft if form.fields else None,
        "complete_label": hooks.complete_label(found),
        "complete_warning": hooks.complete_warning(found),
        "reopen_label": hooks.reopen_label(found),
        "undo_seconds": get_office().undo_seconds,
    }
    page = render(request, template, context, status=422 if form.errors else 200)
    return no_store(Department(found.department), page)
