"""`{% presence "ticket" ticket.number %}`: who else is looking at this now.

Stands anywhere on a page, outside a part that refreshes itself; it refreshes on its own, and by
that says that the reader is here.
"""

from __future__ import annotations

from typing import Any

from django import template

from officeflow.staff.views.presence import shown

register = template.Library()


@register.inclusion_tag("staff/presence.html", takes_context=True)
def presence(context: template.Context, kind: str, number: str) -> dict[str, Any]:
    """The colleagues who look at a thing beside the reader; nobody else is shown as nothing."""
    return shown(context["request"].user, kind, number)
