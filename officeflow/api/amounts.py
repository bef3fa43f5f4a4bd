"""Money in answers."""

from __future__ import annotations

from decimal import Decimal

from officeflow.money import quantise


def amount(value: Decimal, currency: str) -> str:
    """An amount of money as the API writes it: a string with the currency's places."""
    return format(quantise(value, currency), "f")
