"""`{% notification_bell %}`: how many notifications of one's tickets are unread, in the top bar."""

from __future__ import annotations

from typing import Any

from django import template

from backoffice.tickets.notifications import bell

register = template.Library()


@register.inclusion_tag("backoffice/tickets/bell.html", takes_context=True)
def notification_bell(context: template.Context) -> dict[str, Any]:
    """The bell; nothing for people who have no queue."""
    request = context.get("request")
    return {"corner": bell(request.user) if request is not None else None}
