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


def find_order_hits(user: Any, query: SearchQuery, limit: int) -> list[SearchHit]:
    """Finds orders by the number of order, invoice, credit note or payment, by their number in
    another program, or by customer."""
    found: dict[int, tuple[Order, str]] = {}
    numbers = list(query.numbers)
    if numbers:
        # One query for each index: conditions joined by OR would read the whole table.
        for field in ("number", "invoice_number", "credit_note_number", "payments__number"):
            for row in orders().filter(**{f"{field}__in": numbers})[:limit]:
                found.setdefault(row.pk, (row, field))
    for row in orders_numbered_elsewhere(query.text)[:limit]:
        found.setdefault(row.pk, (row, "source_reference"))
    if not found:
        customer_ids = matching_customer_ids(query, limit)
        if customer_ids:
            rows = orders().filter(customer_id__in=customer_ids).order_by("-id")[:limit]
            found = {row.pk: (row, "customer") for row in rows}
    return [_order_hit(row, field, query, limit) for row, field in found.values()]


def _order_hit(order: Order, field: str, query: SearchQuery, limit: int) -> SearchHit:
    documents = (order.invoice_number, order.credit_note_number)
    paid = [number for number in query.numbers if number.startswith("PY-")]
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
