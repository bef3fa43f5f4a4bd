"""The tabs with which a range of days is chosen."""

from __future__ import annotations

from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from officeflow.dashboards.ranges import RangeSelection

LABELS: dict[str, str | Promise] = {
    "today": _("Today"),
    "7": _("7 days"),
    "30": _("30 days"),
    "90": _("90 days"),
}


def range_tabs(address: str, chosen: RangeSelection) -> list[dict[str, Any]]:
    """The preset ranges, as tabs."""
    return [
        {
            "label": label,
            "url": f"{address}?range={preset}",
            "current": preset == chosen.range.preset,
        }
        for preset, label in LABELS.items()
    ]
