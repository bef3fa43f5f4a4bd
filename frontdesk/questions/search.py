"""Open questions in the results of the search box."""

from __future__ import annotations

from typing import Any

from django.urls import reverse

from frontdesk.questions.queries import questions
from officeflow.permissions import Permission
from officeflow.ui.search import SearchHit, SearchQuery


def find_question_hits(user: Any, query: SearchQuery, limit: int) -> list[SearchHit]:
    """Finds open questions by the number of the returned ticket."""
    numbers = query.numbers_of("TK")
    if not numbers:
        return []
    rows = questions().filter(ticket_number__in=numbers, closed_at__isnull=True)[:limit]
    return [
        SearchHit(
            title=row.text[:140],
            url=reverse("frontdesk:question-answer", args=[row.ticket_number]),
            number=row.ticket_number,
            details=[row.subject, row.asked_by_name],
            at=row.asked_at,
            # A user who may see tickets goes to the ticket instead.
            is_exact=not user.may(Permission.VIEW_FULFILMENT),
        )
        for row in rows
    ]
