"""Amounts of a whole order: its discount, its shipping and its total in the file."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from decimal import ROUND_FLOOR, ROUND_HALF_UP, Decimal

from django.utils.translation import gettext as _

from frontdesk.order_log.rows import SHIPPING, clean_sku, number_or_none
from frontdesk.orders.actions.pricing import PRICE_STEP, NewLine
from officeflow.errors import Refused
from officeflow.imports import cells
from officeflow.imports.registry import FileRow
from officeflow.money import HUNDRED, ONE, ZERO, format_money, places, quantise

PERCENT_STEP = Decimal("0.01")


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
            name: _amount_of_order(number_or_none(row, name) for row in rows)
            for name in ("Order discount", "Shipping cost", "Order total")
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


def _amount_of_order(amounts: Iterable[Decimal | None]) -> Decimal | None:
    """Returns the amount of an order whose rows all repeat it, or else give parts of it."""
    given = [each for each in amounts if each is not None]
    if not given:
        return None
    return given[0] if len(set(given)) == 1 else sum(given, ZERO)


def share_discount(lines: Sequence[NewLine], discount: Decimal, currency: str) -> list[NewLine]:
    """Returns lines that cost exactly `discount` less together.

    A discount that is a percentage of every line, with two decimals, becomes the lines' discount.
    Else it is shared in proportion to their amounts, to the minor unit of the currency, and the
    units that are left go to the largest fractions, of equal ones to the first. The shares are
    taken off the unit prices. Where no price of four decimals gives an amount exactly, one piece
    has a price of its own. `unit_price` must be set, `discount` not below 0. Raises `Refused` when
    the discount is more than the lines cost.
    """
    amounts = [_amount(line, currency) for line in lines]
    total = sum(amounts, ZERO)
    if discount > total:
        raise Refused(_("The discount of the order is more than its lines cost."))
    if not discount:
        return list(lines)
    percent = discount * HUNDRED / total
    if percent == percent.quantize(PERCENT_STEP) and not any(
        line.discount_percent for line in lines
    ):
        reduced = [replace(line, discount_percent=percent) for line in lines]
        if sum((_amount(line, currency) for line in reduced), ZERO) == total - discount:
            return reduced
    found = []
    for line, amount, share in zip(
        lines, amounts, _shares(amounts, discount, currency), strict=True
    ):
        found += _lines_of(line, amount - share, currency) if share else [line]
    return found


def _amount(line: NewLine, currency: str) -> Decimal:
    price = (line.unit_price or ZERO).quantize(PRICE_STEP, rounding=ROUND_HALF_UP)
    return quantise(line.quantity * price * (HUNDRED - line.discount_percent) / HUNDRED, currency)


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


def _lines_of(line: NewLine, amount: Decimal, currency: str) -> list[NewLine]:
    """Returns one line that costs `amount`, or two."""
    price = (amount / line.quantity).quantize(PRICE_STEP, rounding=ROUND_HALF_UP)
    whole = replace(line, unit_price=price, discount_percent=ZERO)
    if _amount(whole, currency) == amount:
        return [whole]
    price = (amount / line.quantity).quantize(PRICE_STEP, rounding=ROUND_FLOOR)
    most = replace(line, quantity=line.quantity - 1, unit_price=price, discount_percent=ZERO)
    rest = amount - _amount(most, currency)
    return [most, replace(line, quantity=ONE, unit_price=rest, discount_percent=ZERO)]
