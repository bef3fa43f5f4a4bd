"""Template tags of the front desk."""

from __future__ import annotations

from typing import Any

from django import template
from django.utils.safestring import SafeString

from frontdesk.orders import rows
from frontdesk.orders.models import Order

register = template.Library()


@register.simple_tag
def money_badge(order: Order, quiet: Any = False) -> SafeString:
    """The badge of how an order stands with its money."""
    return rows.money_badge(order, quiet=bool(quiet))
