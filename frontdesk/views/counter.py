"""The counter and its search."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from frontdesk.queries.desk import needs_you, today, today_bounds
from frontdesk.queries.versions import counter_version, etag
from frontdesk.views.live import refresh
from officeflow.company.queries import get_office
from officeflow.staff.access import StaffRequest, requires
from officeflow.staff.permissions import Permission
from officeflow.ui.search_page import answer


def _version() -> str:
    start, _end = today_bounds(get_office())
    return etag("counter", *counter_version(start))


def _now() -> dict[str, Any]:
    return {"needs": needs_you(), "today": today(get_office())}


@require_safe
@requires(Permission.VIEW_DESK)
def counter(request: StaffRequest) -> HttpResponse:
    """Where a receptionist spends the day: search, what needs somebody, what happened today."""
    context = {"version": _version(), "day": timezone.localdate(), **_now()}
    return render(request, "frontdesk/counter/page.html", context)


@require_safe
@requires(Permission.VIEW_DESK)
def counter_live(request: StaffRequest) -> HttpResponse:
    """The counter's lists again, when something has changed."""
    return refresh(request, "frontdesk/counter/now.html", _version(), _now)


@require_safe
@requires(Permission.VIEW_DESK)
def search_page(request: StaffRequest) -> HttpResponse:
    """The house's search page, at the desk's own address."""
    return answer(request)
