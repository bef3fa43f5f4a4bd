"""How the queues stand now, and whether what was handed over made its ticket."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Exists, Min, OuterRef, Q, QuerySet
from django.utils import timezone

from backoffice.tickets.models import Ticket, late
from backoffice.tickets.states import OPEN_STATES, TicketKind, TicketState
from officeflow.handoff.models import Handoff, HandoffState
from officeflow.handoff.queries import handoffs
from officeflow.permissions import Department


@dataclass(frozen=True, kw_only=True)
class DepartmentFigures:
    """One department on the wall. `oldest_waiting_at` is when its oldest waiting ticket came."""

    department: Department
    waiting: int = 0
    in_work: int = 0
    held: int = 0
    returned: int = 0
    overdue: int = 0
    oldest_waiting_at: datetime | None = None


def department_figures(now: datetime | None = None) -> dict[Department, DepartmentFigures]:
    """How each department stands (at `now`, which only overdue asks for); every one is there."""
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
    figures = {d: DepartmentFigures(department=d) for d in Department}
    for row in rows:
        department = Department(row.pop("department"))
        figures[department] = DepartmentFigures(department=department, **row)
    return figures


def order_ticket_counts(order_numbers: Iterable[str]) -> dict[str, int]:
    """How many fulfilment tickets each placed order made: one each, when nothing is wrong.

    Orders that made none are missing from the answer. Put-backs do not count.
    """
    return dict(
        Ticket.objects.filter(
            department=Department.FULFILMENT,
            kind=TicketKind.ORDER,
            subject__in=list(order_numbers),
        )
        .order_by()
        .values_list("subject")
        .annotate(Count("pk"))
    )


def complaint_ticket_counts(complaint_numbers: Iterable[str]) -> dict[tuple[str, str], int]:
    """How many tickets each complaint made, by (complaint number, department).

    One each in the department of its category, when nothing is wrong. What reopening made does
    not count. The numbers are the caller's own; of HR's tickets nothing else is told.
    """
    return {
        (subject, department): count
        for subject, department, count in Ticket.objects.filter(
            kind=TicketKind.COMPLAINT,
            subject__in=list(complaint_numbers),
            handoff__contract="ComplaintRaised",
        )
        .order_by()
        .values_list("subject", "department")
        .annotate(Count("pk"))
    }


def handoffs_without_ticket(destination: str, contract: str, kind: TicketKind) -> QuerySet[Handoff]:
    """The applied hand-offs of a contract that made no ticket of the kind, oldest first.

    That none made two is held by the database. Empty when nothing is wrong.
    """
    made = Ticket.objects.filter(handoff_id=OuterRef("pk"), kind=kind)
    return (
        handoffs()
        .filter(
            ~Exists(made), destination=destination, contract=contract, state=HandoffState.APPLIED
        )
        .order_by("pk")
    )


def version_sql() -> str:
    """A scalar subquery that changes with every change of a ticket; each part reads an index."""
    names = ", ".join(f"('{department.value}')" for department in Department)
    return f"""(
        SELECT string_agg(coalesce(
            (SELECT max(changed_at) FROM tickets_ticket t WHERE t.department = d.name)::text, ''
        ), ',') FROM (VALUES {names}) d(name)
    )"""  # noqa: S608 (names of an enum)
