"""HR's figures for the dashboards: counts only, without details of a case or a person."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Count

from backoffice.hr.models import Commission, ConductCase


def count_commissions(order_numbers: Iterable[str]) -> dict[str, int]:
    """Returns the number of commissions of each order, which should be 1, without reversals.

    Orders without a commission are left out.
    """
    return dict(
        Commission.objects.filter(order_number__in=list(order_numbers), reverses__isnull=True)
        .values_list("order_number")
        .annotate(Count("pk"))
    )


def count_cases(complaint_numbers: Iterable[str]) -> dict[str, int]:
    """Returns the number of first cases of each complaint, which should be 1.

    Complaints without a case are left out.
    """
    return dict(
        ConductCase.objects.filter(complaint_number__in=list(complaint_numbers), is_reopened=False)
        .values_list("complaint_number")
        .annotate(Count("pk"))
    )
