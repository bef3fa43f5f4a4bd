"""HR's figures for the dashboards: counts only, nothing of a case or a person."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Count

from backoffice.hr.models import Commission, ConductCase


def commissions_of(order_numbers: Iterable[str]) -> dict[str, int]:
    """How many commissions each order accrued, reversals aside: exactly one when all is well.

    An order without any is not among the keys.
    """
    return dict(
        Commission.objects.filter(order_number__in=list(order_numbers), reverses__isnull=True)
        .values_list("order_number")
        .annotate(Count("pk"))
    )


def cases_of(complaint_numbers: Iterable[str]) -> dict[str, int]:
    """How many cases the first raising of each complaint made: exactly one when all is well."""
    return dict(
        ConductCase.objects.filter(complaint_number__in=list(complaint_numbers), is_reopened=False)
        .values_list("complaint_number")
        .annotate(Count("pk"))
    )
