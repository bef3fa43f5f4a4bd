"""`{% export_menu %}`: links to export the list of the page."""

from __future__ import annotations

from typing import Any

from django import template
from django.template import Context

from officeflow.ui.export import filters_in

register = template.Library()


@register.inclusion_tag("components/export_menu.html", takes_context=True)
def export_menu(context: Context, small: bool = False) -> dict[str, Any]:
    """Links to the list as CSV and XLSX, with the page's filters."""
    request = context["request"]
    query = filters_in(request)

    def link(kind: str) -> str:
        chosen = query.copy()
        chosen["export"] = kind
        return f"{request.path}?{chosen.urlencode()}"

    return {"csv_url": link("csv"), "xlsx_url": link("xlsx"), "small": small}
