"""Taking or completing the tickets chosen in the queue."""

from __future__ import annotations

from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from backoffice.tickets import actions, queries
from backoffice.tickets.actions.bulk import MAX_BULK_TICKETS
from backoffice.tickets.hooks import hooks_of
from backoffice.tickets.models import Ticket
from backoffice.tickets.queries import QueueFilter
from backoffice.tickets.queries.tickets import VIEW_ANY_QUEUE
from backoffice.tickets.views.common import check_may_view, query_inside
from backoffice.tickets.views.lifecycle import require_works
from officeflow.company.queries import get_office
from officeflow.errors import Refused
from officeflow.permissions import Department
from officeflow.staff.access import StaffRequest, requires
from officeflow.ui.undo import end_undo, offer_undo


@require_POST
@requires(*VIEW_ANY_QUEUE)
def bulk(request: StaffRequest, department: Department) -> HttpResponse:
    """Takes or completes the chosen tickets, and shows why tickets were refused."""
    check_may_view(request.user, department)
    require_works(request, department)
    is_completing = request.POST.get("operation") == "complete"
    back = _queue_url(request, department)
    numbers = list(dict.fromkeys(request.POST.getlist("ticket")))
    if not numbers:
        messages.info(request, _("Choose tickets first."))
        return redirect(back)
    chosen = _chosen(request, department, numbers[: MAX_BULK_TICKETS + 1])
    warnings = _warnings(request, chosen) if is_completing else []
    if warnings and "confirmed" not in request.POST:
        return render(
            request,
            "backoffice/tickets/bulk_confirm.html",
            {"department": department, "tickets": chosen, "warnings": warnings, "back": back},
        )
    action = actions.complete_tickets if is_completing else actions.take_tickets
    try:
        results = action(actor=request.user, tickets=chosen)
    except Refused as refusal:
        messages.warning(request, refusal.message)
        return redirect(back)
    done = [each for each in results if not each.refusal]
    refused = [each for each in results if each.refusal]
    summary = _summary(len(done), is_completing=is_completing)
    seconds = get_office().undo_seconds if is_completing and done else 0
    if seconds:
        offer_undo(
            request,
            text=summary,
            url=reverse("tickets:bulk-undo", args=[department]),
            seconds=seconds,
            name="ticket",
            values=[each.ticket.number for each in done],
        )
    if not refused:
        if not seconds:
            messages.success(request, summary)
        return redirect(back)
    return render(
        request,
        "backoffice/tickets/bulk_result.html",
        {
            "department": department,
            "done": done,
            "refused": refused,
            "summary": summary,
            "back": back,
        },
        status=200 if done else 409,
    )


@require_POST
@requires(*VIEW_ANY_QUEUE)
def bulk_undo(request: StaffRequest, department: Department) -> HttpResponse:
    """Reopens the tickets that the user has just completed together."""
    check_may_view(request.user, department)
    require_works(request, department)
    numbers = list(dict.fromkeys(request.POST.getlist("ticket")))
    chosen = _chosen(request, department, numbers[: MAX_BULK_TICKETS + 1])
    back = f"{reverse('tickets:queue', args=[department])}?{urlencode({'tab': 'mine'})}"
    try:
        results = actions.reopen_tickets(actor=request.user, tickets=chosen)
    except Refused as refusal:
        messages.warning(request, refusal.message)
        return redirect(back)
    end_undo(request)
    count = len([each for each in results if not each.refusal])
    if count:
        text = ngettext(
            "%(count)d ticket is yours again.", "%(count)d tickets are yours again.", count
        )
        messages.success(request, text % {"count": count})
    for each in results:
        if each.refusal:
            messages.warning(request, f"{each.ticket.number}: {each.refusal}")
    return redirect(back)


def _chosen(request: StaffRequest, department: Department, numbers: list[str]) -> list[Ticket]:
    """Returns the department's tickets with these numbers, in the queue's order."""
    wanted = [number[:20] for number in numbers]
    return list(
        queries.visible_tickets(request.user).of(department).filter(number__in=wanted).next_first()
    )


def _warnings(request: StaffRequest, tickets: list[Ticket]) -> list[tuple[Ticket, str]]:
    """Returns the tickets whose completion must be confirmed, each with its warning.

    A ticket that the user cannot complete needs no confirmation: it will be refused.
    """
    return [
        (ticket, str(warning))
        for ticket in tickets
        if not ticket.is_complaint
        and queries.abilities(request.user, ticket).complete
        and (warning := hooks_of(ticket.department).complete_warning(ticket))
    ]


def _summary(count: int, *, is_completing: bool) -> str:
    text = (
        ngettext("%(count)d ticket is completed.", "%(count)d tickets are completed.", count)
        if is_completing
        else ngettext("You took %(count)d ticket.", "You took %(count)d tickets.", count)
    )
    return text % {"count": count}


def _queue_url(request: StaffRequest, department: Department) -> str:
    """Returns the address of the queue with the filters that the user has seen."""
    address = reverse("tickets:queue", args=[department])
    view = request.POST.get("view", "")
    if view:
        return f"{address}?{urlencode({'view': view[:20]})}"
    filters = QueueFilter.read(query_inside(request.POST.get("queue", "")))
    return f"{address}?{filters.query}"
