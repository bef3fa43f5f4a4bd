"""Customers in the results of the search box."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from frontdesk.customers.queries.customers import CustomerMatch, find_customers
from officeflow.text import telling_words
from officeflow.ui.search import SearchHit, SearchQuery


def matching_customers(query: SearchQuery, limit: int) -> list[CustomerMatch]:
    """Returns the customers who match, with one lookup for all search providers."""
    if "customers" not in query.memo:
        query.memo["customers"] = find_customers(query, limit=limit, inactive=True)
    found: list[CustomerMatch] = query.memo["customers"]
    return found


def matching_customer_ids(query: SearchQuery, limit: int) -> list[int]:
    """Returns the ids of literal matches, or of customers with similar names if there are none."""
    found = matching_customers(query, limit)
    literal = [each for each in found if not each.distance]
    return [each.customer.pk for each in literal or found]


def distance_to_name(query: SearchQuery, customer_id: int | None, limit: int) -> int:
    """Returns the edit distance in letters between the search text and the customer's name."""
    distances = {each.customer.pk: each.distance for each in matching_customers(query, limit)}
    return distances.get(customer_id or 0, 0)


def matched_address(known: CustomerMatch, query: SearchQuery) -> str:
    """Returns the customer's address on one line if it has a word that the name does not have."""
    customer = known.customer
    if known.distance or not any(
        word in customer.address_key and word not in customer.name_key
        for word in telling_words(query.key)
    ):
        return ""
    return " ".join(customer.address.split())


def find_customer_hits(user: Any, query: SearchQuery, limit: int) -> list[SearchHit]:
    """Finds customers by name, address, phone, e-mail, number and further contacts."""
    return [_customer_hit(each, query) for each in matching_customers(query, limit)]


def _customer_hit(known: CustomerMatch, query: SearchQuery) -> SearchHit:
    customer, contact = known.customer, known.contact
    reason = ""
    if known.merged:
        reason = _("%(number)s was merged into this record") % {"number": known.merged}
    address = matched_address(known, query)
    details = [text for text in (address, customer.phone, customer.email) if text]
    if contact is not None:
        details.append(" ".join(filter(None, (contact.label, contact.value))))
    return SearchHit(
        title=customer.name,
        url=reverse("frontdesk:customer", args=[customer.number]),
        number=customer.number,
        details=details,
        badge="" if customer.is_active else _("Inactive"),
        reason=reason,
        is_exact=known.is_numbered,
        distance=known.distance,
    )
