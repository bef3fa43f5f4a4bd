"""The commission rate of a new office."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from django.db import connection

from backoffice.hr.models import CommissionRate

GENERAL_RATE = Decimal("0.0200")
SINCE = date(2000, 1, 1)


def ensure() -> None:
    """Adds a rate of 2 % for everybody, unless there is one."""
    if not CommissionRate.objects.filter(user=None).exists():
        CommissionRate.objects.bulk_create(
            [CommissionRate(user=None, rate=GENERAL_RATE, valid_from_date=SINCE)],
            ignore_conflicts=True,
        )


def ensure_after_migrate(**_kwargs: Any) -> None:
    """Calls `ensure` after `migrate` and flush, if the table exists."""
    if CommissionRate._meta.db_table in connection.introspection.table_names():
        ensure()
