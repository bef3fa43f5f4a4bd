"""The orders, payments and refunds behind a figure of the dashboards."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db.models import (
    Case,
    Count,
    DecimalField,
    Exists,
    F,
    OuterRef,
    QuerySet,
    Subquery,
    Sum,
    Value,
    When,
)
from django.db.models.expressions import Combinable
from django.db.models.functions import Greatest, Round

from frontdesk.orders.models import Order, OrderLine
from frontdesk.orders.states import OrderState
from frontdesk.payments.models.payments import Payment, Refund
from officeflow.money import HUNDRED, ONE, ZERO, places

AMOUNT: DecimalField[Decimal, Decimal] = DecimalField(max_digits=30, decimal_places=10)


@dataclass(frozen=True, kw_only=True)
class OrderCriteria:
    """Filters of a list of orders; an empty value does not filter.

    `sku` is the code of a product in the order; `is_discounted` keeps orders with a discount.
    `is_cancelled` False leaves out cancelled orders.
    """

    start: datetime | None = None
    end: datetime | None = None
    sku: str = ""
    username: str = ""
    is_cancelled: bool | None = None
    is_discounted: bool = False
    currency: str = ""

    @property
    def is_of_lines(self) -> bool:
        """Whether only some of an order's lines are meant."""
        return bool(self.sku) or self.is_discounted


def line_discount(currency: str) -> Combinable:
    """Returns an expression: how much lower a line's net is than without its discount.

    Where the unit price explains the net to the minor unit, it is the net that `line_amounts`
    gives without the discount, less the line's net. The price of an imported line may be rounded;
    then it is computed from the net and the discount's percentage. It is not below 0.
    """
    share = (Value(HUNDRED) - F("discount_percent")) / Value(HUNDRED)
    full = _net_of(F("quantity") * F("unit_price"), currency)
    by_net = Round(F("net") / share, places(currency), output_field=AMOUNT)
    before = Case(
        When(discount_percent=HUNDRED, then=full),
        When(net=_net_of(F("quantity") * F("unit_price") * share, currency), then=full),
        default=by_net,
    )
    return Greatest(before - F("net"), Value(ZERO), output_field=AMOUNT)


def _net_of(amount: Combinable, currency: str) -> Combinable:
    """Returns the net of a line that costs `amount`, rounded as `line_amounts` does it."""
    base = Round(amount, places(currency), output_field=AMOUNT)
    without_tax = Round(base / (Value(ONE) + F("tax_rate")), places(currency), output_field=AMOUNT)
    return Case(When(order__prices_include_tax=True, then=without_tax), default=base)


def orders_matching(criteria: OrderCriteria) -> QuerySet[Order]:
    """Returns the orders that match, as `trade` counts them.

    With a product or discounts as filter, `part` is what the figure counts of each: the net of
    the lines with the product, or their discounts.
    """
    rows = Order.objects.select_related("customer", "placed_by")
    exact = {
        "ordered_at__gte": criteria.start,
        "ordered_at__lt": criteria.end,
        "placed_by__username": criteria.username,
        "currency": criteria.currency,
    }
    rows = rows.filter(**{name: value for name, value in exact.items() if value})
    if criteria.is_of_lines:
        lines = OrderLine.objects.filter(order=OuterRef("pk"))
        if criteria.sku:
            lines = lines.filter(sku=criteria.sku)
        if criteria.is_discounted:
            lines = lines.filter(discount_percent__gt=0)
        counted = line_discount(criteria.currency) if criteria.is_discounted else F("net")
        part = lines.order_by().values("order").annotate(part=Sum(counted)).values("part")
        rows = rows.filter(Exists(lines)).annotate(part=Subquery(part, output_field=AMOUNT))
    if criteria.is_cancelled is not None:
        cancelled = {"state": OrderState.CANCELLED}
        rows = rows.filter(**cancelled) if criteria.is_cancelled else rows.exclude(**cancelled)
    return rows


@dataclass(frozen=True, kw_only=True)
class OrderSums:
    """The number of orders and their amounts; `part` as `orders_matching` has it, else None."""

    orders: int
    net: Decimal
    gross: Decimal
    part: Decimal | None

    @property
    def average(self) -> Decimal | None:
        """The net for each order; None without orders."""
        return self.net / self.orders if self.orders else None


def sum_orders(rows: QuerySet[Order], criteria: OrderCriteria) -> OrderSums:
    """Returns the sums of all orders that match the criteria, in one query."""
    sums = rows.order_by().aggregate(
        orders=Count("pk"),
        sum_of_net=Sum("net", default=ZERO),
        sum_of_gross=Sum("gross", default=ZERO),
        **({"sum_of_parts": Sum("part", default=ZERO)} if criteria.is_of_lines else {}),
    )
    return OrderSums(
        orders=sums["orders"],
        net=sums["sum_of_net"],
        gross=sums["sum_of_gross"],
        part=sums.get("sum_of_parts"),
    )


@dataclass(frozen=True, kw_only=True)
class ListedOrder:
    """An order as the dashboards list it; `customer` is empty for a walk-in.

    `part` is what the figure counts of it, None when that is the order as a whole.
    """

    number: str
    state: OrderState
    customer: str
    placed_by: str
    ordered_at: datetime
    net: Decimal
    gross: Decimal
    currency: str
    part: Decimal | None = None


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
        part=getattr(order, "part", None),
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
