"""The style guide, for everybody who is signed in."""

from __future__ import annotations

from decimal import Decimal

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from officeflow.ui import icons, samples
from officeflow.ui.guide import PARTS
from officeflow.ui.live import refresh
from officeflow.ui.sample_charts import sample_charts

COLOURS = {
    "ground": ("ground", "surface", "sunken", "raised", "line", "line-firm", "line-control"),
    "ink": ("ink", "ink-soft", "ink-faint"),
    "accent": ("accent", "accent-strong", "accent-soft", "focus"),
    "sides": ("front", "front-soft", "dashboards", "dashboards-soft", "back", "back-soft"),
    "tones": tuple(
        name
        for tone in ("neutral", "info", "progress", "good", "warn", "bad")
        for name in (tone, f"{tone}-soft")
    ),
}


@require_GET
@login_required
def style_guide(request: HttpRequest) -> HttpResponse:
    """Shows every component with its states, in light and dark mode."""
    now = timezone.now()
    office = getattr(request, "office", None)
    return render(
        request,
        "styleguide/index.html",
        {
            "sides": [
                {
                    "name": side,
                    "label": _("Light") if side == "light" else _("Dark"),
                    "forms": samples.forms_for(side),
                    "charts": sample_charts(side),
                }
                for side in samples.SIDES
            ],
            "colours": COLOURS,
            "icon_names": icons.names(),
            "states": list(samples.SampleState),
            "timeline": samples.timeline(now),
            "rows": samples.rows(now),
            "customer": {"number": "C-000042", "phone": "+420 601 000 123"},
            "people": samples.COLLEAGUES,
            "files": samples.files(now),
            "steps": samples.steps(),
            "tabs": [
                {"label": _("Waiting"), "url": "#tabs", "current": True, "count": 4},
                {"label": _("In progress"), "url": "#tabs", "count": 2},
                {"label": _("Done today"), "url": "#tabs"},
            ],
            "net": Decimal("1070.42"),
            "tax": Decimal("214.08"),
            "total": Decimal("1284.50"),
            "currency": office.currency if office else "EUR",
            "rate": Decimal("0.2"),
            "parts": PARTS,
            "version": samples.clock_version(now),
            "at": now,
        },
    )


@require_GET
@login_required
def lookup(request: HttpRequest) -> JsonResponse:
    """Answers the style guide's combobox."""
    return JsonResponse({"results": samples.lookup(request.GET.get("q", ""))})


@require_GET
@login_required
def people(request: HttpRequest) -> JsonResponse:
    """Answers the mentions of the style guide's comment."""
    return JsonResponse({"results": samples.people(request.GET.get("q", ""))})


@require_GET
@login_required
def clock(request: HttpRequest) -> HttpResponse:
    """Shows the style guide's live part: a clock that changes every four seconds."""
    now = timezone.now()
    version = samples.clock_version(now)
    return refresh(request, "styleguide/clock.html", version, lambda: {"at": now})
