"""The hand-offs dashboard: its live part, and the statistics of a range of days."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from officeflow.dashboards import handoffs as dashboard
from officeflow.dashboards import statistics
from officeflow.dashboards.ranges import RangeSelection, select_range
from officeflow.dashboards.tables import FIGURE_COLUMNS, figure_rows
from officeflow.dashboards.views.tabs import range_tabs
from officeflow.permissions import Permission
from officeflow.staff.access import StaffRequest, requires
from officeflow.staff.models import User
from officeflow.ui import export
from officeflow.ui.live import entity_tag, refresh

DEFAULT_RANGE = "today"
# Statistics of a range change slowly; the live part refreshes by itself.
FIGURES_EVERY = 30


@require_safe
@requires(Permission.VIEW_DASHBOARDS, Permission.VIEW_TRADE)
def start(request: StaffRequest) -> HttpResponse:
    """Leads to the first dashboard that the person may see."""
    sees_handoffs = request.user.may(Permission.VIEW_DASHBOARDS)
    return redirect("dashboards:handoffs" if sees_handoffs else "dashboards:trade")


@require_safe
@requires(Permission.VIEW_DASHBOARDS)
def handoffs(request: StaffRequest) -> HttpResponseBase:
    """The hand-offs dashboard."""
    version = _dashboard_version(request.user)
    context = {**_dashboard(request), "version": version}
    office = request.office
    if office is not None:
        chosen = select_range(request.GET.dict(), office, default=DEFAULT_RANGE)
        if kind := export.wanted(request):
            built = statistics.build(request.user, chosen.range)
            return export.respond(
                request,
                kind,
                name="hand-off-statistics",
                columns=FIGURE_COLUMNS,
                rows=figure_rows(built),
                plain=("range", "from", "to"),
                form=chosen.form,
            )
        context |= _figures(request, chosen) | {
            "tabs": range_tabs(reverse("dashboards:handoffs"), chosen),
            "chosen": chosen,
        }
        status = 422 if chosen.is_invalid else 200
        return render(request, "dashboards/handoffs.html", context, status=status)
    return render(request, "dashboards/handoffs.html", context)


@require_safe
@requires(Permission.VIEW_DASHBOARDS)
def handoffs_live(request: StaffRequest) -> HttpResponse:
    """The part of the dashboard that refreshes itself, or 304 while it is unchanged."""
    version = _dashboard_version(request.user)
    return refresh(request, "dashboards/_handoffs_now.html", version, lambda: _dashboard(request))


@require_safe
@requires(Permission.VIEW_DASHBOARDS)
def figures_live(request: StaffRequest) -> HttpResponse:
    """The statistics of a range, or 304 while nothing has happened that they count."""
    office = request.office
    if office is None:
        return HttpResponse(status=204)
    chosen = select_range(request.GET.dict(), office, default=DEFAULT_RANGE)
    version = _figures_version(request.user, chosen)
    return refresh(request, "dashboards/_figures.html", version, lambda: _figures(request, chosen))


def _dashboard(request: StaffRequest) -> dict[str, Any]:
    return {
        "dashboard": dashboard.build(request.user, request.office),
        "may_operate": request.user.may(Permission.OPERATE_HANDOFFS),
    }


def _figures(request: StaffRequest, chosen: RangeSelection) -> dict[str, Any]:
    # The version is read first: a change in between shows again, rather than never.
    version = _figures_version(request.user, chosen)
    return {
        "figures": statistics.build(request.user, chosen.range),
        "shown": chosen.range,
        "figures_version": version,
        "figures_url": f"{reverse('dashboards:figures-live')}?{chosen.range.query}",
        "figures_every": FIGURES_EVERY,
    }


def _dashboard_version(user: User) -> str:
    return entity_tag(user.pk, *dashboard.version())


def _figures_version(user: User, chosen: RangeSelection) -> str:
    # What falls due shows within a minute, though nothing happens then that could be counted.
    minute = int(timezone.now().timestamp()) // 60
    return entity_tag(
        user.pk, chosen.range.query, chosen.range.last, minute, *dashboard.activity_version()
    )
