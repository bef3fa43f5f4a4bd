"""How an order stands with its money, in words and with the tone of its badge."""

from __future__ import annotations

from django.utils.translation import gettext as _

from frontdesk.orders.models import Order
from frontdesk.orders.states import BillingState
from officeflow.money import format_money


def money_words(order: Order) -> str:
    """Returns "£60.00 to give back", "Nothing to pay", or what accounting last reported."""
    if order.to_give_back:
        return give_back_words(order)
    if order.is_free:
        return _("Nothing to pay")
    return str(BillingState(order.billing_state).label)


def give_back_words(order: Order) -> str:
    """Returns what the office owes the customer of an order."""
    amount = format_money(order.to_give_back, order.currency)
    return _("%(amount)s to give back") % {"amount": amount}
