"""The page of a department's queue, with filters or a saved view."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property, partial
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from backoffice.tickets import queries
from backoffice.tickets.exports import TICKETS
from backoffice.tickets.forms import queue_filter_form
from backoffice.tickets.models import SavedView, Ticket
from backoffice.tickets.queries import QueueFilter
from backoffice.tickets.queries.tickets import VIEW_ANY_QUEUE
from backoffice.tickets.states import Priority
from backoffice.tickets.views.common import (
    check_may_view,
    no_store,
    query_inside,
)
from officeflow.permissions import Department
from officeflow.staff.access import StaffRequest, requires
from officeflow.ui import export
from officeflow.ui.counts import MOST, counted
from officeflow.ui.live import entity_tag, refresh
from officeflow.ui.paging import PAGE_SIZE, page_of
from officeflow.ui.query_parameters import leave_out_value
from officeflow.ui.templatetags.office import EM_DASH, ago, references, status_badge, when

TAB_LABELS: dict[str, str | Promise] = {
    "waiting": _("Waiting"),
    "mine": _("Mine"),
    "in_work": _("In progress"),
    "held": _("On hold"),
    "returned": _("Questions to the front desk"),
    "done": _("Finished"),
    "all": _("All"),
}
# What the column of times shows, and the tabs with tickets of several states.
DUE_LABELS: dict[str, str | Promise] = {"done": _("Finished"), "held": _("On hold until")}
STATE_TABS = ("mine", "done", "all")
SAMPLE = "TK-000000"  # in addresses, in the place of a ticket's number
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

    @cached_property
    def filters(self) -> QueueFilter:
        """The filters; a refresh without changes does not read them."""
        query = query_inside(self.view.query) if self.view else self._request.GET
        return QueueFilter.read(query, self._request)

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

    @property
    def live_query(self) -> str:
        """The query in the address of the part that refreshes itself: also the page of the list."""
        given = {way: self._request.GET.get(way, "") for way in ("after", "before")}
        place = urlencode({way: number for way, number in given.items() if number})
        return "&".join(part for part in (self.query, place) if part)


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
    version = _version(request, department, requested, requested.live_query)
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
        _version(request, department, requested, request.META["QUERY_STRING"]),
        lambda: _context(request, department, requested),
        with_counts=True,
    )
    return no_store(department, part)


def _version(
    request: StaffRequest, department: Department, requested: RequestedQueue, query: str
) -> str:
    latest = queries.queue_version(department)
    view_version = requested.view.version if requested.view else 0
    return entity_tag(request.user.pk, query, view_version, department, latest)


def _context(
    request: StaffRequest, department: Department, requested: RequestedQueue
) -> dict[str, Any]:
    filters, user = requested.filters, request.user
    tab = filters.values["tab"]
    shows_assignee = tab not in ("waiting", "mine")
    tickets = queries.queue(user=user, department=department, filters=filters)
    tickets = tickets.select_related(None)
    if shows_assignee:
        tickets = tickets.select_related("assignee")
    works = queries.may_work(user, department)
    address = reverse("tickets:queue", args=[department])
    page = page_of(
        request,
        tickets,
        order=filters.order,
        address=f"{address}?{requested.query}",
        beginning=queries.beginning(
            tickets, department=department, filters=filters, size=PAGE_SIZE + 1
        ),
        named_among=queries.queue_rows(user, department),
    )
    live = reverse("tickets:queue-live", args=[department])
    parameter = urlencode({"queue": requested.query})
    narrowed = filters.is_narrowed
    counted = queries.count_up_to(tickets, MOST) if narrowed else 0
    return {
        "department": department,
        "works": works,
        "queue_filters": filters.query,
        "tab": tab,
        "view": requested.view,
        "narrowed": narrowed,
        "counted": counted,
        "order_words": filters.order_words,
        "is_many": counted > MOST,
        "tabs": _tabs(request, department, requested, address),
        "rows": list(_rows(request, page.rows, tab, shows_assignee, parameter)),
        "due_label": DUE_LABELS.get(tab, _("Due")),
        "shows_assignee": shows_assignee,
        "plain_url": f"{address}?{urlencode({'tab': tab})}",
        "previous_url": page.previous_url,
        "next_url": page.next_url,
        "live_url": f"{live}?{requested.live_query}",
    }


def _rows(
    request: StaffRequest, tickets: list[Ticket], tab: str, shows_assignee: bool, parameter: str
) -> Iterator[dict[str, Any]]:
    """Yields what each row shows, so that the template of many rows only writes it."""
    now, user = timezone.now(), request.user
    page, take = (
        partial(str.replace, reverse(name, args=[SAMPLE]), SAMPLE)
        for name in ("tickets:ticket", "tickets:ticket-take")
    )
    choose = gettext("Choose %(number)s")
    for ticket in tickets:
        can = queries.abilities(user, ticket)
        is_rushed = ticket.priority != Priority.NORMAL and not ticket.closed_at
        yield {
            "ticket": ticket,
            "number": ticket.number,
            "url": f"{page(ticket.number)}?{parameter}",
            "take_url": take(ticket.number),
            "title": references(ticket.title),
            "kind": status_badge(ticket, "kind", quiet=True),
            "subject": ticket.subject,
            "priority": status_badge(ticket, "priority", quiet=True) if is_rushed else "",
            "comments": ticket.comment_count,
            "customer": ticket.customer_name,
            "state": status_badge(ticket, "state", quiet=True) if tab in STATE_TABS else "",
            "due": _due(ticket, tab),
            "assignee": (ticket.assignee or EM_DASH) if shows_assignee else "",
            "overdue": ticket.is_overdue(now),
            "is_promised": ticket.promised_rank == 0 and tab != "held",
            "due_again": ticket.is_due_again(now),
            "can_take": can.take,
            # Complaints are answered one by one.
            "can_bulk": can.take or (can.complete and not ticket.is_complaint),
            "choose": choose % {"number": ticket.number},
        }


def _due(ticket: Ticket, tab: str) -> str:
    """Returns when the ticket was finished, until when it is on hold, or when it is due."""
    if ticket.closed_at:
        return when(ticket.closed_at)
    if not ticket.is_on_hold:
        return ago(ticket.due_at)
    day = date_format(timezone.localtime(ticket.held_until), "DATE_FORMAT")
    return day if tab == "held" else gettext("until %(day)s") % {"day": day}


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
            "count": counted(counts.get(name)),
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
