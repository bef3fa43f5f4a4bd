"""Money without floats: rounding, tax, discounts, and how an amount is written.

Amounts are `Decimal`, stored as `numeric(18,4)` and quantised to the currency's places, half
up, line by line (so that the lines of a document always add up to its totals). Quantities are
`numeric(14,3)`. A rate is a fraction: `Decimal("0.2000")` is 20 %.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from django.utils import formats

ZERO = Decimal("0")
ONE = Decimal("1")
HUNDRED = Decimal("100")

MAX_AMOUNT = Decimal("99999999999999.9999")

# ISO 4217: currencies whose minor unit is not a hundredth, and the signs people know.
PLACES = {"JPY": 0, "KRW": 0, "VND": 0, "CLP": 0, "ISK": 0, "UGX": 0, "KWD": 3, "BHD": 3, "TND": 3}
SIGNS = {
    "GBP": "£",
    "EUR": "€",
    "USD": "$",
    "INR": "₹",
    "JPY": "¥",
    "VND": "₫",
    "NOK": "kr",
    "CZK": "Kč",
    "KES": "KSh",
    "TZS": "TSh",
}
SIGN_AFTER = {"NOK", "CZK", "VND"}


def places(currency: str) -> int:
    """Decimal places of the currency's minor unit (ISO 4217); 2 unless listed otherwise."""
    return PLACES.get(currency, 2)


def quantise(amount: Decimal, currency: str) -> Decimal:
    """`amount` rounded half up to the currency's places."""
    return amount.quantize(ONE.scaleb(-places(currency)), rounding=ROUND_HALF_UP)


def format_money(amount: Decimal, currency: str) -> str:
    """`amount` with its currency sign, by the active locale: `£1,234.50`, `1 234,50 kr`."""
    value = quantise(abs(amount), currency)
    number = formats.number_format(
        value, decimal_pos=places(currency), use_l10n=True, force_grouping=True
    )
    minus = "−" if quantise(amount, currency) < 0 else ""
    sign = SIGNS.get(currency)
    if sign is None or currency in SIGN_AFTER:
        return f"{minus}{number}\N{NO-BREAK SPACE}{sign or currency}"
    return f"{minus}{sign}{number}"


def format_quantity(quantity: Decimal) -> str:
    """A quantity without trailing zeros, by the active locale: `3`, `0.75`."""
    text = format(quantity.normalize(), "f")
    decimals = len(text.partition(".")[2])
    return formats.number_format(quantity, decimal_pos=decimals, use_l10n=True)


@dataclass(frozen=True, kw_only=True)
class LineAmounts:
    """What one line comes to: `net + tax == gross`, always."""

    net: Decimal
    tax: Decimal
    gross: Decimal


def line_amounts(
    *,
    quantity: Decimal,
    unit_price: Decimal,
    tax_rate: Decimal,
    currency: str,
    discount_percent: Decimal = ZERO,
    includes_tax: bool,
) -> LineAmounts:
    """One line's net, tax and gross.

    The discounted price times quantity is rounded first; with prices that include tax that is
    the gross and tax is taken out of it, otherwise it is the net and tax is put on top.
    """
    base = quantise(quantity * unit_price * (HUNDRED - discount_percent) / HUNDRED, currency)
    if includes_tax:
        net = quantise(base / (ONE + tax_rate), currency)
        return LineAmounts(net=net, tax=base - net, gross=base)
    tax = quantise(base * tax_rate, currency)
    return LineAmounts(net=base, tax=tax, gross=base + tax)


def total(lines: Iterable[LineAmounts]) -> LineAmounts:
    """The sum of lines; sums of rounded lines need no further rounding."""
    net = tax = gross = ZERO
    for line in lines:
        net, tax, gross = net + line.net, tax + line.tax, gross + line.gross
    return LineAmounts(net=net, tax=tax, gross=gross)
