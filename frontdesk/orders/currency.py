"""Why the office keeps its currency once something was ordered in it."""

from __future__ import annotations

from typing import Any

from django.dispatch import receiver
from django.utils.translation import gettext as _

from frontdesk.orders.models import Order
from officeflow.company.signals import currency_change_requested


@receiver(currency_change_requested, dispatch_uid="orders.ordered_already")
def ordered_already(**signal: Any) -> str:
    """The reason, or an empty text while there is no order."""
    if Order.objects.exists():
        return _("The currency cannot change, because orders have been placed in it.")
    return ""
