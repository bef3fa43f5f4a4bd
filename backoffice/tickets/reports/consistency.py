"""Whether each order and each complaint has its ticket."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Count

from backoffice.tickets.models import Ticket
from backoffice.tickets.states import TicketKind
from officeflow.permissions import Department


def count_stranded() -> int:
    """Returns the number of open tickets whose assignee may not work on them, which should be 0."""
    return Ticket.objects.stranded().count()


def stranded_tickets(limit: int) -> list[tuple[str, Department]]:
    """Returns the first of them, each as (number, department)."""
    rows = Ticket.objects.stranded().order_by("pk").values_list("number", "department")
    return [(number, Department(department)) for number, department in rows[:limit]]


def order_ticket_counts(order_numbers: Iterable[str]) -> dict[str, int]:
    """Returns the number of fulfilment tickets of each order, which should be 1.

    Tickets to put goods back do not count. Orders without a ticket are left out.
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
    """Returns the number of tickets, which should be 1, by (complaint number, department).

    Tickets of reopened complaints do not count. Complaints without a ticket are left out.
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
