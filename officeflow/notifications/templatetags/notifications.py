"""`{% notification_menu %}`: the link to notifications in the top bar."""

from __future__ import annotations

from typing import Any

from django import template

from officeflow.notifications.menu import menu

register = template.Library()


@register.inclusion_tag("notifications/menu.html", takes_context=True)
def notification_menu(context: template.Context) -> dict[str, Any]:
    """Returns the link with the unread number; empty for people without notifications."""
    request = context.get("request")
    return {"menu": menu(request.user) if request is not None else None}
