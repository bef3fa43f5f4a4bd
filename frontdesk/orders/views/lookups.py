"""The orders and products that comboboxes offer."""

from __future__ import annotations

from typing import Any

from django.http import JsonResponse
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from frontdesk.customers.queries.customers import search_customers
from frontdesk.orders.models import Order
from frontdesk.orders.queries.orders import orders, search_orders
from officeflow.catalogue.models import Product
from officeflow.catalogue.queries import LOOKUP_LIMIT
from officeflow.catalogue.search import search_products
from officeflow.money import format_money, format_unit_price
from officeflow.permissions import Permission
from officeflow.staff.access import StaffRequest, requires
from officeflow.ui.query_parameters import query_parameter
from officeflow.ui.search import SearchQuery
from officeflow.ui.widgets import lookup_answer


@require_safe
@requires(Permission.VIEW_DESK)
def lookup_products(request: StaffRequest) -> JsonResponse:
    """Returns products by code, barcode or name; an exact code or barcode comes first."""
    text = query_parameter(request, "q")
    found = search_products(text, LOOKUP_LIMIT)
    return lookup_answer([_product(product, distance, text) for product, distance in found])


def _product(product: Product, distance: int, text: str) -> dict[str, Any]:
    price = format_unit_price(product.price, product.price_list.currency)
    codes = (product.sku, product.barcode, product.name)
    unit = f"{price} / {product.get_unit_display()}"
    return {
        "id": product.sku,
        "label": f"{product.sku} {product.name}",
        "hint": f"{_('similar')} · {unit}" if distance else unit,
        "near": bool(distance),
        "exact": text.casefold() in {code.casefold() for code in codes if code},
        "data": {},
    }


@require_safe
@requires(Permission.VIEW_DESK)
def lookup_orders(request: StaffRequest) -> JsonResponse:
    """Returns orders by number or customer's name, or the newest orders of `customer`."""
    text = query_parameter(request, "q")
    number = query_parameter(request, "customer")
    if number:
        rows = list(orders().filter(customer__number=number)[:20])
        wanted = text.upper()
        found = [order for order in rows if wanted in order.number] or search_orders(text)
    elif text:
        ids = [customer.pk for customer in search_customers(text)]
        found = search_orders(text, customer_ids=ids)
    else:
        found = []
    return lookup_answer([_order(order, text) for order in found])


def _order(order: Order, text: str) -> dict[str, Any]:
    day = date_format(localtime(order.ordered_at).date(), "SHORT_DATE_FORMAT")
    who = order.customer.name if order.customer else _("Walk-in")
    query = SearchQuery.of(text)
    total = format_money(order.gross, order.currency)
    return {
        "id": order.number,
        "exact": order.number in query.numbers
        or order.source_reference.casefold() == query.text.casefold() != "",
        "label": order.number,
        "hint": f"{who} · {day} · {total}",
        "data": {},
    }
