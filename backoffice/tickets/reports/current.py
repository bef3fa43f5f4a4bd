"""The open tickets of each department now."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import connection
from django.utils import timezone

from backoffice.tickets.rollups import DUE, OPENED
from backoffice.tickets.states import OPEN_STATES, TicketState
from officeflow.company.models import Office
from officeflow.permissions import Department
from officeflow.rollups.reading import BEGINNING, END, read


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


def department_statistics(
    office: Office, now: datetime | None = None
) -> dict[Department, DepartmentStatistics]:
    """Returns each department's open tickets; `now` decides which are overdue."""
    moment = now or timezone.now()
    open_states = [state.value for state in OPEN_STATES]
    opened = read(OPENED, office, [BEGINNING, END], ("key[2] = ANY(%s)", [open_states]))
    due = read(DUE, office, [BEGINNING, moment], ("key[2] = 'open'", []))
    oldest = _oldest_waiting()

    def number(department: Department, state: TicketState) -> int:
        return int(opened.of("opened").get((0, (department.value, state.value)), [0])[0])

    return {
        department: DepartmentStatistics(
            department=department,
            waiting=number(department, TicketState.WAITING),
            in_work=number(department, TicketState.TAKEN),
            held=number(department, TicketState.HELD),
            returned=number(department, TicketState.RETURNED),
            overdue=int(due.of("due").get((0, (department.value, "open")), [0])[0]),
            oldest_waiting_at=oldest.get(department.value),
        )
        for department in Department
    }


def _oldest_waiting() -> dict[str, datetime]:
    """Returns when each department's oldest waiting ticket was opened, by its index."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT name, created_at FROM unnest(%s) name CROSS JOIN LATERAL (
                SELECT min(id) AS first FROM tickets_ticket WHERE department = name AND state = %s
            ) oldest JOIN tickets_ticket ON id = first
            """,
            [[department.value for department in Department], TicketState.WAITING.value],
        )
        return dict(cursor.fetchall())


def version_sql() -> str:
    """Returns a scalar subquery, over indexes, that changes with every change of a ticket."""
    names = ", ".join(f"('{department.value}')" for department in Department)
    return f"""(
        SELECT string_agg(coalesce(
            (SELECT max(changed_at) FROM tickets_ticket t WHERE t.department = d.name)::text, ''
        ), ',') FROM (VALUES {names}) d(name)
    )"""  # noqa: S608 (names of an enum)
