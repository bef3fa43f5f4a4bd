"""`{% notification_menu %}`: the link to notifications in the top bar."""

from __future__ import annotations

from typing import Any

from django import template

from backoffice.tickets.notifications import menu

register = template.Library()


@register.inclusion_tag("backoffice/tickets/notification_menu.html", takes_context=True)
def notification_menu(context: template.Context) -> dict[str, Any]:
    """Returns the link with the unread number; empty for users without a queue."""
    request = context.get("request")
    return {"menu": menu(request.user) if request is not None else None}
