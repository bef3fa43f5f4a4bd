"""A customer's orders, complaints and amounts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db.models import Case, Count, F, Max, Q, Sum, When

from frontdesk.complaints.models import Complaint
from frontdesk.customers.models import Customer
from frontdesk.orders.models import Order
from frontdesk.orders.states import OrderState
from officeflow.money import ZERO


@dataclass(frozen=True, kw_only=True)
class CurrencyTotals:
    """Amounts bought, paid, open and to give back in one currency.

    Of a cancelled order only what was paid and not yet refunded counts, in `to_give_back`.
    """

    currency: str
    bought: Decimal
    paid: Decimal
    open: Decimal
    to_give_back: Decimal


@dataclass(frozen=True, kw_only=True)
class CustomerStatistics:
    """The figures on a customer's page."""

    orders: int
    complaints: int
    open_complaints: int
    money: list[CurrencyTotals]
    last_seen_at: datetime | None


def customer_statistics(customer: Customer, currency: str) -> CustomerStatistics:
    """Returns a customer's figures, in two queries, with those of merged records.

    `currency`, the office's, comes first in `money` and is used for a customer without orders.
    `last_seen_at` is the time of the last order or complaint.
    """
    people = [customer, *customer.merged.all()]
    live = ~Q(state=OrderState.CANCELLED)
    sums = (
        Order.objects.filter(customer__in=people)
        .order_by()
        .values("currency")
        .annotate(
            orders=Count("pk"),
            bought=Sum("gross", filter=live),
            # What was bought before the office used OfficeFlow was paid elsewhere.
            paid_sum=Sum(Case(When(is_past=True, then=F("gross")), default=F("paid")), filter=live),
            back_sum=Sum("paid", filter=~live),
            open_sum=Sum(F("gross") - F("paid"), filter=live & Q(is_past=False)),
            latest=Max("ordered_at"),
        )
    )
    rows = list(sums)
    counts = Complaint.objects.filter(customer__in=people).aggregate(
        number=Count("pk"),
        open=Count("pk", filter=Q(state__in=("logged", "in_hand", "reopened", "resolved"))),
        latest=Max("logged_at"),
    )
    money = [
        CurrencyTotals(
            currency=row["currency"],
            bought=row["bought"] or ZERO,
            paid=row["paid_sum"] or ZERO,
            open=row["open_sum"] or ZERO,
            to_give_back=row["back_sum"] or ZERO,
        )
        for row in sorted(rows, key=lambda row: row["currency"] != currency)
    ]
    seen = [at for at in (counts["latest"], *(row["latest"] for row in rows)) if at]
    nothing = CurrencyTotals(
        currency=currency, bought=ZERO, paid=ZERO, open=ZERO, to_give_back=ZERO
    )
    return CustomerStatistics(
        orders=sum(row["orders"] for row in rows),
        complaints=counts["number"],
        open_complaints=counts["open"],
        money=money or [nothing],
        last_seen_at=max(seen, default=None),
    )
