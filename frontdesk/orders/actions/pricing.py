"""Prices of lines: what an order would have, and what the person saw."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from django.utils.translation import gettext as _

from officeflow.catalogue.models import Product, Unit
from officeflow.company.models import Office
from officeflow.errors import Conflict, Refused
from officeflow.money import (
    HUNDRED,
    ONE,
    QUANTITY_PLACES,
    ZERO,
    LineAmounts,
    amounts_of,
    format_money,
    format_percent,
    format_quantity,
    format_unit_price,
    line_amounts,
    places,
    quantise,
)

QUANTITY_STEP = ONE.scaleb(-QUANTITY_PLACES)
PRICE_STEP = Decimal("0.0001")
PERCENT_STEP = Decimal("0.01")
MAX_QUANTITY = Decimal("99999999")
MAX_LINE_GROSS = Decimal("99999999999")
MAX_ORDER_GROSS = Decimal("9999999999999")  # an amount is stored with 14 digits before the point


@dataclass(frozen=True, kw_only=True)
class SeenPrice:
    """The price of a product as a person saw it: by unit, with the rate of tax as a fraction."""

    unit_price: Decimal
    tax_rate: Decimal
    includes_tax: bool

    @classmethod
    def of(cls, product: Product) -> SeenPrice:
        """Returns the current price of a product."""
        return cls(
            unit_price=product.price,
            tax_rate=product.tax_rate.rate,
            includes_tax=product.price_list.includes_tax,
        )


@dataclass(frozen=True)
class LineTotal:
    """What a line costs in all, less its discount, as another program computed it."""

    amount: Decimal
    includes_tax: bool


@dataclass(frozen=True, kw_only=True)
class NewLine:
    """A line of an order to be placed.

    `unit_price` replaces the price of the price list, in the same currency and with or without
    tax as the list. `discount_percent` is 0 to 100. `seen_price` is what the person saw, if known.
    `total` is the line's amount to the cent, not below 0; `unit_price` and the discount explain it
    except for their rounding.
    """

    product: Product
    quantity: Decimal
    discount_percent: Decimal = ZERO
    unit_price: Decimal | None = None
    seen_price: SeenPrice | None = None
    total: LineTotal | None = None


@dataclass(frozen=True, kw_only=True)
class PricedLine:
    """A line with its unit price and amounts."""

    line: NewLine
    unit_price: Decimal
    amounts: LineAmounts


class LineRefused(Refused):
    """A line is not valid. `index` counts from 0."""

    def __init__(self, index: int, message: str, field: str) -> None:
        self.index = index
        super().__init__(message, field)


class PricesChanged(Conflict):
    """Nothing was placed, because the person saw other prices than the order would have.

    `changes` are sentences with the figures of now and before, the new total last; `details` is
    the total that the order would have.
    """

    def __init__(self, changes: Sequence[str], total: Decimal, currency: str) -> None:
        self.changes = list(changes)
        self.details = {"total": str(quantise(total, currency)), "currency": currency}
        super().__init__(" ".join(self.changes))


def price_line(index: int, line: NewLine, office: Office, *, is_past: bool = False) -> PricedLine:
    """Returns a line with its price and amounts. Raises `LineRefused` with the `index` (from 0).

    A line of a past order may have a product that is no longer sold.
    """
    product = line.product
    if not product.is_active and not is_past:
        raise LineRefused(index, _("%(sku)s is no longer sold.") % {"sku": product.sku}, "sku")
    if product.price_list.currency != office.currency:
        raise LineRefused(
            index,
            _("%(sku)s is priced in %(currency)s, not in the office's currency.")
            % {"sku": product.sku, "currency": product.price_list.currency},
            "sku",
        )
    quantity = line.quantity
    if not quantity.is_finite() or quantity <= ZERO:
        raise LineRefused(index, _("The quantity must be more than 0."), "quantity")
    if quantity > MAX_QUANTITY:
        raise LineRefused(
            index,
            _("A line can have at most %(most)s of a product.")
            % {"most": format_quantity(MAX_QUANTITY)},
            "quantity",
        )
    if quantity != quantity.quantize(QUANTITY_STEP):
        raise LineRefused(index, _("Use at most three decimals for the quantity."), "quantity")
    if product.unit == Unit.PIECE and quantity != quantity.to_integral_value():
        raise LineRefused(
            index,
            _("%(sku)s is sold by the piece. Enter a whole number.") % {"sku": product.sku},
            "quantity",
        )
    if not line.discount_percent.is_finite() or not ZERO <= line.discount_percent <= HUNDRED:
        raise LineRefused(index, _("Enter a discount from 0 to 100 percent."), "discount_percent")
    discount = line.discount_percent.quantize(PERCENT_STEP, rounding=ROUND_HALF_UP)
    if discount != line.discount_percent:
        raise LineRefused(
            index, _("Use at most two decimals for the discount."), "discount_percent"
        )
    unit_price = product.price if line.unit_price is None else line.unit_price
    if not unit_price.is_finite() or unit_price < ZERO:
        raise LineRefused(index, _("The price cannot be below 0."), "price")
    unit_price = unit_price.quantize(PRICE_STEP, rounding=ROUND_HALF_UP)
    amounts = line_amounts(
        quantity=quantity,
        unit_price=unit_price,
        discount_percent=discount,
        tax_rate=product.tax_rate.rate,
        currency=office.currency,
        includes_tax=product.price_list.includes_tax,
    )
    if line.total is not None:
        amounts = _stated_amounts(index, line, line.total, unit_price, amounts, office)
    if amounts.gross > MAX_LINE_GROSS:
        raise LineRefused(index, _("The total of this line is too large."), "quantity")
    return PricedLine(line=line, unit_price=unit_price, amounts=amounts)


def _stated_amounts(
    index: int,
    line: NewLine,
    total: LineTotal,
    unit_price: Decimal,
    computed: LineAmounts,
    office: Office,
) -> LineAmounts:
    """Returns the amounts of a total. Raises `LineRefused` for one that is not this price's."""
    if not total.amount.is_finite() or total.amount < ZERO:
        raise LineRefused(index, _("The total of a line cannot be below 0."), "price")
    amounts = amounts_of(
        quantise(total.amount, office.currency),
        tax_rate=line.product.tax_rate.rate,
        currency=office.currency,
        includes_tax=total.includes_tax,
    )
    # The price and the discount are rounded to half a step each, and up to three amounts to half a
    # minor unit: that of the total, its tax and the computed one.
    rounding = line.quantity * (PRICE_STEP + unit_price * PERCENT_STEP / HUNDRED) / 2
    if abs(amounts.gross - computed.gross) > (
        rounding * (ONE + line.product.tax_rate.rate) + 2 * ONE.scaleb(-places(office.currency))
    ):
        raise LineRefused(index, _("The total of this line is not that of its price."), "price")
    return amounts


