"""A day's payments and refunds by method and person, and the cash and counts of the till."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Count, F, Q, QuerySet, Sum
from django.db.models.functions import TruncDate
from django.utils.translation import gettext

from frontdesk.payments.models.methods import MethodKind
from frontdesk.payments.models.payments import Payment, Refund
from frontdesk.payments.models.tills import TillCount
from officeflow.company.models import Office, Site
from officeflow.company.queries import day_bounds, office_date
from officeflow.money import ZERO
from officeflow.staff.models import User


@dataclass(kw_only=True)
class Takings:
    """Numbers and amounts of payments and refunds, of one method or in total."""

    label: str
    kind: str = ""
    payments: int = 0
    taken: Decimal = ZERO
    refunds: int = 0
    given_back: Decimal = ZERO

    @property
    def net(self) -> Decimal:
        """The amount taken less the amount given back."""
        return self.taken - self.given_back

    @property
    def count(self) -> int:
        """The number of payments and refunds."""
        return self.payments + self.refunds

    def add(self, other: Takings) -> None:
        """Adds the numbers and amounts of `other`."""
        self.payments += other.payments
        self.taken += other.taken
        self.refunds += other.refunds
        self.given_back += other.given_back


@dataclass(frozen=True, kw_only=True)
class PersonsTakings:
    """One person's takings by method and in total."""

    person: User
    methods: list[Takings]
    total: Takings


@dataclass(frozen=True, kw_only=True)
class DayTakings:
    """The takings of one day by method, by person and in total."""

    day: date
    methods: list[Takings]
    people: list[PersonsTakings]
    total: Takings
    cash: Takings


def day_takings(
    office: Office, day: date, *, of: User | None = None, site: Site | None = None
) -> DayTakings:
    """Returns the takings of a day, in three queries; with `of` one person's, with `site` its."""
    payments, refunds = payments_on(office, day, of=of), refunds_on(office, day, of=of)
    if site is not None:
        payments, refunds = payments.filter(moved_at(site)), refunds.filter(moved_at(site))
    sums = _sums(payments, "taken_by_id", is_refund=False)
    for key, takings in _sums(refunds, "paid_by_id", is_refund=True).items():
        if key in sums:
            sums[key].add(takings)
        else:
            sums[key] = takings
    people = User.objects.in_bulk({person for person, _code in sums})
    total, cash = Takings(label=""), Takings(label="")
    methods: dict[str, Takings] = {}
    by_person: dict[int, list[Takings]] = {}
    for (person, code), takings in sorted(sums.items(), key=lambda each: each[0][1]):
        by_person.setdefault(person, []).append(takings)
        methods.setdefault(code, Takings(label=takings.label, kind=takings.kind)).add(takings)
        total.add(takings)
        if takings.kind == MethodKind.CASH:
            cash.add(takings)
    return DayTakings(
        day=day,
        methods=list(methods.values()),
        people=[
            PersonsTakings(person=people[person], methods=rows, total=_total(rows))
            for person, rows in sorted(by_person.items(), key=lambda each: str(people[each[0]]))
        ],
        total=total,
        cash=cash,
    )


def _total(rows: Iterable[Takings]) -> Takings:
    total = Takings(label="")
    for row in rows:
        total.add(row)
    return total


def _sums(rows: QuerySet[Any], person: str, *, is_refund: bool) -> dict[tuple[int, str], Takings]:
    found: dict[tuple[int, str], Takings] = {}
    # A method that was renamed during the day has several labels, but is shown as one.
    for row in (
        rows.order_by()
        .values(person, "method", "method_kind", "method_label")
        .annotate(times=Count("pk"), amount=Sum("amount"))
    ):
        sums = Takings(label=gettext(row["method_label"]), kind=row["method_kind"])
        if is_refund:
            sums.refunds, sums.given_back = row["times"], row["amount"]
        else:
            sums.payments, sums.taken = row["times"], row["amount"]
        key = (row[person], row["method"])
        if key in found:
            found[key].add(sums)
        else:
            found[key] = sums
    return found


