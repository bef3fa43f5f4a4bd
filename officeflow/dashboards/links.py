"""Addresses of the lists behind the figures: each figure links to the rows that it counted."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import cache
from typing import Any
from urllib.parse import urlencode

from django.urls import NoReverseMatch, reverse

from officeflow.dashboards.ranges import Range, Span


def moment(at: datetime) -> str:
    """A moment for a query string: in UTC, without a character that needs escaping."""
    return at.astimezone(UTC).isoformat().replace("+00:00", "Z")


def between(span: Span | Range) -> dict[str, str]:
    """The bounds of a span or of a whole range."""
    return {"from": moment(span.start), "to": moment(span.end)}


def to(url_name: str, **filters: Any) -> str:
    """The address of a list with its filters; empty ones are left out."""
    kept = {name: value for name, value in filters.items() if value not in ("", None)}
    address = _list_address(url_name)
    return f"{address}?{urlencode(kept)}" if kept else address


@cache
def _list_address(url_name: str) -> str:
    # A page of charts has some three hundred addresses of a few lists.
    return reverse(f"dashboards:{url_name}")


def handoffs(span: Span | Range, **filters: Any) -> str:
    """The hand-offs posted in a span."""
    return to("handoff-list", **filters, **between(span))


def tickets_due(span: Span | Range, **filters: Any) -> str:
    """The tickets that fell due in a span, or were late when it began."""
    bounds = between(span)
    return to("tickets", due_from=bounds["from"], due_to=bounds["to"], **filters)


def tickets_received(span: Span | Range, **filters: Any) -> str:
    """The tickets received in a span."""
    bounds = between(span)
    return to("tickets", came_from=bounds["from"], came_to=bounds["to"], **filters)


def orders(span: Span | Range, **filters: Any) -> str:
    """The orders placed in a span."""
    return to("orders", **filters, **between(span))


def counter() -> str:
    """The counter, which lists the questions to the desk."""
    return reverse("frontdesk:counter")


def queue(department: str, **filters: Any) -> str:
    """A department's queue; empty when it has none."""
    try:
        address = reverse("tickets:queue", args=[department])
    except NoReverseMatch:
        return ""
    return f"{address}?{urlencode(filters)}" if filters else address
