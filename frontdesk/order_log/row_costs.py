"""What a row of an order log costs: the numbers of its price, discount and total."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from django.utils.translation import gettext as _

from frontdesk.orders.actions.pricing import PERCENT_STEP
from officeflow.errors import Refused
from officeflow.imports import cells
from officeflow.imports.registry import FileRow
from officeflow.money import HUNDRED, ONE, ZERO, format_money, places, quantise

NUMBER_LIMIT = Decimal(10) ** 12
MOST_DECIMALS = 16  # of a computed number in a file
STEP = Decimal("0.00000001")


class BadRow(Exception):
    """A row is not valid; the message says why."""


class LeftOut(BadRow):
    """A row is left out of its order on purpose, which the others do not depend on."""


@dataclass(frozen=True, kw_only=True)
class RowCost:
    """The price of one before the discount, the discount, and the amount in all, which is exact.

    The price has at most eight decimals and the discount two, so that both may be rounded.
    `difference` says when price and total of the file contradict each other.
    """

    price: Decimal
    discount_percent: Decimal
    amount: Decimal
    difference: str = ""


def required_number(row: FileRow, column: str) -> Decimal:
    """Returns the number in a cell. Raises `BadRow`, also for an empty one."""
    found = number_or_none(row, column)
    if found is None:
        raise BadRow(_("%(column)s is empty.") % {"column": column})
    return found


def number_or_none(row: FileRow, column: str) -> Decimal | None:
    """Returns the number in a cell, None for an empty one. Raises `BadRow`."""
    try:
        found = cells.number(row[column], column)
    except Refused as refused:
        raise BadRow(str(refused.message)) from None
    if found is None:
        return None
    if abs(found) >= NUMBER_LIMIT or int(found.as_tuple().exponent) < -MOST_DECIMALS:
        raise BadRow(_("The number in %(column)s is too long.") % {"column": column})
    return found


def row_cost(row: FileRow, quantity: Decimal, currency: str) -> RowCost:
    """Returns what a row costs, by its total if it has one. Raises `BadRow`."""
    pieces = abs(quantity)
    share = number_or_none(row, "Discount as a share") or ZERO
    percent = number_or_none(row, "Discount in percent") or ZERO
    discount = abs(number_or_none(row, "Discount amount") or ZERO)
    percent = abs(percent) or abs(share) * HUNDRED
    if percent > HUNDRED:
        raise BadRow(_("The discount is more than 100%."))
    total = number_or_none(row, "Line total")
    if total is not None and quantity < ZERO:  # of returned goods with either sign
        total = abs(total)
    if row["Unit price"] or total is None:
        price = required_number(row, "Unit price")
    elif not pieces or percent == HUNDRED:
        price = ZERO
    else:
        price = (total + discount) / pieces / (ONE - percent / HUNDRED)
    if discount and pieces and price:
        percent = discount / abs(pieces * price) * HUNDRED
        if percent > HUNDRED:
            raise BadRow(_("The discount is more than the price."))
    computed = pieces * price * (ONE - percent / HUNDRED)
    amount = quantise(computed if total is None else total, currency)
    difference = ""
    if amount != quantise(computed, currency) and pieces:
        # A price of two decimals explains a total that differs by half a cent for each piece.
        decimals = max(places(currency), -int(price.as_tuple().exponent))
        minor = ONE.scaleb(-places(currency))
        if abs(amount - computed) > pieces * ONE.scaleb(-decimals) / 2 + minor:
            difference = _(
                "The line total in the file is %(total)s, but by its quantity, price and discount "
                "the line costs %(computed)s. The line total is taken."
            ) % {
                "total": format_money(amount, currency),
                "computed": format_money(computed, currency),
            }
            percent = ZERO if amount else HUNDRED
        if percent != HUNDRED:
            price = amount / pieces / (ONE - percent / HUNDRED)
    if abs(price) >= NUMBER_LIMIT:
        raise BadRow(_("The price is too large."))
    return RowCost(
        price=price.quantize(STEP, rounding=ROUND_HALF_UP).normalize() + ZERO,
        discount_percent=percent.quantize(PERCENT_STEP, rounding=ROUND_HALF_UP),
        amount=amount,
        difference=difference,
    )
