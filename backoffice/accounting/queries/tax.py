"""What tax a period owes, by rate."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Q, Sum

from backoffice.accounting.models import InvoiceLine
from backoffice.accounting.states import DocumentKind
from officeflow.money import ZERO


@dataclass(frozen=True, kw_only=True)
class TaxOfRate:
    """What one rate came to in one currency: invoices less credit notes. `rate` is a fraction."""

    currency: str
    rate: Decimal
    net: Decimal
    tax: Decimal
    credited_net: Decimal
    credited_tax: Decimal

    @property
    def due_net(self) -> Decimal:
        """What was sold and not credited."""
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
