"""Tax by rate: of a period, and of one document."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Q, Sum

from backoffice.accounting.models import InvoiceLine
from backoffice.accounting.states import DocumentKind
from officeflow.money import ZERO


@dataclass(frozen=True, kw_only=True)
class TaxOfRate:
    """The tax of one rate in one currency, invoiced and credited. `rate` is a fraction."""

    currency: str
    rate: Decimal
    net: Decimal
    tax: Decimal
    credited_net: Decimal
    credited_tax: Decimal

    @property
    def due_net(self) -> Decimal:
        """The net amount invoiced, less what was credited."""
        return self.net - self.credited_net

    @property
    def due_tax(self) -> Decimal:
        """The tax that is owed."""
        return self.tax - self.credited_tax


def tax_of_period(since: date, until: date) -> list[TaxOfRate]:
    """The tax on documents issued in a period, both days included; the highest rate first."""
    invoiced = Q(invoice__kind=DocumentKind.INVOICE)
    credited = Q(invoice__kind=DocumentKind.CREDIT_NOTE)
    rows = (
        InvoiceLine.objects.filter(invoice__issued_date__gte=since, invoice__issued_date__lte=until)
        .order_by()
        .values("invoice__currency", "tax_rate")
        .annotate(
            sold=Sum("net", filter=invoiced),
            taxed=Sum("tax", filter=invoiced),
            back=Sum("net", filter=credited),
            back_tax=Sum("tax", filter=credited),
        )
        .order_by("invoice__currency", "-tax_rate")
    )
    return [
        TaxOfRate(
            currency=row["invoice__currency"],
            rate=row["tax_rate"],
            net=row["sold"] or ZERO,
            tax=row["taxed"] or ZERO,
            credited_net=row["back"] or ZERO,
            credited_tax=row["back_tax"] or ZERO,
        )
        for row in rows
    ]


@dataclass(frozen=True, kw_only=True)
class TaxTotal:
    """All rates of one currency together."""

    currency: str
    due_net: Decimal
    due_tax: Decimal


def tax_totals(rows: list[TaxOfRate]) -> list[TaxTotal]:
    """The sums of all rates, one for each currency."""
    return [
        TaxTotal(
            currency=currency,
            due_net=sum((row.due_net for row in rows if row.currency == currency), ZERO),
            due_tax=sum((row.due_tax for row in rows if row.currency == currency), ZERO),
        )
        for currency in sorted({row.currency for row in rows})
    ]


@dataclass(frozen=True, kw_only=True)
class TaxSubtotal:
    """The sums of the lines of one tax rate; `rate` is a fraction."""

    rate: Decimal
    net: Decimal
    tax: Decimal
    gross: Decimal


def tax_by_rate(lines: Iterable[InvoiceLine]) -> list[TaxSubtotal]:
    """The sums of lines by their rate, the highest rate first."""
    rates: dict[Decimal, list[InvoiceLine]] = {}
    for line in lines:
        rates.setdefault(line.tax_rate, []).append(line)
    return [
        TaxSubtotal(
            rate=rate,
            net=sum((line.net for line in same), ZERO),
            tax=sum((line.tax for line in same), ZERO),
            gross=sum((line.gross for line in same), ZERO),
        )
        for rate, same in sorted(rates.items(), reverse=True)
    ]
