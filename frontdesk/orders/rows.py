"""What the list of orders shows of each order."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from frontdesk.orders.models import Order
from frontdesk.orders.money_words import give_back_words
from officeflow.ui.templatetags.office import EM_DASH, badge, money, status_badge, when

SAMPLE = "SO-000000"  # in an address, in the place of an order's number


def rows_of(orders: Iterable[Order]) -> list[dict[str, Any]]:
    """Returns the values of each row, so that the template of many rows only writes them."""
    address = reverse("frontdesk:order", args=[SAMPLE])
    return [
        {
            "number": order.number,
            "url": address.replace(SAMPLE, order.number),
            "customer": order.customer.name if order.customer else "",
            "ordered": when(order.ordered_at),
            "state": status_badge(order, "state"),
            "goods": _goods(order),
            "billing": EM_DASH if order.is_past else money_badge(order, quiet=True),
            "total": money(order.gross, order.currency),
        }
        for order in orders
    ]


def _goods(order: Order) -> str:
    if order.is_past:
        return badge(_("Done before the import"), quiet=True)
    if order.has_goods_state:
        return status_badge(order, "fulfilment_state", quiet=True)
    return EM_DASH


def money_badge(order: Order, quiet: bool = False) -> SafeString:
    """Returns the badge of how an order stands with its money."""
    if order.to_give_back:
        return badge(give_back_words(order), tone="warn", icon="cash", quiet=quiet)
    if order.is_free:
        return badge(_("Nothing to pay"), tone="good", icon="check", quiet=quiet)
    return status_badge(order, "billing_state", quiet=quiet)
