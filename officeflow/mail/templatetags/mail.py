"""Template tags that show the messages about a record or to a customer."""

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
    """The panel of messages about a record of a customer with this e-mail address and name.

    Shows a note when the customer has no address, and nothing for a walk-in without messages.
    The panel refreshes itself, so place it outside other live parts.
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
    """The panel of the latest messages to a customer, with a link to all of them."""
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
    """Returns the label of an event; empty for a message without one."""
    return labels().get(code, "")
