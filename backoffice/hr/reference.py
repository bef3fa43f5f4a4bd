"""The commission rate that holds for everybody until HR says otherwise."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from django.db import connection

from backoffice.hr.models import CommissionRate

GENERAL_RATE = Decimal("0.0200")
SINCE = date(2000, 1, 1)


def ensure() -> None:
    """Adds everybody's rate of 2 % when everybody has none; leaves what HR has set."""
    if not CommissionRate.objects.filter(user=None).exists():
        CommissionRate.objects.bulk_create(
            [CommissionRate(user=None, rate=GENERAL_RATE, valid_from_date=SINCE)],
            ignore_conflicts=True,
        )


def ensure_after_migrate(**_kwargs: Any) -> None:
    """The same after each `migrate` and flush, as long as the table is there."""
    if CommissionRate._meta.db_table in connection.introspection.table_names():
        ensure()
