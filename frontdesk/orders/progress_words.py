"""Where an order stands and what comes next, in words."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from frontdesk.orders.actions.hand_over import can_hand_over
from frontdesk.orders.models import Order
from frontdesk.orders.money_words import give_back_words, money_words
from frontdesk.orders.states import FulfilmentState, OrderState
from officeflow.money import format_money

GOODS = {
    FulfilmentState.NONE: gettext_lazy("Fulfilment has not received the order yet"),
    FulfilmentState.WAITING: gettext_lazy("Waiting in fulfilment"),
    FulfilmentState.IN_PROGRESS: gettext_lazy("Being made ready"),
    FulfilmentState.READY: gettext_lazy("Ready at the counter"),
    FulfilmentState.SHIPPED: gettext_lazy("Shipped to the customer"),
    FulfilmentState.HANDED_OVER: gettext_lazy("With the customer"),
    FulfilmentState.EXCEPTION: gettext_lazy("With the customer, although it was cancelled"),
    FulfilmentState.PUTTING_BACK: gettext_lazy("Being put back on the shelf"),
    FulfilmentState.PUT_BACK: gettext_lazy("Back on the shelf"),
}


def goods_words(order: Order) -> str:
    """Returns where the goods are."""
    state = FulfilmentState(order.fulfilment_state)
    if order.is_past:
        return _("Done before the import")
    if state == FulfilmentState.NONE and order.state == OrderState.CANCELLED:
        return _("Not made ready")
    return str(GOODS[state])


def open_words(order: Order) -> str:
    """Returns what is still to be paid or given back."""
    if order.open_amount:
        amount = format_money(order.open_amount, order.currency)
        return _("%(amount)s still to pay") % {"amount": amount}
    if order.to_give_back or order.is_free:
        return money_words(order)
    if order.state == OrderState.CANCELLED or order.is_past:
        return _("Nothing to pay")
    return _("Paid in full")


def next_words(order: Order, *, questions: Sequence[object], refunds_due: Sequence[object]) -> str:
    """Returns what the desk does next; `questions` and `refunds_due` are those still open."""
    amount = format_money(order.open_amount, order.currency)
    if questions:
        return _("Answer the question")
    if refunds_due:
        return _("Pay the refund")
    if order.to_give_back:
        return _("Wait for accounting: %(money)s") % {"money": give_back_words(order)}
    if can_hand_over(order):
        if order.open_amount:
            return _("Take %(amount)s, then hand over") % {"amount": amount}
        return _("Hand over")
    if order.state == OrderState.PLACED:
        return _("Wait for fulfilment")
    if order.open_amount:
        return _("Take %(amount)s") % {"amount": amount}
    return _("Nothing")
