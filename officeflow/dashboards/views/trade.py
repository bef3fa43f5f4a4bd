"""What the office earns and what that costs it, for managers."""

from __future__ import annotations

from django.http import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from officeflow.dashboards import trade as figures
from officeflow.dashboards.ranges import chosen_range
from officeflow.dashboards.tables import FIGURE_COLUMNS, figure_rows
from officeflow.dashboards.views.tabs import range_tabs
from officeflow.permissions import Permission
from officeflow.staff.access import StaffRequest, requires
from officeflow.ui import export

USUAL = "30"


@require_safe
@requires(Permission.VIEW_TRADE)
def trade(request: StaffRequest) -> HttpResponseBase:
    """Sales, money and credits of a range of days."""
    office = request.office
    if office is None:
        return render(request, "dashboards/trade.html", {})
    chosen = chosen_range(request.GET.dict(), office, usual=USUAL)
    built = figures.build(chosen.range)
    if kind := export.wanted(request):
        return export.respond(
            request,
            kind,
            name="trade",
            columns=FIGURE_COLUMNS,
            rows=figure_rows(built),
            plain=("range", "from", "to"),
        )
    context = {
        "figures": built,
        "shown": chosen.range,
        "chosen": chosen,
        "tabs": range_tabs(reverse("dashboards:trade"), chosen),
    }
    return render(request, "dashboards/trade.html", context, status=422 if chosen.refused else 200)
