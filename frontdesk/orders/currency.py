"""Why the office keeps its currency once something was ordered in it."""

from __future__ import annotations

from django.utils.translation import gettext as _

from frontdesk.orders.models import Order
from officeflow.company.currency import guard


@guard
def ordered_already() -> str:
    """The reason, or an empty text while there is no order."""
    if Order.objects.exists():
        return _("The currency stays: orders were placed in it.")
    return ""
