"""`{% presence "ticket" ticket.number %}` shows who else has the record's page open.

The part refreshes itself and thereby marks its reader as present, so place it outside other live
parts.
"""

from __future__ import annotations

from typing import Any

from django import template

from officeflow.staff.views.presence import presence_context

register = template.Library()


@register.inclusion_tag("staff/presence.html", takes_context=True)
def presence(context: template.Context, kind: str, number: str) -> dict[str, Any]:
    """The colleagues who have the record's page open; nothing when there are none."""
    return presence_context(context["request"].user, kind, number)
