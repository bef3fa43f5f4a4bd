"""Likely duplicates of a customer who is about to be added or changed."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime

from django.contrib.postgres.search import TrigramSimilarity
from django.db import connection, transaction
from django.db.models import Max, Q
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from frontdesk.customers.contact import email_key, phone_key
from frontdesk.customers.models import Customer, CustomerContact
from officeflow.company.queries import get_office
from officeflow.text import name_key

# The least share of common trigrams of similar names. "Jon Smith" and "John Smith" share 0.62,
# "Peter Lindsay" and "Peter Lindsey" 0.65; word order does not matter.
SIMILARITY = 0.6
MOST_CANDIDATES = 5

Text = str | Promise


@dataclass(frozen=True)
class Candidate:
    """A customer who may be the same person, with the reasons and the newest order."""

    customer: Customer
    reasons: list[Text] = field(default_factory=list)
    last_order_at: datetime | None = None
    last_order: str = ""

    @property
    def number(self) -> str:
        """The customer's number."""
        return self.customer.number


def candidates(
    *, name: str = "", phone: str = "", email: str = "", excluded: Collection[int] = ()
) -> list[Candidate]:
    """Returns customers with the same phone or e-mail, or with a similar name.

    Most reasons first, at most `MOST_CANDIDATES`; inactive customers are included, merged records
    are not. `excluded` are primary keys.
    """
    phone = phone_key(phone, get_office().time_zone) if phone.strip() else ""
    email = email_key(email)
    name = name_key(name)
    reasons: dict[int, list[Text]] = {}
    keys = [key for key in (phone, email) if key]
    if keys:
        own = Q(phone_key=phone) if phone else Q()
        own |= Q(email_key=email) if email else Q()
        rows = Customer.objects.filter(own, merged_into=None).exclude(pk__in=excluded)
        for row in rows.only("pk", "phone_key", "email_key")[:MOST_CANDIDATES]:
            reasons[row.pk] = [
                *([_("same phone")] if phone and row.phone_key == phone else []),
                *([_("same e-mail")] if email and row.email_key == email else []),
            ]
        contacts = CustomerContact.objects.filter(
            key__in=keys, is_active=True, customer__merged_into=None
        ).exclude(customer_id__in=[*excluded, *reasons])
        for contact in contacts[:MOST_CANDIDATES]:
            why = _("same phone") if contact.key == phone else _("same e-mail")
            reasons.setdefault(contact.customer_id, []).append(why)
    for pk, is_same in _similar_names(name, excluded):
        why = _("same name") if is_same else _("similar name")
        reasons.setdefault(pk, []).append(why)
    return _candidates(reasons)


def _similar_names(name: str, excluded: Collection[int]) -> list[tuple[int, bool]]:
    """Returns ids of customers with a similar name, and whether the names have the same words."""
    if not name:
        return []
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT set_config('pg_trgm.similarity_threshold', %s, true)", [str(SIMILARITY)]
        )
        rows = list(
            Customer.objects.filter(name_key__trigram_similar=name, merged_into=None)
            .exclude(pk__in=excluded)
            .annotate(nearness=TrigramSimilarity("name_key", name))
            .order_by("-nearness", "-id")
            .values_list("pk", "name_key")[: 2 * MOST_CANDIDATES]
        )
    words = sorted(name.split())
    return [
        (pk, sorted(key.split()) == words)
        for pk, key in rows
        if _words_with_digits(key) == _words_with_digits(name)
    ]


def _words_with_digits(name: str) -> list[str]:
    """Returns the words with a digit, sorted: names that differ in these are not similar."""
    return sorted(word for word in name.split() if any(char.isdigit() for char in word))


def _candidates(reasons: dict[int, list[Text]]) -> list[Candidate]:
    if not reasons:
        return []
    # The newest order of each customer has the highest id.
    rows = Customer.objects.annotate(newest=Max("orders__id")).in_bulk(list(reasons))
    newest = [row.newest for row in rows.values() if row.newest]
    orders = {
        pk: (number, ordered_at)
        for pk, number, ordered_at in Customer.objects.filter(orders__in=newest).values_list(
            "pk", "orders__number", "orders__ordered_at"
        )
    }
    found = []
    for pk, why in reasons.items():
        number, ordered_at = orders.get(pk, ("", None))
        found.append(Candidate(rows[pk], why, last_order_at=ordered_at, last_order=number))
    found.sort(key=lambda each: (-len(each.reasons), not each.customer.is_active))
    return found[:MOST_CANDIDATES]
