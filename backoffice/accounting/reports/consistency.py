"""Whether each order has its invoice."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Count

from backoffice.accounting.models import Invoice


def count_invoices(order_numbers: Iterable[str]) -> dict[str, int]:
    """How many invoices each order has: exactly one when all is well.

    An order without any is not among the keys.
    """
    return dict(
        Invoice.objects.invoices()
        .filter(receivable__order_number__in=list(order_numbers))
        .values_list("receivable__order_number")
        .annotate(Count("pk"))
    )
