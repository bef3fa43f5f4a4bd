"""The columns of exported orders."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from frontdesk.orders.models import Order
from officeflow.ui.export import Column, amount


def _money(field: str) -> Callable[[Order], Decimal | None]:
    return lambda order: amount(getattr(order, field), order.currency)


ORDERS: tuple[Column[Order], ...] = (
    Column(_("Order"), lambda order: order.number, 14),
    Column(_("Ordered"), lambda order: order.ordered_at, 20),
    Column(_("Customer number"), lambda order: order.customer and order.customer.number),
    Column(_("Customer"), lambda order: order.customer and order.customer.name, 30),
    Column(_("State"), lambda order: order.get_state_display()),
    Column(_("Goods"), lambda order: order.get_fulfilment_state_display(), 18),
    Column(_("Bill"), lambda order: order.get_billing_state_display()),
    Column(_("Delivery"), lambda order: order.get_delivery_display(), 12),
    Column(_("Wanted by"), lambda order: order.wanted_by_date, 12),
    Column(_("Net"), _money("net"), 12),
    Column(_("Tax"), _money("tax"), 12),
    Column(_("Total"), _money("gross"), 12),
    Column(_("Paid"), _money("paid"), 12),
    Column(_("Currency"), lambda order: order.currency, 10),
    Column(_("Invoice"), lambda order: order.invoice_number, 18),
    Column(_("Credit note"), lambda order: order.credit_note_number, 18),
    Column(_("Placed by"), lambda order: order.placed_by.full_name, 24),
)
