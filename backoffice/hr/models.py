"""Sealed conduct cases, commission rates and commissions."""

from __future__ import annotations

from collections.abc import Callable, Collection
from datetime import date
from decimal import Decimal

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from backoffice.tickets.models import Ticket
from backoffice.tickets.states import Severity
from officeflow.handoff.models import Handoff
from officeflow.money import ZERO
from officeflow.staff.models import User


class ConductCase(models.Model):
    """A customer's complaint about a colleague, whose text is stored here alone.

    A reopened complaint gets another case with another ticket.
    """

    complaint_number = models.CharField(max_length=20, db_index=True)
    ticket = models.OneToOneField(Ticket, on_delete=models.PROTECT, related_name="conduct_case")
    severity = models.CharField(max_length=10, choices=Severity.choices)
    order_number = models.CharField(max_length=20, blank=True)
    is_reopened = models.BooleanField(default=False)
    description = models.TextField()
    desired_outcome = models.TextField(blank=True)
    raised_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.complaint_number


class CommissionRateQuerySet(models.QuerySet["CommissionRate"]):
    """Filters of commission rates."""

    def lookup(self, user_ids: Collection[int]) -> Callable[[int, date], Decimal]:
        """Returns a function that returns the rate of one of these people on a day.

        It is the person's own, else everybody's, else zero; of several the latest that has begun.
        """
        rates: dict[int | None, list[CommissionRate]] = {}
        for each in self.filter(Q(user__in=user_ids) | Q(user=None)).order_by("-valid_from_date"):
            rates.setdefault(each.user_id, []).append(each)

        def rate_on(user_id: int, day: date) -> Decimal:
            known = rates.get(user_id, []) + rates.get(None, [])
            return next((each.rate for each in known if each.valid_from_date <= day), ZERO)

        return rate_on


class CommissionRate(models.Model):
    """A rate (a fraction) from a day on, for one person, or for everybody when `user` is null."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="commission_rates",
    )
    rate = models.DecimalField(_("rate"), max_digits=7, decimal_places=4)
    valid_from_date = models.DateField(_("valid from"))

    objects = CommissionRateQuerySet.as_manager()

    class Meta:
        ordering = ["-valid_from_date"]
        constraints = [
            models.CheckConstraint(
                condition=Q(rate__gte=0) & Q(rate__lte=1), name="commission_rate_is_a_fraction"
            ),
            models.UniqueConstraint(
                fields=["user", "valid_from_date"],
                nulls_distinct=False,
                name="commission_rate_once_a_day",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.rate} from {self.valid_from_date}"


class CommissionQuerySet(models.QuerySet["Commission"]):
    """Filters of commissions."""

    def of(self, user: User) -> CommissionQuerySet:
        """Returns a person's commissions."""
        return self.filter(salesperson=user)

    def in_month(self, first: date) -> CommissionQuerySet:
        """Returns commissions and reversals in the month that begins with `first`."""
        return self.filter(earned_date__gte=first, earned_date__lt=next_month(first))


def next_month(first: date) -> date:
    """Returns the first day of the next month."""
    return date(first.year + first.month // 12, first.month % 12 + 1, 1)


def previous_month(first: date) -> date:
    """Returns the first day of the previous month."""
    return date(first.year - (first.month == 1), (first.month - 2) % 12 + 1, 1)


class Commission(models.Model):
    """A salesperson's commission on an order's net total, or the reversal of one."""

    handoff = models.OneToOneField(Handoff, on_delete=models.PROTECT, related_name="+")
    order_number = models.CharField(max_length=20)
    salesperson = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="commissions"
    )
    net = models.DecimalField(max_digits=18, decimal_places=4)
    rate = models.DecimalField(max_digits=7, decimal_places=4)
    amount = models.DecimalField(max_digits=18, decimal_places=4)
    currency = models.CharField(max_length=3)
    earned_date = models.DateField()
    accrued_at = models.DateTimeField()
    reverses = models.OneToOneField(
        "self", null=True, on_delete=models.PROTECT, related_name="reversed_by"
    )

    objects = CommissionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["order_number"],
                condition=Q(reverses__isnull=True),
                name="commission_once_an_order",
            ),
            models.CheckConstraint(
                condition=Q(reverses__isnull=True, amount__gte=0, net__gte=0)
                | Q(reverses__isnull=False, amount__lte=0, net__lte=0),
                name="commission_reversal_is_negative",
            ),
        ]
        triggers = [
            pgtrigger.Protect(name="never_changed", operation=pgtrigger.Update | pgtrigger.Delete)
        ]
        indexes = [
            models.Index(fields=["salesperson", "earned_date"], name="commission_by_person"),
            models.Index(fields=["earned_date"], name="commission_by_day"),
        ]

    def __str__(self) -> str:
        return f"{self.order_number} {self.amount}"

    @property
    def is_reversal(self) -> bool:
        """Whether this reverses an earlier commission."""
        return self.reverses_id is not None
