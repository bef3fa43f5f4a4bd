"""The return reasons and service goals of a new office."""

from __future__ import annotations

from typing import Any

from django.db import connection

from backoffice.tickets.due_times import DEFAULT_COMPLAINT_MINUTES, DEFAULT_MINUTES
from backoffice.tickets.models import ReasonToReturn, ServiceGoal
from backoffice.tickets.states import ReturnReason, TicketKind
from officeflow.permissions import Department


def ensure() -> None:
    """Creates the missing rows; existing rows are not changed."""
    ReasonToReturn.objects.bulk_create(
        [
            ReasonToReturn(code=reason.value, label=str(reason.label), position=10 * place)
            for place, reason in enumerate(ReturnReason, start=1)
        ],
        ignore_conflicts=True,
    )
    ServiceGoal.objects.bulk_create(
        [
            ServiceGoal(department=department, kind=kind, severity=severity, minutes=minutes)
            for department in Department
            for kind, severity, minutes in _goals(department)
        ],
        ignore_conflicts=True,
    )


def _goals(department: Department) -> list[tuple[TicketKind, str, int]]:
    complaints = [
        (TicketKind.COMPLAINT, severity.value, minutes)
        for severity, minutes in DEFAULT_COMPLAINT_MINUTES.items()
    ]
    if department != Department.FULFILMENT:
        return complaints
    return [
        (TicketKind.ORDER, "", DEFAULT_MINUTES),
        (TicketKind.PUT_BACK, "", DEFAULT_MINUTES),
        *complaints,
    ]


def ensure_after_migrate(**_kwargs: Any) -> None:
    """Calls `ensure` after `migrate` and flush, if the tables exist."""
    tables = connection.introspection.table_names()
    if {ReasonToReturn._meta.db_table, ServiceGoal._meta.db_table} <= set(tables):
        ensure()
