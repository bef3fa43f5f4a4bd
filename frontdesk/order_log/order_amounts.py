"""Amounts of a whole order: its discount, its shipping and its total in the file."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from decimal import ROUND_FLOOR, Decimal

from django.utils.translation import gettext as _

from frontdesk.order_log.row_costs import BadRow, number_or_none
from frontdesk.order_log.rows import SHIPPING, clean_sku
from frontdesk.orders.actions.pricing import PERCENT_STEP, LineTotal, NewLine
from officeflow.catalogue.models import Product
from officeflow.errors import Refused
from officeflow.imports import cells
from officeflow.imports.registry import FileRow
from officeflow.money import (
    HUNDRED,
    ONE,
    ZERO,
    format_money,
    places,
    price_for_list,
    quantise,
)

AMOUNTS = ("Order discount", "Shipping cost", "Order total")


@dataclass(frozen=True, kw_only=True)
class OrderAmounts:
    """The amounts that a file gives for a whole order, with or without tax as its prices.

    `total` includes tax; it is None when the file does not have it.
    """

    discount: Decimal = ZERO
    shipping: Decimal = ZERO
    shipping_sku: str = SHIPPING
    total: Decimal | None = None

    @classmethod
    def of(cls, rows: Sequence[FileRow], currency: str) -> OrderAmounts:
        """Returns the amounts in the rows of an order. Raises `BadRow`."""
        amounts = {
            name: _amount_of_order(number_or_none(row, name) for row in rows) for name in AMOUNTS
        }
        code = next((row["Shipping code"] for row in rows if row["Shipping code"]), "")
        total = amounts["Order total"]
        return cls(
            discount=quantise(abs(amounts["Order discount"] or ZERO), currency),
            shipping=quantise(amounts["Shipping cost"] or ZERO, currency),
            shipping_sku=clean_sku(cells.text(code)) or SHIPPING,
            total=None if total is None else quantise(total, currency),
        )

    def difference(self, gross: Decimal, currency: str) -> str:
        """Returns what to say when the total in the file is not that of the order, else empty."""
        if self.total is None or self.total == gross:
            return ""
        return _("The total in the file is %(there)s, that of the order here %(here)s.") % {
            "there": format_money(self.total, currency),
            "here": format_money(gross, currency),
        }


def amount_faults(row: FileRow) -> list[str]:
    """Returns what is wrong with the amounts that a row gives for its whole order."""
    found = []
    for name in AMOUNTS:
        try:
            number_or_none(row, name)
        except BadRow as bad:
            found.append(str(bad))
    return found


def _amount_of_order(amounts: Iterable[Decimal | None]) -> Decimal | None:
    """Returns the amount of an order whose rows all repeat it, or else give parts of it."""
    given = [each for each in amounts if each is not None]
    if not given:
        return None
    return given[0] if len(set(given)) == 1 else sum(given, ZERO)


def new_line(
    product: Product,
    quantity: Decimal,
    total: LineTotal,
    *,
    price: Decimal | None = None,
    discount_percent: Decimal = ZERO,
) -> NewLine:
    """Returns a line that costs `total` in all; `price` is with or without tax as the total.

    Without a price it is the part of one in the total.
    """
    return NewLine(
        product=product,
        quantity=quantity,
        unit_price=price_for_list(
            total.amount / quantity if price is None else price,
            tax_rate=product.tax_rate.rate,
            has_tax=total.includes_tax,
            list_has_tax=product.price_list.includes_tax,
        ),
        discount_percent=discount_percent,
        total=total,
    )


def share_discount(lines: Sequence[NewLine], discount: Decimal, currency: str) -> list[NewLine]:
    """Returns lines that cost exactly `discount` less together; each has its `total`.

    A discount that is a percentage of every line, with two decimals, becomes the lines' discount.
    Else it is shared in proportion to their totals, to the minor unit of the currency, and the
    units that are left go to the largest fractions, of equal ones to the first. `discount` is not
    below 0. Raises `Refused` when it is more than the lines cost.
    """
    totals = [line.total or LineTotal(ZERO, True) for line in lines]
    amounts = [each.amount for each in totals]
    whole = sum(amounts, ZERO)
    if discount > whole:
        raise Refused(_("The discount of the order is more than its lines cost."))
    if not discount:
        return list(lines)
    percent = discount * HUNDRED / whole
    if percent == percent.quantize(PERCENT_STEP) and not any(
        line.discount_percent for line in lines
    ):
        reduced = [quantise(amount * (HUNDRED - percent) / HUNDRED, currency) for amount in amounts]
        if sum(reduced, ZERO) == whole - discount:
            return [
                replace(line, discount_percent=percent, total=replace(total, amount=amount))
                for line, total, amount in zip(lines, totals, reduced, strict=True)
            ]
    return [
        new_line(line.product, line.quantity, replace(total, amount=total.amount - share))
        if share
        else line
        for line, total, share in zip(
            lines, totals, _shares(amounts, discount, currency), strict=True
        )
    ]


def _shares(amounts: Sequence[Decimal], discount: Decimal, currency: str) -> list[Decimal]:
    unit = ONE.scaleb(-places(currency))
    total = sum(amounts, ZERO)
    exact = [amount * discount / total for amount in amounts]
    shares = [each.quantize(unit, rounding=ROUND_FLOOR) for each in exact]
    left = int((discount - sum(shares, ZERO)) / unit)
    by_fraction = sorted(range(len(amounts)), key=lambda index: shares[index] - exact[index])
    for index in by_fraction[:left]:
        shares[index] += unit
    return shares
