"""The open tickets of each department now."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Min, Q
from django.utils import timezone

from backoffice.tickets.models import Ticket, late
from backoffice.tickets.states import OPEN_STATES, TicketState
from officeflow.permissions import Department


@dataclass(frozen=True, kw_only=True)
class DepartmentStatistics:
    """One department's open tickets by state, and when the oldest waiting one was opened."""

    department: Department
    waiting: int = 0
    in_work: int = 0
    held: int = 0
    returned: int = 0
    overdue: int = 0
    oldest_waiting_at: datetime | None = None


def department_statistics(now: datetime | None = None) -> dict[Department, DepartmentStatistics]:
    """Returns each department's open tickets; `now` decides which are overdue."""
    moment = now or timezone.now()
    rows = (
        Ticket.objects.filter(state__in=OPEN_STATES)
        .order_by()
        .values("department")
        .annotate(
            waiting=Count("pk", filter=Q(state=TicketState.WAITING)),
            in_work=Count("pk", filter=Q(state=TicketState.TAKEN)),
            held=Count("pk", filter=Q(state=TicketState.HELD)),
            returned=Count("pk", filter=Q(state=TicketState.RETURNED)),
            overdue=Count("pk", filter=late(moment)),
            oldest_waiting_at=Min("created_at", filter=Q(state=TicketState.WAITING)),
        )
    )
    figures = {d: DepartmentStatistics(department=d) for d in Department}
    for row in rows:
        department = Department(row.pop("department"))
        figures[department] = DepartmentStatistics(department=department, **row)
    return figures


def version_sql() -> str:
    """Returns a scalar subquery, over indexes, that changes with every change of a ticket."""
    names = ", ".join(f"('{department.value}')" for department in Department)
    return f"""(
        SELECT string_agg(coalesce(
            (SELECT max(changed_at) FROM tickets_ticket t WHERE t.department = d.name)::text, ''
        ), ',') FROM (VALUES {names}) d(name)
    )"""  # noqa: S608 (names of an enum)
