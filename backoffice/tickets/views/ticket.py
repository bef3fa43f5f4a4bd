"""One ticket: what to do, for whom, what was asked and answered, and its story."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from backoffice.tickets import actions, queries, timeline
from backoffice.tickets.actions.transitions import TEXT_LIMIT
from backoffice.tickets.departments import hooks_of
from backoffice.tickets.models import ComplaintBrief, Resolution, SavedView, Ticket
from backoffice.tickets.queries import QueueFilter
from backoffice.tickets.states import Severity, TicketKind, TicketState
from backoffice.tickets.views.common import (
    SEES_A_QUEUE,
    kept_nowhere,
    query_inside,
    ticket_or_404,
)
from officeflow.idempotency.forms import OnceForm
from officeflow.permissions import Department
from officeflow.staff.access import StaffRequest, requires
from officeflow.ui.live import entity_tag, refresh


class CommentForm(OnceForm):
    """A comment that may be sent twice and is written once."""

    text = forms.CharField(
        label=gettext_lazy("Comment"),
        max_length=TEXT_LIMIT,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": gettext_lazy("Write a comment.")},
    )


@require_safe
@requires(*SEES_A_QUEUE)
def ticket(request: StaffRequest, number: str) -> HttpResponse:
    """The ticket's page; what was new about it has been seen then."""
    found = ticket_or_404(request, number)
    if queries.unread_count(request.user):
        actions.read_notices(actor=request.user, ticket=found)
        request.user.__dict__.pop("_unread_news", None)
    return ticket_page(request, found, CommentForm())


def ticket_page(
    request: StaffRequest, found: Ticket, comment: CommentForm, *, status: int = 200
) -> HttpResponse:
    """The whole page, with a comment that is being written."""
    version = _version(request, found)
    context = {**_context(request, found), "version": version, "comment": comment}
    page = render(request, "backoffice/tickets/ticket.html", context, status=status)
    return kept_nowhere(Department(found.department), page)


@require_safe
@requires(*SEES_A_QUEUE)
def ticket_live(request: StaffRequest, number: str) -> HttpResponse:
    """The part of the ticket's page that refreshes itself."""
    found = ticket_or_404(request, number)
    part = refresh(
        request,
        "backoffice/tickets/_ticket.html",
        _version(request, found),
        lambda: _context(request, found),
    )
    return kept_nowhere(Department(found.department), part)


@require_safe
@requires(*SEES_A_QUEUE)
def turn(request: StaffRequest, number: str, step: int) -> HttpResponse:
    """The next ticket (step 1), or the one before (step -1), of the queue one comes from."""
    found = ticket_or_404(request, number)
    department = Department(found.department)
    query = _queue_of(request)
    other = queries.neighbour(
        user=request.user,
        department=department,
        wanted=_filter_of(request, query),
        ticket=found,
        step=step,
    )
    if other is not None:
        return redirect(f"{reverse('tickets:ticket', args=[other.number])}{_carried(query)}")
    messages.info(
        request,
        _("This was the last ticket of the queue.")
        if step > 0
        else _("This is the first ticket of the queue."),
    )
    return redirect(f"{reverse('tickets:ticket', args=[found.number])}{_carried(query)}")


def _queue_of(request: StaffRequest) -> str:
    """The queue that the reader comes from, as its own address says it."""
    return request.GET.get("queue", "")[:600]


def _carried(query: str) -> str:
    return f"?{urlencode({'queue': query})}" if query else ""


def _filter_of(request: StaffRequest, query: str) -> QueueFilter:
    asked = query_inside(query)
    if "view" in asked:
        view = SavedView.objects.filter(key=asked["view"], is_active=True).first()
        asked = query_inside(view.query) if view else {}
    return QueueFilter.read(asked)


def _version(request: StaffRequest, found: Ticket) -> str:
    return entity_tag(request.user.pk, queries.ticket_version(found))


def _context(request: StaffRequest, found: Ticket) -> dict[str, Any]:
    hooks, now = hooks_of(found.department), timezone.now()
    periods = queries.periods_of(found)
    exchanges = queries.exchanges_of(found)
    brief = ComplaintBrief.objects.filter(ticket=found).first()
    is_complaint = found.kind == TicketKind.COMPLAINT
    query = _queue_of(request)
    carried = _carried(query)
    queue_url = reverse("tickets:queue", args=[found.department])
    running = periods[-1] if periods else None
    return {
        "ticket": found,
        "department": Department(found.department),
        "can": queries.abilities(request.user, found),
        "is_mine": found.is_open and found.assignee_id == request.user.pk,
        "is_overdue": found.is_overdue(now),
        "is_due_again": found.is_due_again(now),
        "is_with_desk": found.state == TicketState.RETURNED,
        "is_complaint": is_complaint,
        "hold": running if found.is_on_hold else None,
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
        "exchange": exchanges[-1] if exchanges and found.is_open else None,
        "related": queries.related_tickets(request.user, found),
        "events": timeline.story_of(
            periods, exchanges, queries.comments_of(found), queries.priority_changes_of(found)
        ),
        "clocks": timeline.clocks_of(periods, now),
        "receipts": timeline.receipts_of(found),
        "live_url": reverse("tickets:ticket-live", args=[found.number]) + carried,
        "next_url": reverse("tickets:ticket-next", args=[found.number]) + carried,
        "previous_url": reverse("tickets:ticket-previous", args=[found.number]) + carried,
        "queue_url": f"{queue_url}?{query}" if query else queue_url,
        "people_url": reverse("tickets:ticket-people", args=[found.number]),
    }