def payments_on(office: Office, day: date, *, of: User | None = None) -> QuerySet[Payment]:
    """Returns the payments of a day in the office's time zone; with `of`, one person's."""
    start, end = day_bounds(day, office)
    rows = Payment.objects.filter(taken_at__gte=start, taken_at__lt=end)
    return rows.filter(taken_by=of) if of else rows


def refunds_on(office: Office, day: date, *, of: User | None = None) -> QuerySet[Refund]:
    """Returns the refunds paid on a day in the office's time zone; with `of`, one person's."""
    start, end = day_bounds(day, office)
    rows = Refund.objects.filter(paid_at__gte=start, paid_at__lt=end)
    return rows.filter(paid_by=of) if of else rows


def moved_at(site: Site) -> Q:
    """Returns the condition for payments and refunds of a site's till."""
    return Q(site=site) | Q(site__isnull=True, order__site=site)


@dataclass(frozen=True, kw_only=True)
class Drawer:
    """What should be in a site's cash drawer on a day: everybody's cash, whoever looks at it.

    `opening_float` is that of the day's latest count, or of the last count before.
    """

    opening_float: Decimal
    taken: Decimal
    given_back: Decimal

    @property
    def cash(self) -> Decimal:
        """The cash taken less the cash given back."""
        return self.taken - self.given_back

    @property
    def expected(self) -> Decimal:
        """The opening float and the cash of the day."""
        return self.opening_float + self.cash

    @property
    def least_float(self) -> Decimal:
        """The least that must have been in the drawer before the first sale."""
        return max(ZERO, -self.cash)


def drawer(office: Office, site: Site, day: date, opening_float: Decimal | None = None) -> Drawer:
    """Returns what should be in a drawer, by default with the last known opening float."""
    taken = payments_on(office, day).filter(moved_at(site), method_kind=MethodKind.CASH)
    back = refunds_on(office, day).filter(moved_at(site), method_kind=MethodKind.CASH)
    if opening_float is None:
        opening_float = last_opening_float(site, day)
    return Drawer(opening_float=opening_float, taken=_amount(taken), given_back=_amount(back))


def _amount(rows: QuerySet[Any]) -> Decimal:
    return rows.aggregate(all=Sum("amount"))["all"] or ZERO


def counts_on(site: Site, day: date) -> list[TillCount]:
    """Returns all counts of a day, the latest first."""
    return list(
        TillCount.objects.filter(site=site, day=day)
        .select_related("counted_by", "corrects")
        .order_by("-pk")
    )


def latest_count(site: Site, day: date) -> TillCount | None:
    """Returns the latest count of a day, which is the valid one, or None."""
    return next(iter(counts_on(site, day)), None)


def count_on_day_of(payment: Payment) -> TillCount | None:
    """Returns the latest count of the drawer on the day of a payment, or None."""
    return latest_count(payment.site or payment.order.site, office_date(payment.taken_at))


def last_opening_float(site: Site, day: date) -> Decimal:
    """Returns the opening float of a day's latest count, or of the last count before, or 0."""
    counts = TillCount.objects.filter(site=site, day__lte=day)
    last = counts.order_by("-day", "-pk").first()
    return last.opening_float if last else ZERO


def uncounted_days(office: Office, site: Site) -> list[date]:
    """Returns the days on which cash moved at a site that its latest count does not have.

    In order; every day without a count is one of them.
    """
    cash = Q(moved_at(site), method_kind=MethodKind.CASH)
    moved: dict[date, Decimal] = {}
    rows: QuerySet[Any]
    for rows, at, sign in (
        (Payment.objects.filter(cash), "taken_at", 1),
        (Refund.objects.filter(cash), "paid_at", -1),
    ):
        days = rows.order_by().values_list(TruncDate(at, tzinfo=office.zone))
        for day, amount in days.annotate(Sum("amount")):
            moved[day] = moved.get(day, ZERO) + sign * amount
    latest = TillCount.objects.filter(site=site).order_by("day", "-pk").distinct("day")
    counted = dict(latest.values_list("day", F("expected") - F("opening_float")))
    return sorted(day for day, amount in moved.items() if counted.get(day) != amount)
