"""Tickets in the results of the search box."""

from __future__ import annotations

from typing import Any

from django.db.models import Q
from django.urls import reverse

from backoffice.tickets.models import Ticket
from backoffice.tickets.states import TicketState
from officeflow.permissions import Department
from officeflow.trigrams import near_rows
from officeflow.ui.search import SearchHit, SearchQuery

LEAST = 3
# The numbers by which tickets are found, with their prefixes.
NUMBERS = {"number": ("TK",), "subject": ("SO", "CP"), "customer_number": ("CU",)}


def find_ticket_hits(user: Any, query: SearchQuery, limit: int) -> list[SearchHit]:
    """Finds tickets by the number of ticket, order, complaint or customer, by name and by title.

    With similar names when none has the words. Only tickets that the user may see are found.
    """
    rows = Ticket.objects.visible_to(user)
    found: dict[int, tuple[Ticket, int]] = {}
    for field, prefixes in NUMBERS.items():
        if numbers := query.numbers_of(*prefixes):
            for ticket in rows.filter(**{f"{field}__in": numbers}).order_by("-pk")[:limit]:
                found.setdefault(ticket.pk, (ticket, 0))
    if not found and len(query.key) >= LEAST:
        wanted = Q()
        for word in query.words:
            wanted &= Q(search_key__contains=word)
        for ticket in rows.filter(wanted).order_by("-pk")[:limit]:
            found[ticket.pk] = (ticket, 0)
        if not found:
            for ticket, distance in near_rows(rows, "search_key", query.key, limit=limit):
                found.setdefault(ticket.pk, (ticket, distance))
    return [_hit(ticket, query, distance) for ticket, distance in found.values()][:limit]


def _hit(ticket: Ticket, query: SearchQuery, distance: int) -> SearchHit:
    return SearchHit(
        title=ticket.title,
        url=reverse("tickets:ticket", args=[ticket.number]),
        number=ticket.number,
        details=[
            text
            for text in (
                Department(ticket.department).label,
                ticket.subject,
                ticket.customer_name,
            )
            if text
        ],
        at=ticket.created_at,
        status=TicketState(ticket.state),
        is_exact=ticket.number in query.numbers,
        distance=distance,
    )
