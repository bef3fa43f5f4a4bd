"""Queries for conduct cases, commissions and commission rates."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Count, F, Q, QuerySet, Sum

from backoffice.hr.models import (
    Commission,
    CommissionQuerySet,
    CommissionRate,
    ConductCase,
    next_month,
)
from backoffice.tickets.models import Ticket
from officeflow.money import ZERO
from officeflow.staff.models import User


def case_panel(ticket: Ticket) -> dict[str, Any]:
    """Returns a ticket's sealed case, and earlier cases of the same complaint, newest first."""
    case = ConductCase.objects.filter(ticket=ticket).first()
    if case is None:
        return {"case": None, "earlier_cases": []}
    earlier = (
        ConductCase.objects.filter(complaint_number=case.complaint_number, pk__lt=case.pk)
        .select_related("ticket")
        .order_by("-pk")
    )
    return {"case": case, "earlier_cases": earlier}


def commissions_in(month: date) -> CommissionQuerySet:
    """Returns everybody's commissions of a month with their salespeople."""
    return Commission.objects.in_month(month).select_related("salesperson", "reverses")


def commissions_of(user: User, month: date) -> CommissionQuerySet:
    """Returns a person's commissions of a month."""
    return Commission.objects.of(user).in_month(month).select_related("reverses")


def all_commissions(user: User | None) -> CommissionQuerySet:
    """Returns all commissions of a person, or (`user` None) of everybody, newest first."""
    rows = Commission.objects.order_by("-earned_date")
    return rows if user is None else rows.of(user)


def neighbouring_months(rows: CommissionQuerySet, month: date) -> tuple[date | None, date | None]:
    """Returns the nearest months with commissions before and after `month`, or None."""
    days = rows.order_by("-earned_date").values_list("earned_date", flat=True)
    before = days.filter(earned_date__lt=month).first()
    after = days.filter(earned_date__gte=next_month(month)).last()
    return before and before.replace(day=1), after and after.replace(day=1)


@dataclass(frozen=True, kw_only=True)
class Earnings:
    """Numbers of orders placed and cancelled, and sums less reversals, in one currency."""

    orders: int
    cancelled: int
    net: Decimal
    amount: Decimal
    currency: str


@dataclass(frozen=True, kw_only=True)
class PersonEarnings(Earnings):
    """The earnings of one person."""

    username: str
    full_name: str


SUMS = {
    "orders": Count("pk", filter=Q(reverses__isnull=True)),
    "cancelled": Count("pk", filter=Q(reverses__isnull=False)),
    "total_net": Sum("net"),
    "total": Sum("amount"),
}


def earnings(rows: CommissionQuerySet) -> list[Earnings]:
    """Returns the sums of commissions by currency."""
    groups = rows.order_by().values("currency").annotate(**SUMS).order_by("currency")
    return [
        Earnings(
            orders=group["orders"],
            cancelled=group["cancelled"],
            net=group["total_net"] or ZERO,
            amount=group["total"] or ZERO,
            currency=group["currency"],
        )
        for group in groups
    ]


def earnings_by_person(rows: CommissionQuerySet) -> list[PersonEarnings]:
    """Returns the sums of commissions by person and currency, the highest first."""
    groups = (
        rows.order_by()
        .values("salesperson__username", "salesperson__full_name", "currency")
        .annotate(**SUMS)
        .order_by("-total", "salesperson__full_name")
    )
    return [
        PersonEarnings(
            username=group["salesperson__username"],
            full_name=group["salesperson__full_name"] or group["salesperson__username"],
            orders=group["orders"],
            cancelled=group["cancelled"],
            net=group["total_net"] or ZERO,
            amount=group["total"] or ZERO,
            currency=group["currency"],
        )
        for group in groups
    ]


def commission_rates() -> QuerySet[CommissionRate]:
    """Returns all rates: everybody's first, then people by name; the latest of each first."""
    return CommissionRate.objects.select_related("user").order_by(
        F("user__full_name").asc(nulls_first=True), "user_id", "-valid_from_date"
    )
