"""Sales and payments of the front desk in a range of time.

Amounts are in one currency, the office's; amounts in other currencies are listed separately. Sales
are the net amounts of orders that were placed in the range and not cancelled. A range is given by
its bounds: n + 1 moments for n spans, as in `officeflow.handoff.reports`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

from django.db import connection
from django.db.models import Sum
from django.utils.translation import gettext

from frontdesk.orders.models import OrderLine
from frontdesk.orders.states import OrderState
from frontdesk.reports.lists import line_discount
from officeflow.money import ZERO

TOP = 10


@dataclass(frozen=True, kw_only=True)
class SalesSpan:
    """Numbers of valid and of cancelled orders, and the amounts of the valid ones."""

    orders: int = 0
    cancelled: int = 0
    net: Decimal = ZERO
    tax: Decimal = ZERO

    @property
    def average(self) -> Decimal | None:
        """Net sales per order; None without orders."""
        return self.net / self.orders if self.orders else None


@dataclass(frozen=True, kw_only=True)
class Sales:
    """Sales of the whole range and of each span. `discounts` are net.

    `elsewhere` are the net sales in other currencies, by currency.
    """

    total: SalesSpan
    spans: list[SalesSpan]
    discounts: Decimal
    elsewhere: dict[str, Decimal] = field(default_factory=dict)


def sales(bounds: Sequence[datetime], currency: str) -> Sales:
    """Returns the sales between the bounds, by the time of the order."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT width_bucket(ordered_at, %s::timestamptz[]), currency,
                   count(*) FILTER (WHERE state <> 'cancelled'),
                   count(*) FILTER (WHERE state = 'cancelled'),
                   coalesce(sum(net) FILTER (WHERE state <> 'cancelled'), 0),
                   coalesce(sum(tax) FILTER (WHERE state <> 'cancelled'), 0)
            FROM frontdesk_order
            WHERE ordered_at >= %s AND ordered_at < %s
            GROUP BY 1, 2
            """,
            [list(bounds), bounds[0], bounds[-1]],
        )
        rows = cursor.fetchall()
    spans = [SalesSpan() for _ in range(len(bounds) - 1)]
    total = SalesSpan()
    elsewhere: dict[str, Decimal] = {}
    for span, its_currency, orders, cancelled, net, tax in rows:
        if its_currency != currency:
            elsewhere[its_currency] = elsewhere.get(its_currency, ZERO) + net
            continue
        figures = SalesSpan(orders=orders, cancelled=cancelled, net=net, tax=tax)
        spans[span - 1] = figures
        total = SalesSpan(
            orders=total.orders + orders,
            cancelled=total.cancelled + cancelled,
            net=total.net + net,
            tax=total.tax + tax,
        )
    return Sales(
        total=total,
        spans=spans,
        discounts=_discounts(bounds[0], bounds[-1], currency),
        elsewhere=elsewhere,
    )


def _discounts(start: datetime, end: datetime, currency: str) -> Decimal:
    found = OrderLine.objects.filter(
        order__ordered_at__gte=start,
        order__ordered_at__lt=end,
        order__currency=currency,
        discount_percent__gt=0,
    ).exclude(order__state=OrderState.CANCELLED)
    discounts: Decimal = found.aggregate(sum=Sum(line_discount(currency), default=ZERO))["sum"]
    return discounts


@dataclass(frozen=True, kw_only=True)
class ProductFigures:
    """The quantity and the net sales of a product."""

    sku: str
    name: str
    quantity: Decimal
    net: Decimal


def sales_by_product(
    start: datetime, end: datetime, currency: str, *, limit: int = TOP
) -> list[ProductFigures]:
    """Returns the products with the highest net sales in [start, end), highest first."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT l.sku, max(l.description), sum(l.quantity), sum(l.net)
            FROM frontdesk_order o JOIN frontdesk_orderline l ON l.order_id = o.id
            WHERE o.ordered_at >= %s AND o.ordered_at < %s AND o.currency = %s
                AND o.state <> 'cancelled'
            GROUP BY l.sku ORDER BY sum(l.net) DESC, l.sku LIMIT %s
            """,
            [start, end, currency, limit],
        )
        return [
            ProductFigures(sku=sku, name=name, quantity=quantity, net=net)
            for sku, name, quantity, net in cursor.fetchall()
        ]


@dataclass(frozen=True, kw_only=True)
class SalespersonFigures:
    """The number of a salesperson's orders and their net sales."""

    username: str
    name: str
    orders: int
    net: Decimal


def sales_by_person(start: datetime, end: datetime, currency: str) -> list[SalespersonFigures]:
    """Returns the salespeople with orders in [start, end), highest net sales first."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT u.username, u.full_name, sold.orders, sold.net FROM (
                SELECT placed_by_id, count(*) AS orders, sum(net) AS net FROM frontdesk_order
                WHERE ordered_at >= %s AND ordered_at < %s AND currency = %s
                    AND state <> 'cancelled'
                GROUP BY placed_by_id
            ) sold JOIN staff_user u ON u.id = sold.placed_by_id
            ORDER BY sold.net DESC, u.username
            """,
            [start, end, currency],
        )
        return [
            SalespersonFigures(username=username, name=name, orders=orders, net=net)
            for username, name, orders, net in cursor.fetchall()
        ]


@dataclass(frozen=True, kw_only=True)
class MethodFigures:
    """Numbers and amounts of payments and refunds by one method."""

    code: str
    name: str
    payments: int
    taken: Decimal
    refunds: int
    given_back: Decimal

    @property
    def net(self) -> Decimal:
        """The amount taken less the amount given back; may be negative."""
        return self.taken - self.given_back


def payments_by_method(start: datetime, end: datetime, currency: str) -> list[MethodFigures]:
    """Returns payments and refunds in [start, end) by method, highest amount taken first."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT method, max(label), count(taken), coalesce(sum(taken), 0),
                   count(given), coalesce(sum(given), 0)
            FROM (
                SELECT p.method, p.method_label AS label, p.amount AS taken, NULL::numeric AS given
                FROM frontdesk_payment p JOIN frontdesk_order o ON o.id = p.order_id
                WHERE p.taken_at >= %s AND p.taken_at < %s AND o.currency = %s
                UNION ALL
                SELECT r.method, r.method_label, NULL, r.amount
                FROM frontdesk_refund r JOIN frontdesk_order o ON o.id = r.order_id
                WHERE r.paid_at >= %s AND r.paid_at < %s AND o.currency = %s
            ) moved GROUP BY method ORDER BY 4 DESC, method
            """,
            [start, end, currency, start, end, currency],
        )
        return [
            MethodFigures(
                code=code,
                name=gettext(label) if label else code,
                payments=payments,
                taken=taken,
                refunds=refunds,
                given_back=given,
            )
            for code, label, payments, taken, refunds, given in cursor.fetchall()
        ]
