"""How the desk stands now, and what it has placed and raised."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Min

from frontdesk.complaints.models import Complaint
from frontdesk.orders.models import Order
from frontdesk.questions.models import DeskQuestion


@dataclass(frozen=True, kw_only=True)
class DeskFigures:
    """What waits at the desk: open questions, and since when the oldest has."""

    questions: int
    oldest_question_at: datetime | None


def desk_figures() -> DeskFigures:
    """The open questions of returned tickets."""
    row = DeskQuestion.objects.filter(closed_at__isnull=True).aggregate(
        n=Count("pk"), at=Min("asked_at")
    )
    return DeskFigures(questions=row["n"], oldest_question_at=row["at"])


def count_orders() -> int:
    """Every order that was placed; each concerns fulfilment, accounting and HR."""
    return Order.objects.count()


def order_numbers(*, changed_since: datetime | None = None) -> set[str]:
    """The numbers of all placed orders, or of those that changed since a moment."""
    orders = Order.objects.all()
    if changed_since is not None:
        orders = orders.filter(changed_at__gte=changed_since)
    return set(orders.values_list("number", flat=True))


def count_complaints() -> dict[str, int]:
    """How many complaints concern each destination."""
    rows = Complaint.objects.values("destination").annotate(n=Count("pk")).order_by()
    return {row["destination"]: row["n"] for row in rows}


def complaint_numbers_by_destination() -> dict[str, set[str]]:
    """The numbers of all complaints, by the destination that they concern."""
    found: dict[str, set[str]] = {}
    for destination, number in Complaint.objects.values_list("destination", "number"):
        found.setdefault(destination, set()).add(number)
    return found


def complaint_numbers(destination: str) -> set[str]:
    """The numbers of the complaints that concern a destination."""
    return set(Complaint.objects.filter(destination=destination).values_list("number", flat=True))


def version_sql() -> str:
    """A scalar subquery that changes when a question is asked or closed; it reads an index."""
    return """(
        SELECT concat_ws('.', count(*), max(id)) FROM frontdesk_deskquestion WHERE closed_at IS NULL
    )"""
