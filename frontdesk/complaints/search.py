"""Complaints in the results of the search box."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from frontdesk.complaints.models import Complaint
from frontdesk.complaints.queries import complaints, complaints_numbered_elsewhere
from frontdesk.complaints.states import ComplaintState
from frontdesk.customers.search import (
    distance_to_name,
    matching_customer_ids,
)
from officeflow.ui.search import SearchHit, SearchQuery


def find_complaint_hits(user: Any, query: SearchQuery, limit: int) -> list[SearchHit]:
    """Finds complaints by number, also in another program, by order number or by customer."""
    rows = _found_by_number(query, limit)
    if not rows:
        customer_ids = matching_customer_ids(query, limit)
        rows = list(_shown().filter(customer_id__in=customer_ids).order_by("-id")[:limit])
    typed = query.text.casefold()
    exact = {
        row.pk
        for row in rows
        if row.number in query.numbers or row.source_reference.casefold() == typed
    }
    return [
        SearchHit(
            title=row.customer.name if row.customer else _("Walk-in"),
            url=reverse("frontdesk:complaint", args=[row.number]),
            number=row.number,
            details=[
                _("Sealed") if row.is_sealed else row.get_category_display(),
                *([row.order.number] if row.order else []),
            ],
            at=row.logged_at,
            status=ComplaintState(row.state),
            reason=_("Number in other program: %(number)s") % {"number": row.source_reference}
            if row.pk in exact and row.number not in query.numbers
            else "",
            is_exact=row.pk in exact,
            distance=0 if row.pk in exact else distance_to_name(query, row.customer_id, limit),
        )
        for row in rows
    ]


def _found_by_number(query: SearchQuery, limit: int) -> list[Complaint]:
    found = [complaints_numbered_elsewhere(query.text)]
    if query.numbers:
        found = [
            complaints().filter(number__in=query.numbers_of("CP")),
            complaints().filter(order__number__in=query.numbers_of("SO")),
            *found,
        ]
    pks = dict.fromkeys(pk for rows in found for pk in rows.values_list("pk", flat=True)[:limit])
    complaints_by_pk = _shown().in_bulk(list(pks)) if pks else {}
    return [complaints_by_pk[pk] for pk in pks]


def _shown() -> QuerySet[Complaint]:
    """Returns all complaints with only what a search result shows."""
    return Complaint.objects.select_related("customer", "order").only(
        "number",
        "source_reference",
        "category",
        "state",
        "is_sealed",
        "logged_at",
        "customer__name",
        "order__number",
    )
