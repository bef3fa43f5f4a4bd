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

from django.utils.translation import gettext

from frontdesk.reports.rollups import ORDERS, PAYMENTS, REFUNDS
from officeflow.company.models import Office
from officeflow.money import ZERO
from officeflow.rollups.definitions import Rollup
from officeflow.rollups.reading import Figures, read
from officeflow.staff.models import User

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


@dataclass(frozen=True, kw_only=True)
class ProductFigures:
    """The quantity and the net sales of a product."""

    sku: str
    name: str
    quantity: Decimal
    net: Decimal


@dataclass(frozen=True, kw_only=True)
class SalespersonFigures:
    """The number of a salesperson's orders and their net sales."""

    username: str
    name: str
    orders: int
    net: Decimal


@dataclass(frozen=True, kw_only=True)
class Trade:
    """The sales of a range: in each span, and by product and person, the highest net first."""

    sales: Sales
    products: list[ProductFigures]
    people: list[SalespersonFigures]


def trade(bounds: Sequence[datetime], office: Office, *, limit: int = TOP) -> Trade:
    """Returns the sales between the bounds by the time of the order, with `limit` products."""
    found = read(ORDERS, office, bounds, whole=["people", "products", "discounts"])
    return Trade(
        sales=_sales(found, len(bounds) - 1, office.currency),
        products=_products(found, office.currency)[:limit],
        people=_people(found, office.currency),
    )


def _sales(found: Figures, spans: int, currency: str) -> Sales:
    by_span = [SalesSpan() for _ in range(spans)]
    elsewhere: dict[str, Decimal] = {}
    for (span, (its_currency,)), (orders, cancelled, net, tax) in found.of("sales").items():
        if its_currency != currency:
            elsewhere[its_currency] = elsewhere.get(its_currency, ZERO) + net
            continue
        by_span[span] = SalesSpan(orders=int(orders), cancelled=int(cancelled), net=net, tax=tax)
    return Sales(
        total=SalesSpan(
            orders=sum(each.orders for each in by_span),
            cancelled=sum(each.cancelled for each in by_span),
            net=sum((each.net for each in by_span), ZERO),
            tax=sum((each.tax for each in by_span), ZERO),
        ),
        spans=by_span,
        discounts=sum((sums[0] for sums in found.of("discounts").values()), ZERO),
        elsewhere=elsewhere,
    )


def _products(found: Figures, currency: str) -> list[ProductFigures]:
    products: dict[str, ProductFigures] = {}
    for (_span, (its_currency, sku, name)), (quantity, net) in found.of("products").items():
        if its_currency != currency:
            continue
        known = products.get(sku)
        products[sku] = ProductFigures(
            sku=sku,
            name=max(name, known.name) if known else name,
            quantity=quantity + (known.quantity if known else ZERO),
            net=net + (known.net if known else ZERO),
        )
    return sorted(products.values(), key=lambda each: (-each.net, each.sku))


def _people(found: Figures, currency: str) -> list[SalespersonFigures]:
    sold = {
        int(pk): sums
        for (_span, (its_currency, pk)), sums in found.of("people").items()
        if its_currency == currency
    }
    people = [
        SalespersonFigures(
            username=user.username,
            name=user.full_name,
            orders=int(sold[user.pk][0]),
            net=sold[user.pk][1],
        )
        for user in User.objects.filter(pk__in=sold).only("username", "full_name")
    ]
    return sorted(people, key=lambda each: (-each.net, each.username))


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


def payments_by_method(bounds: Sequence[datetime], office: Office) -> list[MethodFigures]:
    """Returns payments and refunds between the bounds by method, highest amount taken first.

    They are those of orders in the office's currency.
    """
    ends = [bounds[0], bounds[-1]]
    taken, given = (_by_method(each, ends, office) for each in (PAYMENTS, REFUNDS))
    none = ("", ZERO, ZERO)
    methods = []
    for code in taken.keys() | given.keys():
        label, payments, amount = taken.get(code, none)
        other_label, refunds, given_back = given.get(code, none)
        name = max(label, other_label)
        methods.append(
            MethodFigures(
                code=code,
                name=gettext(name) if name else code,
                payments=int(payments),
                taken=amount,
                refunds=int(refunds),
                given_back=given_back,
            )
        )
    return sorted(methods, key=lambda each: (-each.taken, each.code))


def _by_method(
    rollup: Rollup, ends: Sequence[datetime], office: Office
) -> dict[str, tuple[str, Decimal, Decimal]]:
    """Returns the last label, the number and the amount of each method."""
    methods: dict[str, tuple[str, Decimal, Decimal]] = {}
    found = read(rollup, office, ends).of("methods")
    for (_span, (currency, code, label)), (number, amount) in found.items():
        if currency == office.currency:
            known = methods.get(code, ("", ZERO, ZERO))
            methods[code] = (max(label, known[0]), number + known[1], amount + known[2])
    return methods
