"""The amounts of cash that customers are likely to give."""

from __future__ import annotations

from decimal import ROUND_CEILING, Decimal

from officeflow.money import ONE, quantise

MOST_AMOUNTS = 4

# The banknotes in use, by currency. For a currency that is not here round amounts are computed.
NOTES: dict[str, tuple[int, ...]] = {
    "AED": (5, 10, 20, 50, 100, 200, 500, 1000),
    "AUD": (5, 10, 20, 50, 100),
    "BRL": (2, 5, 10, 20, 50, 100, 200),
    "CAD": (5, 10, 20, 50, 100),
    "CHF": (10, 20, 50, 100, 200, 1000),
    "CNY": (1, 5, 10, 20, 50, 100),
    "CZK": (100, 200, 500, 1000, 2000, 5000),
    "DKK": (50, 100, 200, 500),
    "EGP": (5, 10, 20, 50, 100, 200),
    "EUR": (5, 10, 20, 50, 100, 200),
    "GBP": (5, 10, 20, 50),
    "GEL": (5, 10, 20, 50, 100, 200),
    "HKD": (10, 20, 50, 100, 500, 1000),
    "HUF": (500, 1000, 2000, 5000, 10000, 20000),
    "IDR": (1000, 2000, 5000, 10000, 20000, 50000, 100000),
    "ILS": (20, 50, 100, 200),
    "INR": (10, 20, 50, 100, 200, 500),
    "ISK": (500, 1000, 2000, 5000, 10000),
    "JPY": (1000, 5000, 10000),
    "KRW": (1000, 5000, 10000, 50000),
    "MXN": (20, 50, 100, 200, 500, 1000),
    "MYR": (1, 5, 10, 20, 50, 100),
    "NOK": (50, 100, 200, 500, 1000),
    "NPR": (5, 10, 20, 50, 100, 500, 1000),
    "NZD": (5, 10, 20, 50, 100),
    "PHP": (20, 50, 100, 200, 500, 1000),
    "PLN": (10, 20, 50, 100, 200, 500),
    "RON": (1, 5, 10, 20, 50, 100, 200, 500),
    "SAR": (5, 10, 20, 50, 100, 200, 500),
    "SEK": (20, 50, 100, 200, 500, 1000),
    "SGD": (2, 5, 10, 50, 100),
    "THB": (20, 50, 100, 500, 1000),
    "TRY": (5, 10, 20, 50, 100, 200),
    "TWD": (100, 200, 500, 1000, 2000),
    "UAH": (20, 50, 100, 200, 500, 1000),
    "USD": (1, 5, 10, 20, 50, 100),
    "VND": (10000, 20000, 50000, 100000, 200000, 500000),
    "ZAR": (10, 20, 50, 100, 200),
}


def likely_cash(amount: Decimal, currency: str) -> list[Decimal]:
    """Returns the exact amount, then what notes of one kind make above it, the least first.

    24.00 in pounds is also paid with 25, 30, 40 or 50.
    """
    exact = quantise(amount, currency)
    above = {
        quantise((amount / note).to_integral_value(ROUND_CEILING) * note * ONE, currency)
        for note in NOTES.get(currency) or _round_notes(exact)
    }
    return [exact, *sorted(above - {exact})[:MOST_AMOUNTS]]


def _round_notes(amount: Decimal) -> list[Decimal]:
    """Returns 1, 2 and 5 times the powers of ten near an amount: currencies have such notes.

    The smallest is at least a whole unit and a hundredth of the amount, the largest above it.
    """
    if amount <= 0:
        return []
    power = amount.adjusted()
    steps = (
        Decimal(base).scaleb(exponent)
        for exponent in range(max(0, power - 1), max(0, power) + 2)
        for base in (1, 2, 5)
    )
    return [step for step in steps if step * 100 >= amount]
