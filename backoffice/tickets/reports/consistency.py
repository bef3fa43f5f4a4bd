"""Whether each order and each complaint has its ticket."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Count

from backoffice.tickets.models import Ticket
from backoffice.tickets.states import TicketKind
from officeflow.permissions import Department


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
    not count. The numbers are the caller's own; nothing else of HR's tickets is returned.
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
