"""Keeps the office's currency once an order exists."""

from __future__ import annotations

from typing import Any

from django.dispatch import receiver
from django.utils.translation import gettext as _

from frontdesk.orders.models import Order
from officeflow.company.signals import currency_change_requested


@receiver(currency_change_requested, dispatch_uid="orders.refuse_currency_change")
def refuse_currency_change(**signal: Any) -> str:
    """Returns why the currency cannot change, or "" while there is no order."""
    if Order.objects.exists():
        return _("The currency cannot change, because orders have been placed in it.")
    return ""
