"""A department's queue, refreshing itself."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from backoffice.tickets import queries
from backoffice.tickets.views.common import SEES_A_QUEUE, department_or_404, entity_tag, refresh
from officeflow.staff.access import StaffRequest, requires
from officeflow.staff.permissions import Department

TAB_LABELS: dict[str, str | Promise] = {
    "waiting": _("Waiting"),
    "mine": _("Mine"),
    "in_work": _("In work"),
    "returned": _("With the desk"),
    "done": _("Done"),
}


@require_safe
@requires(*SEES_A_QUEUE)
def queue(request: StaffRequest, department: str) -> HttpResponse:
    """The queue's page; the same part serves the full page and the refresh."""
    room = department_or_404(request.user, department)
    context = _context(request, room)
    return render(
        request,
        "backoffice/tickets/queue.html",
        {**context, "version": _version(request, room)},
    )


@require_safe
@requires(*SEES_A_QUEUE)
def queue_live(request: StaffRequest, department: str) -> HttpResponse:
    """The part of the queue's page that refreshes itself."""
    room = department_or_404(request.user, department)
    return refresh(
        request,
        "backoffice/tickets/_queue.html",
        _version(request, room),
        lambda: _context(request, room),
    )


def _version(request: StaffRequest, department: Department) -> str:
    return entity_tag(request.user, *_asked(request), department, queries.queue_version(department))


def _asked(request: StaffRequest) -> tuple[str, str]:
    """The tab and the key after which the page begins; an unknown tab is the first one."""
    tab = request.GET.get("tab", "")
    return (tab if tab in queries.TABS else queries.TABS[0]), request.GET.get("after", "")


def _context(request: StaffRequest, department: Department) -> dict[str, Any]:
    tab, after = _asked(request)
    user, now = request.user, timezone.now()
    page = queries.queue(user=user, department=department, tab=tab, after=after)
    counts = queries.tab_counts(user=user, department=department)
    works = queries.may_work(user, department)
    address = reverse("tickets:queue", args=[department.value])
    return {
        "department": department,
        "works": works,
        "tab": tab,
        "tabs": [
            {
                "label": label,
                "url": f"{address}?tab={name}",
                "current": name == tab,
                "count": counts[name],
            }
            for name, label in TAB_LABELS.items()
            if works or name != "mine"
        ],
        "rows": [
            {
                "ticket": ticket,
                "overdue": ticket.is_overdue(now),
                "can": queries.abilities(user, ticket),
            }
            for ticket in page.tickets
        ],
        "first_url": f"{address}?tab={tab}" if after else "",
        "next_url": (
            f"{address}?{urlencode({'tab': tab, 'after': page.next_after})}"
            if page.next_after
            else ""
        ),
        "live_url": reverse("tickets:queue-live", args=[department.value])
        + f"?{urlencode({'tab': tab, 'after': after})}",
    }
