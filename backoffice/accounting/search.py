"""Invoices and credit notes in the results of the search box."""

from __future__ import annotations

from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from backoffice.accounting.models import Invoice, Receivable
from backoffice.accounting.states import ReceivableState
from officeflow.money import format_money
from officeflow.trigrams import near_rows
from officeflow.ui.search import SearchHit, SearchQuery

LEAST = 3
# The numbers by which documents are found, with their prefixes.
NUMBERS = {
    "number": ("INV", "CN"),
    "receivable__order_number": ("SO",),
    "receivable__customer_number": ("CU",),
}


def find_invoice_hits(user: Any, query: SearchQuery, limit: int) -> list[SearchHit]:
    """Finds invoices and credit notes by the number of document, order or customer, or by name.

    With similar names when none has the words.
    """
    rows = Invoice.objects.select_related("receivable")
    found: dict[int, Invoice] = {}
    near: dict[int, int] = {}
    for field, prefixes in NUMBERS.items():
        if numbers := query.numbers_of(*prefixes):
            for row in rows.filter(**{f"{field}__in": numbers}).order_by("-id")[:limit]:
                found.setdefault(row.pk, row)
    if not found and len(query.key) >= LEAST:
        wanted = Q()
        for word in query.words:
            wanted &= Q(customer_key__contains=word)
        pks = list(
            Receivable.objects.filter(wanted).order_by("-pk").values_list("pk", flat=True)[:limit]
        )
        if not pks:
            similar = near_rows(
                Receivable.objects.only("customer_key"), "customer_key", query.key, limit=limit
            )
            near = {each.pk: distance for each, distance in similar}
        named = rows.filter(receivable_id__in=[*pks, *near]).order_by("-id")[:limit]
        found = {
            row.pk: row for row in sorted(named, key=lambda row: near.get(row.receivable_id, 0))
        }
    return [_hit(row, query, near.get(row.receivable_id, 0)) for row in found.values()][:limit]


def _hit(row: Invoice, query: SearchQuery, distance: int) -> SearchHit:
    return SearchHit(
        title=row.receivable.customer_name or _("Walk-in"),
        url=reverse("accounting:invoice", args=[row.number]),
        number=row.number,
        details=[row.receivable.order_number],
        at=row.issued_at,
        end=format_money(row.gross, row.currency),
        status=None if row.is_credit_note else ReceivableState(row.receivable.state),
        badge=_("Credit note") if row.is_credit_note else "",
        is_exact=row.number in query.numbers,
        distance=distance,
    )
