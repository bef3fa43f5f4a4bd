"""Whether each order has its invoice."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Count

from backoffice.accounting.models import Invoice


def count_invoices(order_numbers: Iterable[str]) -> dict[str, int]:
    """Returns the number of invoices of each order, which should be 1.

    Orders without an invoice are left out.
    """
    return dict(
        Invoice.objects.invoices()
        .filter(receivable__order_number__in=list(order_numbers))
        .values_list("receivable__order_number")
        .annotate(Count("pk"))
    )
