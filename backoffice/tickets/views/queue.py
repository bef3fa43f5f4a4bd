"""A department's queue, refreshing itself, as its address or a saved view asks for it."""

from __future__ import annotations

from functools import cached_property
from typing import Any
from urllib.parse import parse_qsl, urlencode

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
from backoffice.tickets.forms import FilterForm
from backoffice.tickets.models import SavedView, Ticket
from backoffice.tickets.queries import QueueFilter
from backoffice.tickets.views.common import (
    SEES_A_QUEUE,
    department_or_404,
    kept_nowhere,
)
from officeflow.permissions import Department
from officeflow.staff.access import StaffRequest, requires
from officeflow.ui import export
from officeflow.ui.live import entity_tag, refresh
from officeflow.ui.paging import page_of

TAB_LABELS: dict[str, str | Promise] = {
    "waiting": _("Waiting"),
    "mine": _("Mine"),
    "in_work": _("In progress"),
    "held": _("On hold"),
    "returned": _("Questions to the front desk"),
    "done": _("Done"),
    "all": _("All"),
}
MOST_COUNTED = 999
FILTERS = ("tab", "state", "who", "priority", "kind", "late", "age", "from", "to", "reason")


class Asked:
    """What an address asks of a queue: a view's filter, its own, or that of the default view.

    The views themselves are read when somebody asks for them: a refresh that brings nothing new
    need not.
    """

    def __init__(self, request: StaffRequest, department: Department) -> None:
        self._request, self._department = request, department
        given = {name for name in request.GET if name not in ("after", "before", "export")}
        self.view: SavedView | None = None
        # A view's address that leads nowhere any more.
        self.is_gone = False
        if given == {"view"}:
            self.view = queries.view_named(request.GET.get("view", ""), department)
            self.is_gone = self.view is None
        elif not given:
            self.view = queries.default_view(self.views)
        query = dict(parse_qsl(self.view.query)) if self.view else request.GET
        self.wanted = QueueFilter.read(query)

    @cached_property
    def views(self) -> list[SavedView]:
        """The views that stand beside the tabs: also a colleague's, while its address is open."""
        found = queries.views_of(self._request.user, self._department)
        if self.view is not None and self.view not in found:
            found.append(self.view)
        return found

    @property
    def query(self) -> str:
        """As it stands in the addresses of this page's parts."""
        return urlencode({"view": self.view.key}) if self.view else self.wanted.query()


@require_safe
@requires(*SEES_A_QUEUE)
def queue(request: StaffRequest, department: str) -> HttpResponseBase:
    """The queue's page; the same part serves the full page and the refresh."""
    room = department_or_404(request.user, department)
    wanted = Asked(request, room)
    if kind := export.wanted(request):
        rows = queries.queue(user=request.user, department=room, wanted=wanted.wanted)
        return export.respond(
            request,
            kind,
            name=f"tickets-{room.value}",
            columns=TICKETS,
            rows=export.in_chunks(rows, wanted.wanted.order),
            plain=FILTERS,
        )
    if wanted.is_gone:
        messages.info(request, _("This view no longer exists. These are the waiting tickets."))
    # The version is read first: a change in between shows again, rather than never.
    version = _version(request, room, wanted)
    context = _context(request, room, wanted)
    form = FilterForm(wanted.wanted, department=room, user=request.user)
    kept = urlencode({"queue": wanted.wanted.query()})
    views_url = f"{reverse('tickets:views', args=[room.value])}?{kept}"
    page = render(
        request,
        "backoffice/tickets/queue.html",
        {**context, "version": version, "filters": form, "views_url": views_url},
    )
    return kept_nowhere(room, page)


@require_safe
@requires(*SEES_A_QUEUE)
def queue_live(request: StaffRequest, department: str) -> HttpResponse:
    """The part of the queue's page that refreshes itself."""
    room = department_or_404(request.user, department)
    wanted = Asked(request, room)
    part = refresh(
        request,
        "backoffice/tickets/_queue.html",
        _version(request, room, wanted),
        lambda: _context(request, room, wanted),
    )
    return kept_nowhere(room, part)


def _turned(request: StaffRequest) -> dict[str, str]:
    """Which page of the list: after or before which ticket."""
    given = {way: request.GET.get(way, "") for way in ("after", "before")}
    return {way: number for way, number in given.items() if number}


def _version(request: StaffRequest, department: Department, wanted: Asked) -> str:
    page = urlencode(_turned(request))
    latest = queries.queue_version(department)
    version = wanted.view.version if wanted.view else 0
    return entity_tag(request.user.pk, wanted.query, version, page, department, latest)


def _context(request: StaffRequest, department: Department, found: Asked) -> dict[str, Any]:
    wanted, user, now = found.wanted, request.user, timezone.now()
    tickets = queries.queue(user=user, department=department, wanted=wanted)
    works = queries.may_work(user, department)
    address = reverse("tickets:queue", args=[department.value])
    page = page_of(request, tickets, order=wanted.order, address=f"{address}?{found.query}")
    live = reverse("tickets:queue-live", args=[department.value])
    narrowed = wanted.narrowed
    counted = queries.count_up_to(tickets, MOST_COUNTED) if narrowed else 0
    return {
        "department": department,
        "works": works,
        "wanted": wanted,
        "tab": wanted.tab,
        "view": found.view,
        "narrowed": narrowed,
        "counted": counted,
        "is_many": counted > MOST_COUNTED,
        "tabs": _tabs(request, department, found, address),
        "rows": [_row(request, ticket, now) for ticket in page.rows],
        "queue_query": urlencode({"queue": found.query}),
        "plain_url": f"{address}?{urlencode({'tab': wanted.tab})}",
        "previous_url": page.previous_url,
        "next_url": page.next_url,
        "live_url": f"{live}?{'&'.join(filter(None, (found.query, urlencode(_turned(request)))))}",
    }


def _row(request: StaffRequest, ticket: Ticket, now: Any) -> dict[str, Any]:
    can = queries.abilities(request.user, ticket)
    return {
        "ticket": ticket,
        "overdue": ticket.is_overdue(now),
        "due_again": ticket.is_due_again(now),
        "can": can,
        # A complaint is answered one by one.
        "can_bulk": can.take or (can.complete and not ticket.is_complaint),
    }


def _tabs(
    request: StaffRequest, department: Department, found: Asked, address: str
) -> list[dict[str, Any]]:
    counts = queries.tab_counts(user=request.user, department=department)
    works = queries.may_work(request.user, department)
    tabs = [
        {
            "label": label,
            "url": f"{address}?{urlencode({'tab': name})}",
            "current": found.view is None and name == found.wanted.tab,
            "count": counts.get(name),
        }
        for name, label in TAB_LABELS.items()
        if works or name != "mine"
    ]
    return tabs + [
        {
            "label": view.name,
            "url": f"{address}?{urlencode({'view': view.key})}",
            "current": view == found.view,
            "is_view": True,
        }
        for view in found.views
    ]
