"""Many tickets at once, chosen in the queue."""

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
from backoffice.tickets.actions.bulk import MOST_AT_ONCE, Done
from backoffice.tickets.departments import hooks_of
from backoffice.tickets.models import Ticket
from backoffice.tickets.queries import QueueFilter
from backoffice.tickets.views.common import SEES_A_QUEUE, department_or_404, query_inside
from backoffice.tickets.views.verbs import require_works
from officeflow.errors import Refused
from officeflow.permissions import Department
from officeflow.staff.access import StaffRequest, requires


@require_POST
@requires(*SEES_A_QUEUE)
def bulk(request: StaffRequest, department: str) -> HttpResponse:
    """Takes or completes the chosen tickets, and says of each that did not work why."""
    room = department_or_404(request.user, department)
    require_works(request, room)
    verb = "complete" if request.POST.get("verb") == "complete" else "take"
    back = _back(request, room)
    numbers = list(dict.fromkeys(request.POST.getlist("ticket")))
    if not numbers:
        messages.info(request, _("Choose tickets first."))
        return redirect(back)
    chosen = _chosen(request, room, numbers[: MOST_AT_ONCE + 1])
    warnings = (
        _warnings(request, chosen) if verb == "complete" and "sure" not in request.POST else []
    )
    if warnings:
        return render(
            request,
            "backoffice/tickets/bulk_sure.html",
            {"department": room, "tickets": chosen, "warnings": warnings, "back": back},
        )
    act = actions.complete_tickets if verb == "complete" else actions.take_tickets
    try:
        done = act(actor=request.user, tickets=chosen)
    except Refused as refused:
        messages.warning(request, refused.message)
        return redirect(back)
    return _told(request, room, verb, done, back)


def _chosen(request: StaffRequest, room: Department, numbers: list[str]) -> list[Ticket]:
    """The tickets of the numbers that are this department's, in the queue's order."""
    wanted = [number[:20] for number in numbers]
    return list(
        queries.visible_tickets(request.user).of(room).filter(number__in=wanted).next_first()
    )


def _warnings(request: StaffRequest, tickets: list[Ticket]) -> list[tuple[Ticket, str]]:
    """The tickets whose completion is asked about first, each with what it means.

    One that cannot be completed now is not asked about; it is among those that say why not.
    """
    return [
        (ticket, str(warning))
        for ticket in tickets
        if not ticket.is_complaint
        and queries.abilities(request.user, ticket).complete
        and (warning := hooks_of(ticket.department).complete_warning(ticket))
    ]


def _told(
    request: StaffRequest, room: Department, verb: str, done: list[Done], back: str
) -> HttpResponse:
    worked = [each for each in done if not each.why_not]
    failed = [each for each in done if each.why_not]
    words = (
        ngettext("%(count)d ticket is completed.", "%(count)d tickets are completed.", len(worked))
        if verb == "complete"
        else ngettext("You took %(count)d ticket.", "You took %(count)d tickets.", len(worked))
    ) % {"count": len(worked)}
    if not failed:
        messages.success(request, words)
        return redirect(back)
    return render(
        request,
        "backoffice/tickets/bulk_done.html",
        {"department": room, "worked": worked, "failed": failed, "words": words, "back": back},
        status=200 if worked else 409,
    )


def _back(request: StaffRequest, room: Department) -> str:
    """The queue as the person had it."""
    address = reverse("tickets:queue", args=[room.value])
    view = request.POST.get("view", "")
    if view:
        return f"{address}?{urlencode({'view': view[:20]})}"
    wanted = QueueFilter.read(query_inside(request.POST.get("queue", "")))
    return f"{address}?{wanted.query()}"
