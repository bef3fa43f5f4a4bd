"""Tax by rate of a period and of a document."""

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
    """Net amount and tax of one rate in one currency. `rate` is a fraction.

    `net` and `tax` are of invoices, `credited_net` and `credited_tax` of credit notes.
    """

    currency: str
    rate: Decimal
    net: Decimal
    tax: Decimal
    credited_net: Decimal
    credited_tax: Decimal

    @property
    def due_net(self) -> Decimal:
        """The invoiced less the credited net amount."""
        return self.net - self.credited_net

    @property
    def due_tax(self) -> Decimal:
        """The invoiced less the credited tax."""
        return self.tax - self.credited_tax


def tax_of_period(since: date, until: date) -> list[TaxOfRate]:
    """Returns the tax by rate of documents issued from `since` to `until`, highest rate first."""
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
    """The sums of all rates in one currency."""

    currency: str
    due_net: Decimal
    due_tax: Decimal


def tax_totals(rows: list[TaxOfRate]) -> list[TaxTotal]:
    """Returns the sums of all rates by currency."""
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
    """The sums of a document's lines with one tax rate; `rate` is a fraction."""

    rate: Decimal
    net: Decimal
    tax: Decimal
    gross: Decimal


def tax_by_rate(lines: Iterable[InvoiceLine]) -> list[TaxSubtotal]:
    """Returns the sums of lines by tax rate, the highest rate first."""
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
