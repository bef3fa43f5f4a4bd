"""A ticket's page, and the next and previous ticket of the queue."""

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
from backoffice.tickets.draft_forms import COMMENT
from backoffice.tickets.hooks import hooks_of
from backoffice.tickets.models import ComplaintBrief, SavedView, Ticket
from backoffice.tickets.queries import QueueFilter
from backoffice.tickets.queries.tickets import VIEW_ANY_QUEUE
from backoffice.tickets.states import Priority, Severity, TicketKind, TicketState
from backoffice.tickets.views.common import (
    no_store,
    query_inside,
    ticket_or_404,
)
from officeflow.drafts.pages import PageDraft, page_draft
from officeflow.idempotency.forms import IdempotentForm
from officeflow.permissions import Department
from officeflow.staff.access import StaffRequest, requires
from officeflow.ui.live import entity_tag, refresh


class CommentForm(IdempotentForm):
    """A comment, which is added once for each form."""

    text = forms.CharField(
        label=gettext_lazy("Comment"),
        max_length=TEXT_LIMIT,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": gettext_lazy("Enter a comment.")},
    )


@require_safe
@requires(*VIEW_ANY_QUEUE)
def ticket(request: StaffRequest, number: str) -> HttpResponse:
    """Shows the ticket, and marks its notifications as read."""
    found = ticket_or_404(request, number)
    if queries.unread_count(request.user) and actions.mark_notifications_read(
        actor=request.user, ticket=found
    ):
        request.user.__dict__.pop("_unread_notifications", None)
    draft = page_draft(request, COMMENT, found.number)
    return ticket_page(request, found, CommentForm(initial=draft.initial()), draft)


def ticket_page(
    request: StaffRequest,
    found: Ticket,
    comment: CommentForm,
    draft: PageDraft,
    *,
    status: int = 200,
) -> HttpResponse:
    """Returns the ticket's page with a form for a comment."""
    version = _version(request, found)
    context = {
        **_context(request, found),
        "version": version,
        "comment": comment,
        "draft": draft,
    }
    page = render(request, "backoffice/tickets/ticket.html", context, status=status)
    return no_store(Department(found.department), page)


@require_safe
@requires(*VIEW_ANY_QUEUE)
def ticket_live(request: StaffRequest, number: str) -> HttpResponse:
    """Returns the changing part of the ticket's page when it has changed."""
    found = ticket_or_404(request, number)
    part = refresh(
        request,
        "backoffice/tickets/_ticket.html",
        _version(request, found),
        lambda: _context(request, found),
        with_counts=True,
    )
    return no_store(Department(found.department), part)


@require_safe
@requires(*VIEW_ANY_QUEUE)
def next_ticket(request: StaffRequest, number: str) -> HttpResponse:
    """Redirects to the ticket after this one in the queue that the user comes from."""
    end = _("This is the last ticket in the queue.")
    return _go_to_neighbour(request, number, step=1, end=end)


@require_safe
@requires(*VIEW_ANY_QUEUE)
def previous_ticket(request: StaffRequest, number: str) -> HttpResponse:
    """Redirects to the ticket before this one in the queue that the user comes from."""
    end = _("This is the first ticket in the queue.")
    return _go_to_neighbour(request, number, step=-1, end=end)


def _go_to_neighbour(request: StaffRequest, number: str, *, step: int, end: str) -> HttpResponse:
    found = ticket_or_404(request, number)
    department = Department(found.department)
    query = _queue_query(request)
    other = queries.neighbour(
        user=request.user,
        department=department,
        filters=_queue_filters(request, query),
        ticket=found,
        step=step,
    )
    if other is None:
        messages.info(request, end)
    address = reverse("tickets:ticket", args=[(other or found).number])
    return redirect(address + _queue_parameter(query))


def _queue_query(request: StaffRequest) -> str:
    """Returns the query of the queue that the user comes from."""
    return request.GET.get("queue", "")[:600]


def _queue_parameter(query: str) -> str:
    return f"?{urlencode({'queue': query})}" if query else ""


def _queue_filters(request: StaffRequest, query: str) -> QueueFilter:
    values = query_inside(query)
    if "view" in values:
        view = SavedView.objects.filter(key=values["view"], is_active=True).first()
        values = query_inside(view.query) if view else {}
    return QueueFilter.read(values, request)


def _version(request: StaffRequest, found: Ticket) -> str:
    return entity_tag(request.user.pk, queries.ticket_version(found))


def _context(request: StaffRequest, found: Ticket) -> dict[str, Any]:
    hooks, now = hooks_of(found.department), timezone.now()
    queries.with_history(found)
    periods, questions = list(found.periods.all()), list(found.questions.all())
    is_complaint = found.kind == TicketKind.COMPLAINT
    brief = ComplaintBrief.objects.filter(ticket=found).first() if is_complaint else None
    query = _queue_query(request)
    queue_parameter = _queue_parameter(query)
    queue_url = reverse("tickets:queue", args=[found.department])
    running = periods[-1] if periods else None
    works = queries.may_work(request.user, found.department)
    can = queries.abilities(request.user, found)
    return {
        "ticket": found,
        "department": Department(found.department),
        "can": can,
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
        "earlier_answers": queries.earlier_answers(found) if brief and brief.is_reopened else [],
        "resolution": queries.answer_to(found) if is_complaint else None,
        "complete_label": hooks.complete_label(found),
        # Whether a form or a confirmation comes first.
        "asks_first": is_complaint or bool(hooks.complete_warning(found)),
        # A completed ticket goes back to work: at once by Undo, later with a reason.
        "can_rush": found.is_open
        and found.priority != Priority.URGENT
        and (can.prioritise or actions.may_ask_for_rush(request.user, found)),
        "can_reopen": works and not queries.why_not_reopen(found),
        "can_undo": queries.can_undo(request.user, found),
        "reopen_label": hooks.reopen_label(found),
        "detail_template": hooks.detail_template,
        **hooks.detail_context(found),
        "question": questions[-1] if questions and found.is_open else None,
        "related": queries.related_tickets(request.user, found),
        "events": timeline.ticket_events(
            periods,
            questions,
            found.comments.all(),
            found.priority_changes.all(),
            hooks.events(found),
        ),
        "clocks": timeline.clocks_of(periods, now),
        "receipts": timeline.receipts_of(found),
        "live_url": reverse("tickets:ticket-live", args=[found.number]) + queue_parameter,
        "next_url": reverse("tickets:ticket-next", args=[found.number]) + queue_parameter,
        "previous_url": reverse("tickets:ticket-previous", args=[found.number]) + queue_parameter,
        "queue_url": f"{queue_url}?{query}" if query else queue_url,
        "people_url": reverse("tickets:ticket-people", args=[found.number]),
    }
