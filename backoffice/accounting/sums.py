"""Sums over the lines of documents."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from backoffice.accounting.models import InvoiceLine
from officeflow.money import ZERO


@dataclass(frozen=True, kw_only=True)
class TaxSum:
    """What the lines of one tax rate come to; `rate` is a fraction."""

    rate: Decimal
    net: Decimal
    tax: Decimal
    gross: Decimal


def tax_by_rate(lines: Iterable[InvoiceLine]) -> list[TaxSum]:
    """The sums of lines by their rate, the highest rate first."""
    rates: dict[Decimal, list[InvoiceLine]] = {}
    for line in lines:
        rates.setdefault(line.tax_rate, []).append(line)
    return [
        TaxSum(
            rate=rate,
            net=sum((line.net for line in same), ZERO),
            tax=sum((line.tax for line in same), ZERO),
            gross=sum((line.gross for line in same), ZERO),
        )
        for rate, same in sorted(rates.items(), reverse=True)
    ]