def price_lines(
    lines: Sequence[NewLine], office: Office, *, is_past: bool = False
) -> list[PricedLine]:
    """Returns lines with their prices and amounts.

    Raises `LineRefused` for the first line that is not valid, `Refused` when prices with and
    without tax are mixed or the order's total is too large.
    """
    priced = [price_line(index, line, office, is_past=is_past) for index, line in enumerate(lines)]
    check_prices_are_alike(lines)
    if sum((line.amounts.gross for line in priced), ZERO) > MAX_ORDER_GROSS:
        raise Refused(
            _("The total of this order is too large. An order can cost at most %(most)s.")
            % {"most": format_money(MAX_ORDER_GROSS, office.currency)},
            "lines",
        )
    return priced


def check_prices_are_alike(lines: Sequence[NewLine]) -> None:
    """Raises `Refused` when prices with and without tax are mixed."""
    if len({line.product.price_list.includes_tax for line in lines}) > 1:
        raise Refused(
            _("Prices with tax and prices without tax cannot be mixed in one order."), "lines"
        )


def check_seen_prices(
    priced: Sequence[PricedLine], gross: Decimal, currency: str, expected_total: Decimal | None
) -> None:
    """Raises `PricesChanged` when a line's price or tax, or the total, is not what was seen."""
    changes: dict[str, None] = {}
    for item in priced:
        product, seen = item.line.product, item.line.seen_price
        if seen is None or item.line.unit_price is not None:
            continue
        now = SeenPrice.of(product)
        if seen.unit_price != now.unit_price or seen.includes_tax != now.includes_tax:
            text = _("The price of %(product)s is now %(now)s (was %(before)s).") % {
                "product": product.name,
                "now": _price_in_words(now, seen, currency),
                "before": _price_in_words(seen, now, currency),
            }
            changes[text] = None
        if seen.tax_rate != now.tax_rate:
            text = _("The tax rate of %(product)s is now %(now)s (was %(before)s).") % {
                "product": product.name,
                "now": format_percent(now.tax_rate),
                "before": format_percent(seen.tax_rate),
            }
            changes[text] = None
    if not changes and (expected_total is None or expected_total == gross):
        return
    total_now = format_money(gross, currency)
    if expected_total is None:
        text = _("The total is now %(now)s.") % {"now": total_now}
    else:
        text = _("The total is now %(now)s (was %(before)s).") % {
            "now": total_now,
            "before": format_money(expected_total, currency),
        }
    raise PricesChanged([*changes, text], gross, currency)


def _price_in_words(price: SeenPrice, other: SeenPrice, currency: str) -> str:
    amount = format_unit_price(price.unit_price, currency)
    if price.includes_tax == other.includes_tax:
        return amount
    words = _("%(price)s with tax") if price.includes_tax else _("%(price)s without tax")
    return words % {"price": amount}
