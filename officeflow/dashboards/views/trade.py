"""The trade dashboard."""

from __future__ import annotations

from django.http import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from officeflow.dashboards import trade as figures
from officeflow.dashboards.ranges import select_range
from officeflow.dashboards.tables import FIGURE_COLUMNS, figure_rows
from officeflow.dashboards.views.tabs import range_tabs
from officeflow.permissions import Permission
from officeflow.staff.access import StaffRequest, requires
from officeflow.ui import export

DEFAULT_RANGE = "30"


@require_safe
@requires(Permission.VIEW_TRADE)
def trade(request: StaffRequest) -> HttpResponseBase:
    """Sales, payments and credit notes of a range of days."""
    office = request.office
    if office is None:
        return render(request, "dashboards/trade.html", {})
    chosen = select_range(request.GET.dict(), office, default=DEFAULT_RANGE)
    built = figures.build(chosen.range)
    if kind := export.wanted(request):
        return export.respond(
            request,
            kind,
            name="trade",
            columns=FIGURE_COLUMNS,
            rows=figure_rows(built),
            plain=("range", "from", "to"),
            form=chosen.form,
        )
    context = {
        "figures": built,
        "shown": chosen.range,
        "chosen": chosen,
        "tabs": range_tabs(reverse("dashboards:trade"), chosen),
    }
    return render(
        request, "dashboards/trade.html", context, status=422 if chosen.is_invalid else 200
    )
