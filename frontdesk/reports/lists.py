"""The orders, payments and refunds behind a figure of the dashboards."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db.models import Exists, OuterRef, QuerySet

from frontdesk.orders.models import Order, OrderLine
from frontdesk.orders.states import OrderState
from frontdesk.payments.models.payments import Payment, Refund


@dataclass(frozen=True, kw_only=True)
class OrderCriteria:
    """Filters of a list of orders; an empty value does not filter.

    `sku` is the code of a product in the order. `is_cancelled` False leaves out cancelled orders.
    """

    start: datetime | None = None
    end: datetime | None = None
    sku: str = ""
    username: str = ""
    is_cancelled: bool | None = None
    currency: str = ""


def orders_matching(criteria: OrderCriteria) -> QuerySet[Order]:
    """Returns the orders that match, as `trade` counts them."""
    rows = Order.objects.select_related("customer", "placed_by")
    exact = {
        "ordered_at__gte": criteria.start,
        "ordered_at__lt": criteria.end,
        "placed_by__username": criteria.username,
        "currency": criteria.currency,
    }
    rows = rows.filter(**{name: value for name, value in exact.items() if value})
    if criteria.sku:
        rows = rows.filter(Exists(OrderLine.objects.filter(order=OuterRef("pk"), sku=criteria.sku)))
    if criteria.is_cancelled is not None:
        cancelled = {"state": OrderState.CANCELLED}
        rows = rows.filter(**cancelled) if criteria.is_cancelled else rows.exclude(**cancelled)
    return rows


@dataclass(frozen=True, kw_only=True)
class ListedOrder:
    """An order as the dashboards list it; `customer` is empty for a walk-in."""

    number: str
    state: OrderState
    customer: str
    placed_by: str
    ordered_at: datetime
    net: Decimal
    gross: Decimal
    currency: str


def listed_order(order: Order) -> ListedOrder:
    """Returns the list's row for an order."""
    return ListedOrder(
        number=order.number,
        state=OrderState(order.state),
        customer=order.customer.name if order.customer else "",
        placed_by=order.placed_by.full_name,
        ordered_at=order.ordered_at,
        net=order.net,
        gross=order.gross,
        currency=order.currency,
    )


@dataclass(frozen=True, kw_only=True)
class MoneyCriteria:
    """Filters of a list of payments or refunds, by the time of payment."""

    start: datetime | None = None
    end: datetime | None = None
    method: str = ""
    currency: str = ""


def payments_matching(criteria: MoneyCriteria) -> QuerySet[Payment]:
    """Returns the payments that match."""
    exact = {
        "taken_at__gte": criteria.start,
        "taken_at__lt": criteria.end,
        "method": criteria.method,
        "order__currency": criteria.currency,
    }
    rows = Payment.objects.select_related("order", "taken_by")
    return rows.filter(**{name: value for name, value in exact.items() if value})


def refunds_matching(criteria: MoneyCriteria) -> QuerySet[Refund]:
    """Returns the paid refunds that match."""
    exact = {
        "paid_at__gte": criteria.start,
        "paid_at__lt": criteria.end,
        "method": criteria.method,
        "order__currency": criteria.currency,
    }
    rows = Refund.objects.select_related("order", "paid_by").filter(paid_at__isnull=False)
    return rows.filter(**{name: value for name, value in exact.items() if value})


@dataclass(frozen=True, kw_only=True)
class ListedMoney:
    """A payment or refund as the dashboards list it."""

    number: str
    order_number: str
    method: str
    amount: Decimal
    currency: str
    person: str
    at: datetime | None


def listed_payment(payment: Payment) -> ListedMoney:
    """Returns the list's row for a payment."""
    return ListedMoney(
        number=payment.number,
        order_number=payment.order.number,
        method=payment.method_name or payment.method,
        amount=payment.amount,
        currency=payment.order.currency,
        person=payment.taken_by.full_name,
        at=payment.taken_at,
    )


def listed_refund(refund: Refund) -> ListedMoney:
    """Returns the list's row for a refund."""
    return ListedMoney(
        number=refund.number,
        order_number=refund.order.number,
        method=refund.method_name or refund.method,
        amount=refund.amount,
        currency=refund.order.currency,
        person=refund.paid_by.full_name if refund.paid_by else "",
        at=refund.paid_at,
    )
