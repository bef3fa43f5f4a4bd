"""Open questions now, and the numbers of all orders and complaints."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Min

from frontdesk.complaints.models import Complaint
from frontdesk.orders.models import Order
from frontdesk.questions.models import DeskQuestion


@dataclass(frozen=True, kw_only=True)
class DeskFigures:
    """The number of open questions, and when the oldest was asked."""

    questions: int
    oldest_question_at: datetime | None


def desk_figures() -> DeskFigures:
    """Returns the figures of open questions."""
    row = DeskQuestion.objects.filter(closed_at__isnull=True).aggregate(
        n=Count("pk"), at=Min("asked_at")
    )
    return DeskFigures(questions=row["n"], oldest_question_at=row["at"])


def count_orders() -> int:
    """Returns the number of all orders."""
    return Order.objects.count()


def order_numbers(*, changed_since: datetime | None = None, is_past: bool = False) -> set[str]:
    """Returns the numbers of all orders, or of those that changed since a moment.

    Past orders, which were done before they were imported, are listed on their own.
    """
    orders = Order.objects.filter(is_past=is_past)
    if changed_since is not None:
        orders = orders.filter(changed_at__gte=changed_since)
    return set(orders.values_list("number", flat=True))


def count_complaints() -> dict[str, int]:
    """Returns how many complaints each destination has received."""
    rows = Complaint.objects.values("destination").annotate(n=Count("pk")).order_by()
    return {row["destination"]: row["n"] for row in rows}


def complaint_numbers_by_destination() -> dict[str, set[str]]:
    """Returns the numbers of all complaints by destination."""
    found: dict[str, set[str]] = {}
    for destination, number in Complaint.objects.values_list("destination", "number"):
        found.setdefault(destination, set()).add(number)
    return found


def complaint_numbers(destination: str) -> set[str]:
    """Returns the numbers of a destination's complaints."""
    return set(Complaint.objects.filter(destination=destination).values_list("number", flat=True))


def version_sql() -> str:
    """Returns a scalar subquery, over an index, that changes when a question is asked or closed."""
    return """(
        SELECT concat_ws('.', count(*), max(id)) FROM frontdesk_deskquestion WHERE closed_at IS NULL
    )"""
