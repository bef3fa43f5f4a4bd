"""The columns of exported orders."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from frontdesk.orders.models import Order
from frontdesk.orders.money_words import money_words
from officeflow.ui.export import ExportColumn, amount


def _money(field: str) -> Callable[[Order], Decimal | None]:
    return lambda order: amount(getattr(order, field), order.currency)


def _work(order: Order, state: str) -> str:
    """Returns a state of the back office's work; a past order has none."""
    return "" if order.is_past else state


ORDERS: tuple[ExportColumn[Order], ...] = (
    ExportColumn(_("Order"), lambda order: order.number, 14),
    ExportColumn(_("Ordered"), lambda order: order.ordered_at, 20),
    ExportColumn(_("Customer number"), lambda order: order.customer and order.customer.number),
    ExportColumn(_("Customer"), lambda order: order.customer and order.customer.name, 30),
    ExportColumn(_("State"), lambda order: order.get_state_display()),
    ExportColumn(_("Goods"), lambda order: _work(order, order.get_fulfilment_state_display()), 18),
    ExportColumn(_("Bill"), lambda order: _work(order, money_words(order)), 20),
    ExportColumn(_("Delivery"), lambda order: order.get_delivery_display(), 12),
    ExportColumn(_("Wanted by"), lambda order: order.wanted_by_date, 12),
    ExportColumn(_("Net"), _money("net"), 12),
    ExportColumn(_("Tax"), _money("tax"), 12),
    ExportColumn(_("Total"), _money("gross"), 12),
    ExportColumn(_("Paid"), _money("paid"), 12),
    ExportColumn(_("Still to pay"), _money("open_amount"), 12),
    ExportColumn(_("To give back"), _money("to_give_back"), 12),
    ExportColumn(_("Currency"), lambda order: order.currency, 10),
    ExportColumn(_("Invoice"), lambda order: order.invoice_number, 18),
    ExportColumn(_("Credit note"), lambda order: order.credit_note_number, 18),
    ExportColumn(_("Placed by"), lambda order: order.placed_by.full_name, 24),
)
