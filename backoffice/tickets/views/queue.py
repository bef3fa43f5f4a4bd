"""The page of a department's queue, with filters or a saved view."""

from __future__ import annotations

from functools import cached_property
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from backoffice.tickets import queries
from backoffice.tickets.exports import TICKETS
from backoffice.tickets.forms import queue_filter_form
from backoffice.tickets.models import SavedView, Ticket
from backoffice.tickets.queries import QueueFilter
from backoffice.tickets.queries.tickets import VIEW_ANY_QUEUE
from backoffice.tickets.views.common import (
    check_may_view,
    no_store,
    query_inside,
)
from officeflow.permissions import Department
from officeflow.staff.access import StaffRequest, requires
from officeflow.ui import export
from officeflow.ui.live import entity_tag, refresh
from officeflow.ui.paging import page_of
from officeflow.ui.query_parameters import leave_out_value

TAB_LABELS: dict[str, str | Promise] = {
    "waiting": _("Waiting"),
    "mine": _("Mine"),
    "in_work": _("In progress"),
    "held": _("On hold"),
    "returned": _("Questions to the front desk"),
    "done": _("Finished"),
    "all": _("All"),
}
MAX_COUNT = 999
# The filters that may be stored in the audit trail of an export; a text may be a person's name.
FILTERS = tuple(name for name in QueueFilter.base_filters if name not in ("text", "subject"))


class RequestedQueue:
    """The filters of an address: those of a saved view, its own, or those of the default view.

    The list of views is only read when the page shows it, not in a refresh without changes.
    """

    def __init__(self, request: StaffRequest, department: Department) -> None:
        self._request, self._department = request, department
        given = {name for name in request.GET if name not in ("after", "before", "export")}
        self.view: SavedView | None = None
        # Whether the address has a view that does not exist.
        self.is_view_missing = False
        if given == {"view"}:
            self.view = queries.view_named(request.GET.get("view", ""), department)
            self.is_view_missing = self.view is None
        elif not given:
            self.view = queries.default_view(self.views)
        query = query_inside(self.view.query) if self.view else request.GET
        self.filters = QueueFilter.read(query, request)

    @cached_property
    def views(self) -> list[SavedView]:
        """The views beside the tabs, also a colleague's view that the address has."""
        views = queries.views_of(self._request.user, self._department)
        if self.view is not None and self.view not in views:
            views.append(self.view)
        return views

    @property
    def query(self) -> str:
        """The query in the addresses of the page's parts."""
        return urlencode({"view": self.view.key}) if self.view else self.filters.query


@require_safe
@requires(*VIEW_ANY_QUEUE)
def queue(request: StaffRequest, department: Department) -> HttpResponseBase:
    """Shows a department's queue, or exports it."""
    check_may_view(request.user, department)
    requested = RequestedQueue(request, department)
    for typed in requested.filters.left_out:
        leave_out_value(request, typed)
    if kind := export.wanted(request):
        rows = queries.queue(user=request.user, department=department, filters=requested.filters)
        return export.respond(
            request,
            kind,
            name=f"tickets-{department.value}",
            columns=TICKETS,
            rows=export.in_chunks(rows, requested.filters.order),
            plain=FILTERS,
            is_hr=department == Department.HR,
        )
    if requested.is_view_missing:
        messages.info(request, _("This view no longer exists. These are the waiting tickets."))
    # The version is read first, so that a change in between leads to a refresh.
    version = _version(request, department, requested)
    context = _context(request, department, requested)
    form = queue_filter_form(requested.filters, department=department, user=request.user)
    query = urlencode({"queue": requested.filters.query})
    views_url = f"{reverse('tickets:saved-views', args=[department])}?{query}"
    page = render(
        request,
        "backoffice/tickets/queue.html",
        {**context, "version": version, "filter_form": form, "views_url": views_url},
    )
    return no_store(department, page)


@require_safe
@requires(*VIEW_ANY_QUEUE)
def queue_live(request: StaffRequest, department: Department) -> HttpResponse:
    """Returns the changing part of the queue's page when it has changed."""
    check_may_view(request.user, department)
    requested = RequestedQueue(request, department)
    part = refresh(
        request,
        "backoffice/tickets/_queue.html",
        _version(request, department, requested),
        lambda: _context(request, department, requested),
        with_counts=True,
    )
    return no_store(department, part)


def _page_position(request: StaffRequest) -> dict[str, str]:
    """Returns the ticket after or before which the list's page begins."""
    given = {way: request.GET.get(way, "") for way in ("after", "before")}
    return {way: number for way, number in given.items() if number}


def _version(request: StaffRequest, department: Department, requested: RequestedQueue) -> str:
    page = urlencode(_page_position(request))
    latest = queries.queue_version(department)
    version = requested.view.version if requested.view else 0
    return entity_tag(request.user.pk, requested.query, version, page, department, latest)


def _context(
    request: StaffRequest, department: Department, requested: RequestedQueue
) -> dict[str, Any]:
    filters, user, now = requested.filters, request.user, timezone.now()
    tickets = queries.queue(user=user, department=department, filters=filters)
    works = queries.may_work(user, department)
    place = urlencode(_page_position(request))
    address = reverse("tickets:queue", args=[department])
    page = page_of(
        request,
        tickets,
        order=filters.order,
        address=f"{address}?{requested.query}",
        named_among=queries.queue_rows(user, department),
    )
    live = reverse("tickets:queue-live", args=[department])
    narrowed = filters.is_narrowed
    tab = filters.values["tab"]
    counted = queries.count_up_to(tickets, MAX_COUNT) if narrowed else 0
    return {
        "department": department,
        "works": works,
        "queue_filters": filters.query,
        "tab": tab,
        "view": requested.view,
        "narrowed": narrowed,
        "counted": counted,
        "order_words": filters.order_words,
        "is_many": counted > MAX_COUNT,
        "tabs": _tabs(request, department, requested, address),
        "rows": [_row(request, ticket, now) for ticket in page.rows],
        "queue_parameter": urlencode({"queue": requested.query}),
        "plain_url": f"{address}?{urlencode({'tab': tab})}",
        "previous_url": page.previous_url,
        "next_url": page.next_url,
        "live_url": f"{live}?{'&'.join(part for part in (requested.query, place) if part)}",
    }


def _row(request: StaffRequest, ticket: Ticket, now: Any) -> dict[str, Any]:
    can = queries.abilities(request.user, ticket)
    return {
        "ticket": ticket,
        "overdue": ticket.is_overdue(now),
        "is_promised": ticket.promised_rank == 0,
        "due_again": ticket.is_due_again(now),
        "can": can,
        # Complaints are answered one by one.
        "can_bulk": can.take or (can.complete and not ticket.is_complaint),
    }


def _tabs(
    request: StaffRequest, department: Department, requested: RequestedQueue, address: str
) -> list[dict[str, Any]]:
    counts = queries.tab_counts(user=request.user, department=department)
    works = queries.may_work(request.user, department)
    tabs = [
        {
            "label": label,
            "url": f"{address}?{urlencode({'tab': name})}",
            "current": requested.view is None and name == requested.filters.values["tab"],
            "count": counts.get(name),
        }
        for name, label in TAB_LABELS.items()
        if works or name != "mine"
    ]
    return tabs + [
        {
            "label": view.name,
            "url": f"{address}?{urlencode({'view': view.key})}",
            "current": view == requested.view,
            "is_view": True,
        }
        for view in requested.views
    ]
