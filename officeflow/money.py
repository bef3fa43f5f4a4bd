"""Money: rounding, tax, discounts, and formatting.

Amounts are `Decimal`, stored as `numeric(18,4)` and quantised to the currency's places, half
up, line by line (so that the lines of a document always add up to its totals). Quantities are
`numeric(14,3)`. A rate is a fraction: `Decimal("0.2000")` is 20 %.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from functools import cache
from unicodedata import category

from babel.core import Locale, get_global
from babel.numbers import get_currency_symbol, get_territory_currencies
from django.utils import formats
from iso4217 import Currency

from officeflow.formats import active_locale, write_number

ZERO = Decimal("0")
ONE = Decimal("1")
HUNDRED = Decimal("100")

QUANTITY_PLACES = 3

# The currencies that are legal tender somewhere today.
CURRENCIES = frozenset(
    code
    for region in get_global("territory_currencies")
    for code in get_territory_currencies(region)
)


@cache
def places(currency: str) -> int:
    """Returns the decimal places of the currency's minor unit by ISO 4217; 2 for unknown codes.

    Unicode's data are not used, because they leave out minor units without coins, in which
    invoices and banks still count.
    """
    try:
        exponent = Currency(currency).exponent
    except ValueError:
        return 2
    return 2 if exponent is None else int(exponent)


def quantise(amount: Decimal, currency: str) -> Decimal:
    """Returns `amount` rounded half up to the currency's places."""
    return amount.quantize(ONE.scaleb(-places(currency)), rounding=ROUND_HALF_UP)


def is_countable(amount: Decimal, currency: str) -> bool:
    """Returns whether the amount has no more decimals than the currency."""
    return amount == quantise(amount, currency)


def unit_price_of(price: Decimal, currency: str) -> Decimal:
    """Returns a unit price without trailing zeros behind its currency's places.

    In pounds `0.1250` is `0.125` and `12.0000` is `12.00`.
    """
    decimals = format(price, "f").rstrip("0").partition(".")[2]
    return price.quantize(ONE.scaleb(-max(places(currency), len(decimals))))


def format_money(amount: Decimal, currency: str) -> str:
    """Returns `amount` with its currency by the active locale: `£1,234.50`, `1 234,50 kr`."""
    return _with_currency(quantise(amount, currency), places(currency), currency)


def format_unit_price(price: Decimal, currency: str) -> str:
    """Returns a unit price with all its decimals, and at least its currency's: `£0.125`."""
    value = unit_price_of(price, currency)
    decimals = len(format(value, "f").partition(".")[2])
    return _with_currency(value, decimals, currency)


def _with_currency(value: Decimal, decimals: int, currency: str) -> str:
    number = write_number(abs(value), decimals, active_locale())
    return with_sign(number, currency, is_negative=value < 0)


def with_sign(number: str, currency: str, *, is_negative: bool = False) -> str:
    """Returns a formatted positive number with its currency, and a minus if `is_negative`."""
    before, after = _around(currency, is_negative, active_locale())
    return f"{before}{number}{after}"


@cache
def _around(currency: str, is_negative: bool, locale: Locale) -> tuple[str, str]:
    """Returns what a locale writes before and after an amount of a currency."""
    pattern = locale.currency_formats["standard"]
    sign = get_currency_symbol(currency, locale)
    before, after = (
        part[is_negative].replace("-", "\N{MINUS SIGN}").replace("¤", sign)
        for part in (pattern.prefix, pattern.suffix)
    )
    # Unicode's spacing of currencies (UTS 35): "£12" and "US$12", but "CHF 12" and "Rs. 12".
    if category(before[-1:] or " ")[0] in "LP":
        before += "\N{NO-BREAK SPACE}"
    if category(after[:1] or " ")[0] in "LP":
        after = "\N{NO-BREAK SPACE}" + after
    return before, after


def currency_signs(locale: Locale) -> frozenset[str]:
    """Returns the signs of all currencies in the locale and in English, without their codes."""
    written = {get_currency_symbol(code, each) for code in CURRENCIES for each in (locale, "en")}
    return frozenset(written - CURRENCIES)


def format_quantity(quantity: Decimal) -> str:
    """Returns a quantity without trailing zeros by the active locale: `3`, `0.75`."""
    text = format(quantity.normalize(), "f")
    decimals = len(text.partition(".")[2])
    return formats.number_format(quantity, decimal_pos=decimals, use_l10n=True)


def format_percent(rate: Decimal) -> str:
    """Returns a fraction as a percentage by the active locale: `Decimal("0.2")` is `20%`."""
    return with_percent_sign(format_quantity(rate * HUNDRED))


def with_percent_sign(number: str) -> str:
    """Returns a formatted number with the active locale's percent sign: `20%`, in German `20 %`."""
    pattern = active_locale().percent_formats[None]
    return f"{pattern.prefix[0]}{number}{pattern.suffix[0]}"


@dataclass(frozen=True, kw_only=True)
class LineAmounts:
    """The amounts of one line; `net + tax == gross` always holds."""

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
    """Returns one line's net, tax and gross.

    The discounted price times quantity is rounded first. If prices include tax the result is the
    gross, from which the net is computed; otherwise it is the net, to which tax is added.
    """
    base = quantise(quantity * unit_price * (HUNDRED - discount_percent) / HUNDRED, currency)
    return amounts_of(base, tax_rate=tax_rate, currency=currency, includes_tax=includes_tax)


def amounts_of(
    base: Decimal, *, tax_rate: Decimal, currency: str, includes_tax: bool
) -> LineAmounts:
    """Returns net, tax and gross of an amount with or without tax, of the currency's places."""
    if includes_tax:
        net = quantise(base / (ONE + tax_rate), currency)
        return LineAmounts(net=net, tax=base - net, gross=base)
    tax = quantise(base * tax_rate, currency)
    return LineAmounts(net=base, tax=tax, gross=base + tax)


def price_for_list(
    price: Decimal, *, tax_rate: Decimal, has_tax: bool, list_has_tax: bool
) -> Decimal:
    """Returns a price with or without tax as a price list needs it, not rounded."""
    if has_tax == list_has_tax:
        return price
    return price * (ONE + tax_rate) if list_has_tax else price / (ONE + tax_rate)


def total(lines: Iterable[LineAmounts]) -> LineAmounts:
    """Returns the sums of lines, which need no rounding because the lines are rounded."""
    net = tax = gross = ZERO
    for line in lines:
        net, tax, gross = net + line.net, tax + line.tax, gross + line.gross
    return LineAmounts(net=net, tax=tax, gross=gross)
