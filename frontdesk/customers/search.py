"""What the search box finds of customers."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from frontdesk.customers.queries.customers import CustomerMatch, find_customers
from officeflow.ui.search import SearchHit, SearchQuery


def customers_meant(query: SearchQuery, limit: int) -> list[CustomerMatch]:
    """The customers meant, looked for once in a search: orders and complaints ask too."""
    if "customers" not in query.memo:
        query.memo["customers"] = find_customers(query, limit=limit, inactive=True)
    found: list[CustomerMatch] = query.memo["customers"]
    return found


def customer_ids_meant(query: SearchQuery, limit: int) -> list[int]:
    """Whose orders and complaints are meant: those who are written so, else the guesses."""
    found = customers_meant(query, limit)
    sure = [each for each in found if not each.distance]
    return [each.customer.pk for each in sure or found]


def distance_to_name(query: SearchQuery, customer_id: int | None, limit: int) -> int:
    """How many letters lie between what was typed and the customer's name."""
    of = {each.customer.pk: each.distance for each in customers_meant(query, limit)}
    return of.get(customer_id or 0, 0)


def find_customer_hits(user: Any, query: SearchQuery, limit: int) -> list[SearchHit]:
    """Customers by name, phone, e-mail, number, and by their further contacts."""
    return [_customer_hit(each, query) for each in customers_meant(query, limit)]


def _customer_hit(known: CustomerMatch, query: SearchQuery) -> SearchHit:
    customer, contact = known.customer, known.contact
    reason = ""
    if known.merged:
        reason = _("%(number)s was merged into this record") % {"number": known.merged}
    details = [text for text in (customer.phone, customer.email) if text]
    if contact is not None:
        details.append(" ".join(filter(None, (contact.label, contact.value))))
    return SearchHit(
        title=customer.name,
        url=reverse("frontdesk:customer", args=[customer.number]),
        number=customer.number,
        details=details,
        badge="" if customer.is_active else _("Inactive"),
        reason=reason,
        is_exact=bool({customer.number, known.merged} & query.numbers),
        distance=known.distance,
    )
