"""`{% messages_about order.number %}`: the panel of what was sent about an order or a complaint."""

from __future__ import annotations

from typing import Any

from django import template
from django.urls import reverse
from django.utils.http import urlencode

from officeflow.mail import panel, queries
from officeflow.mail.events import labels
from officeflow.permissions import Permission

register = template.Library()


@register.inclusion_tag("mail/about.html", takes_context=True)
def messages_about(
    context: template.Context, reference: str, address: str | None = "", who: str | None = ""
) -> dict[str, Any]:
    """The messages about one thing, for a customer with that address and that name.

    Of a customer without an address it says so. Nothing is drawn of a walk-in to whom nothing was
    written. Place it outside a part that refreshes itself.
    """
    user = context["request"].user
    shown = panel.about(user, reference)
    expected = user.may(Permission.VIEW_DESK) and bool(address)
    without = who if who and not address and user.may(Permission.VIEW_DESK) else ""
    return {
        **shown,
        "without_address": without,
        "is_drawn": expected or bool(shown["rows"] or without),
    }


@register.inclusion_tag("mail/to_customer.html", takes_context=True)
def messages_to_customer(context: template.Context, number: str, most: int = 10) -> dict[str, Any]:
    """The latest messages to one customer, with the way to all of them."""
    user = context["request"].user
    is_drawn = user.may(Permission.VIEW_DESK)
    found = list(queries.messages_to_customer(number)[:most]) if is_drawn else []
    return {
        "rows": panel.rows_of(found),
        "is_drawn": is_drawn,
        "all_url": f"{reverse('mail:mailbox')}?{urlencode({'text': number})}",
    }


@register.filter
def event_label(code: str) -> Any:
    """What an event is called; a message without one is just that."""
    return labels().get(code, "")
