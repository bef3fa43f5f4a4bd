"""Accounting's ticket hooks: a complaint's ticket shows the order as accounting billed it."""

from __future__ import annotations

from typing import Any

from backoffice.accounting.queries import billed_order
from backoffice.tickets.hooks import Hooks
from backoffice.tickets.models import ComplaintBrief, Ticket


def detail_context(ticket: Ticket) -> dict[str, Any]:
    """Returns the documents, lines and payments of the order that a complaint is about, or None.

    A reopened complaint is about the order of its first ticket.
    """
    number = (
        ComplaintBrief.objects.filter(ticket__subject=ticket.subject)
        .exclude(order_number="")
        .order_by("pk")
        .values_list("order_number", flat=True)
        .first()
    )
    return {"billed": billed_order(number) if number else None}


HOOKS = Hooks(
    detail_template="backoffice/accounting/billed_order.html", detail_context=detail_context
)
