"""What is rolled up of the front desk: orders with their lines, payments and refunds."""

from __future__ import annotations

from datetime import datetime

from django.db.models import F

from frontdesk.orders.models import OrderLine
from frontdesk.orders.states import OrderState
from frontdesk.reports.lists import line_discount
from officeflow.company.models import Office
from officeflow.rollups.definitions import Rollup, Sql, in_pieces


def _orders(office: Office, _since: datetime) -> Sql:
    """Sales by currency, person and product, and the discounts in the office's currency.

    Sales are those of orders that are not cancelled; `sales` has how many are and are not, their
    net and tax, `people` and `products` how many or how much, and the net.
    """
    discounted = (
        OrderLine.objects.filter(discount_percent__gt=0, order__currency=office.currency)
        .exclude(order__state=OrderState.CANCELLED)
        .order_by()
        .values_list(F("order__ordered_at"), line_discount(office.currency))
    )
    discounts, values = discounted.query.sql_with_params()
    discounts = f"({discounts}) line(ordered_at, discount)"
    columns = "id, currency, state, net, tax, placed_by_id"
    return (
        f"""
        WITH placed AS MATERIALIZED (
            SELECT slot, id, currency::text AS currency, state = %s AS is_cancelled, net, tax,
                   placed_by_id
            FROM {in_pieces("frontdesk_order", "ordered_at", columns)}
        )
        SELECT slot, 'sales' AS family, ARRAY[currency] AS key, ARRAY[
                   count(*) FILTER (WHERE NOT is_cancelled), count(*) FILTER (WHERE is_cancelled),
                   coalesce(sum(net) FILTER (WHERE NOT is_cancelled), 0),
                   coalesce(sum(tax) FILTER (WHERE NOT is_cancelled), 0)
               ] AS sums, NULL::smallint[] AS bins
        FROM placed GROUP BY slot, currency
        UNION ALL
        SELECT slot, 'people', ARRAY[currency, placed_by_id::text], ARRAY[count(*), sum(net)], NULL
        FROM placed WHERE NOT is_cancelled GROUP BY slot, currency, placed_by_id
        UNION ALL
        SELECT slot, 'products', ARRAY[currency, sku::text, description::text],
               ARRAY[sum(quantity), sum(line.net)], NULL
        FROM placed CROSS JOIN LATERAL (
            SELECT * FROM frontdesk_orderline WHERE order_id = placed.id OFFSET 0
        ) line WHERE NOT is_cancelled GROUP BY slot, currency, sku, description
        UNION ALL
        SELECT slot, 'discounts', ARRAY[%s::text], ARRAY[sum(discount)], NULL
        FROM {in_pieces(discounts, "ordered_at", "discount")} GROUP BY slot
        """,  # noqa: S608 (SQL of our own)
        [OrderState.CANCELLED.value, office.currency, *values],
    )


def _money(table: str, column: str) -> Sql:
    """Payments or refunds by the currency of their order, and by method."""
    moved = in_pieces(
        f"{table} moved JOIN frontdesk_order placed ON placed.id = order_id",
        column,
        "currency, method, method_label, amount",
    )
    return (
        f"""
        SELECT slot, 'methods' AS family,
               ARRAY[currency::text, method::text, method_label::text] AS key,
               ARRAY[count(*), sum(amount)] AS sums, NULL::smallint[] AS bins
        FROM {moved} GROUP BY slot, currency, method, method_label
        """,  # noqa: S608 (SQL of our own)
        [],
    )


ORDERS = Rollup(
    name="orders",
    table="frontdesk_order",
    column="ordered_at",
    width=4,
    select=_orders,
    version=lambda office: f"1 {office.currency}",
)
PAYMENTS = Rollup(
    name="payments",
    table="frontdesk_payment",
    column="taken_at",
    width=2,
    select=lambda _office, _since: _money("frontdesk_payment", "taken_at"),
)
REFUNDS = Rollup(
    name="refunds",
    table="frontdesk_refund",
    column="paid_at",
    width=2,
    select=lambda _office, _since: _money("frontdesk_refund", "paid_at"),
)
