"""One ticket: what to do, for whom, what was asked and answered, and its story."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from backoffice.tickets import queries, story
from backoffice.tickets.departments import hooks_of
from backoffice.tickets.models import ComplaintBrief, Resolution, Ticket
from backoffice.tickets.states import Severity, TicketKind, TicketState
from backoffice.tickets.views.common import SEES_A_QUEUE, entity_tag, refresh, ticket_or_404
from officeflow.staff.access import StaffRequest, requires
from officeflow.staff.permissions import Department


@require_safe
@requires(*SEES_A_QUEUE)
def ticket(request: StaffRequest, number: str) -> HttpResponse:
    """The ticket's page."""
    found = ticket_or_404(request, number)
    return render(
        request,
        "backoffice/tickets/ticket.html",
        {**_context(request, found), "version": _version(request, found)},
    )


@require_safe
@requires(*SEES_A_QUEUE)
def ticket_live(request: StaffRequest, number: str) -> HttpResponse:
    """The part of the ticket's page that refreshes itself."""
    found = ticket_or_404(request, number)
    return refresh(
        request,
        "backoffice/tickets/_ticket.html",
        _version(request, found),
        lambda: _context(request, found),
    )


def _version(request: StaffRequest, found: Ticket) -> str:
    return entity_tag(request.user, queries.ticket_version(found))


def _context(request: StaffRequest, found: Ticket) -> dict[str, Any]:
    hooks, now = hooks_of(found.department), timezone.now()
    periods = queries.periods_of(found)
    brief = ComplaintBrief.objects.filter(ticket=found).first()
    is_complaint = found.kind == TicketKind.COMPLAINT
    return {
        "ticket": found,
        "department": Department(found.department),
        "can": queries.abilities(request.user, found),
        "is_mine": found.is_open and found.assignee_id == request.user.pk,
        "is_overdue": found.is_overdue(now),
        "is_with_desk": found.state == TicketState.RETURNED,
        "is_complaint": is_complaint,
        "brief": brief,
        "severity": Severity(brief.severity)
        if brief and brief.severity in Severity.values
        else None,
        "resolution": Resolution.objects.filter(ticket=found).first(),
        "complete_label": hooks.complete_label(found),
        # A form or a question first, or done with one press.
        "asks_first": is_complaint or bool(hooks.complete_warning(found)),
        "detail_template": hooks.detail_template,
        **hooks.detail_context(found),
        "exchanges": queries.exchanges_of(found),
        "related": queries.related_tickets(request.user, found),
        "events": story.story_of(periods),
        "clocks": story.clocks_of(periods, now),
        "receipts": story.receipts_of(found),
        "live_url": reverse("tickets:ticket-live", args=[found.number]),
    }
