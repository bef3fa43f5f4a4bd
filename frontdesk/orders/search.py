"""Orders in the results of the search box."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from frontdesk.customers.search import (
    distance_to_name,
    matching_customer_ids,
)
from frontdesk.orders.models import Order
from frontdesk.orders.money_words import give_back_words
from frontdesk.orders.queries.orders import orders, orders_numbered_elsewhere
from frontdesk.orders.states import FulfilmentState, OrderState
from officeflow.money import format_money
from officeflow.ui.search import SearchHit, SearchQuery

# The numbers by which orders are found, with their prefixes.
NUMBERS = {
    "number": "SO",
    "invoice_number": "INV",
    "credit_note_number": "CN",
    "payments__number": "PY",
}


def find_order_hits(user: Any, query: SearchQuery, limit: int) -> list[SearchHit]:
    """Finds orders by the number of order, invoice, credit note or payment, by their number in
    another program, or by customer."""
    found = _found_by_number(query, limit)
    rows = Order.objects.select_related("customer").order_by("-id")
    if found:
        numbered = rows.in_bulk(list(found))
        return [_order_hit(numbered[pk], field, query, limit) for pk, field in found.items()]
    customer_ids = matching_customer_ids(query, limit)
    theirs = rows.filter(customer_id__in=customer_ids)[:limit]
    return [_order_hit(row, "customer", query, limit) for row in theirs]


def _found_by_number(query: SearchQuery, limit: int) -> dict[int, str]:
    """Returns the keys of orders with the name of the field that has the number."""
    found: dict[int, str] = {}
    # One query for each index: conditions joined by OR would read the whole table.
    for field, prefix in NUMBERS.items():
        if numbers := query.numbers_of(prefix):
            rows = orders().filter(**{f"{field}__in": numbers})
            for pk in rows.values_list("pk", flat=True)[:limit]:
                found.setdefault(pk, field)
    for pk in orders_numbered_elsewhere(query.text).values_list("pk", flat=True)[:limit]:
        found.setdefault(pk, "source_reference")
    return found


def _order_hit(order: Order, field: str, query: SearchQuery, limit: int) -> SearchHit:
    documents = (order.invoice_number, order.credit_note_number)
    paid = query.numbers_of("PY")
    exact = field != "customer"
    reason = ""
    if field == "payments__number":
        reason = _("Paid with %(number)s") % {"number": paid[0]}
    elif field == "source_reference":
        reason = _("Number in other program: %(number)s") % {"number": order.source_reference}
    return SearchHit(
        title=order.customer.name if order.customer else _("Walk-in"),
        url=reverse("frontdesk:order", args=[order.number]),
        number=order.number,
        details=[
            *(each for each in documents if each and each in query.numbers),
            *([give_back_words(order)] if order.to_give_back else []),
        ],
        at=order.ordered_at,
        end=format_money(order.gross, order.currency),
        status=FulfilmentState(order.fulfilment_state)
        if order.is_under_way
        else OrderState(order.state),
        reason=reason,
        is_exact=exact,
        distance=0 if exact else distance_to_name(query, order.customer_id, limit),
    )
