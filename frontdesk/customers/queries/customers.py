"""Finding customers by name (also with typing errors), address, phone in any format or part of it,
e-mail or number."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any

from django.db.models import Case, IntegerField, Q, QuerySet, Value, When

from frontdesk.customers.contact import email_key, phone_key
from frontdesk.customers.models import ContactKind, Customer, CustomerContact
from officeflow.company.queries import get_office
from officeflow.numbering import normalise
from officeflow.postgres.rows import read_rows, records_of, sql_of
from officeflow.text import telling_words
from officeflow.trigrams import near_rows
from officeflow.ui.search import SearchQuery

# Phone numbers are searched from this many digits on; fewer match too many customers.
LEAST_DIGITS = 4
# The trigram index cannot find shorter texts; for them only the start of a name is searched.
TRIGRAM_LENGTH = 3
MOST_CONTACT_MATCHES = 50
# The rank of a customer with a phone number that ends in the search text: before all others.
PHONE_ENDING = -1
# Enough to see that an exact match is not unique, merged records included.
MOST_EXACT_MATCHES = 5


def customers() -> QuerySet[Customer]:
    """Returns all customers by name, also inactive ones, without merged records."""
    return Customer.objects.filter(merged_into=None).order_by("name_key", "id")


def customer_by_number(number: str) -> Customer | None:
    """Returns the customer with a number, the kept record for a merged one, or None."""
    for row in read_rows(_by_number(), [normalise(number)]):
        (found,) = records_of(row, Customer)
        return found.merged_into or found
    return None


@cache
def _by_number() -> str:
    """Returns the SQL of the customer with a number."""
    return sql_of(Customer.objects.filter(number=""))


def customers_matching(text: str) -> Q:
    """Returns the filter for customers whose own record matches `text`, which is not empty."""
    return _matching(SearchQuery.of(text))


def _matching(query: SearchQuery) -> Q:
    key = query.key
    if len(key) < TRIGRAM_LENGTH:
        wanted = Q(name_key__startswith=key)
    else:
        wanted = Q()
        for word in telling_words(key):
            wanted &= Q(name_key__contains=word) | Q(address_key__contains=word)
    for digits in phone_digits(query):
        wanted |= Q(phone_key__contains=digits)
    if "@" in query.text:
        wanted |= Q(email_key__startswith=email_key(query.text))
    elif len(key) >= TRIGRAM_LENGTH and " " not in key:
        wanted |= Q(email_key__startswith=key)
    numbers = [number for number in query.numbers if number.startswith("CU-")]
    if numbers:
        wanted |= Q(number__in=numbers)
    return wanted


def phone_digits(query: SearchQuery) -> set[str]:
    """Returns the digits to look for in phone numbers: as typed, and without leading zeros.

    A number is stored without the zero of its area, but its last four digits may begin with one.
    """
    return {each for each in (query.digits, query.all_digits) if len(each) >= LEAST_DIGITS}


@dataclass(frozen=True)
class CustomerMatch:
    """A customer found by a search, and what matched beside the record itself."""

    customer: Customer
    # The further contact that matched.
    contact: CustomerContact | None = None
    # The number of the merged record that matched.
    merged: str = ""
    # The edit distance in letters between the search text and the name; 0 for a literal match.
    distance: int = 0
    # Whether the search text means this record's number: it is that, and no phone found ends in it.
    is_numbered: bool = False


def find_customers(
    query: SearchQuery, *, limit: int, inactive: bool = False
) -> list[CustomerMatch]:
    """Returns matching customers, best match first, then those with similar names.

    Four or more bare digits are the end of a phone number before they are a customer's number.
    With `inactive`, inactive customers follow the active ones.
    """
    if query.is_empty or not query.key:
        return []
    contacts = _contacts(query)
    found = _literal_matches(query, contacts, limit, inactive)
    has_ending = any(row.rank == PHONE_ENDING for row in found)
    known = [
        CustomerMatch(
            row.merged_into or row,
            contact=contacts.get(row.pk),
            merged=row.number if row.merged_into else "",
            is_numbered=row.number in query.numbers and not has_ending,
        )
        for row in found
    ]
    if len(known) < limit and len(query.key) >= TRIGRAM_LENGTH and not query.digits:
        seen = {each.customer.pk for each in known}
        rows = customers() if inactive else customers().filter(is_active=True)
        key = " ".join(telling_words(query.key))
        for row, distance in near_rows(rows, "name_key", key, limit=limit):
            if row.pk not in seen and distance:
                known.append(CustomerMatch(row, distance=distance))
    return known[:limit]


def _literal_matches(
    query: SearchQuery, contacts: dict[int, CustomerContact], limit: int, inactive: bool
) -> list[Any]:
    """Returns customers whose record or further contact contains the search text, with `rank`."""
    wanted = _matching(query)
    if contacts:
        wanted |= Q(pk__in=list(contacts))
    key = query.key
    endings = tuple(phone_digits(query))
    ends = Q(
        pk__in=[
            pk
            for pk, contact in contacts.items()
            if contact.kind == ContactKind.PHONE and contact.key.endswith(endings)
        ]
    )
    for digits in endings:
        ends |= Q(phone_key__endswith=digits)
    rank = Case(
        When(ends, then=Value(PHONE_ENDING)),
        When(number__in=list(query.numbers), then=Value(0)),
        When(email_key=email_key(query.text), then=Value(0)),
        When(name_key=key, then=Value(1)),
        When(name_key__startswith=key, then=Value(2)),
        When(name_key__contains=f" {key}", then=Value(3)),
        When(name_key__contains=key, then=Value(4)),
        default=Value(5),
        output_field=IntegerField(),
    )
    merged = Q(merged_into__isnull=False, number__in=list(query.numbers))
    rows = Customer.objects.filter(wanted).filter(merged | Q(merged_into=None))
    if not inactive:
        rows = rows.filter(Q(is_active=True) | (merged & Q(merged_into__is_active=True)))
    return list(
        rows.select_related("merged_into")
        .annotate(rank=rank)
        .order_by("rank", "-is_active", "name_key", "id")[:limit]
    )


def _contacts(query: SearchQuery) -> dict[int, CustomerContact]:
    """Returns further contacts that contain the search text, by the customer's id."""
    wanted = Q()
    if len(query.key) >= TRIGRAM_LENGTH:
        names = Q(kind=ContactKind.PERSON)
        for word in telling_words(query.key):
            names &= Q(key__contains=word)
        wanted |= names
        if " " not in query.key:
            wanted |= Q(kind=ContactKind.EMAIL, key__startswith=email_key(query.text))
    for digits in phone_digits(query):
        wanted |= Q(kind=ContactKind.PHONE, key__contains=digits)
    if not wanted:
        return {}
    found = CustomerContact.objects.filter(wanted, is_active=True)[:MOST_CONTACT_MATCHES]
    return {contact.customer_id: contact for contact in found}


def search_customers(text: str, *, limit: int = 8) -> list[Customer]:
    """Returns active customers who match `text` literally, best match first."""
    found = find_customers(SearchQuery.of(text), limit=limit)
    return [each.customer for each in found if not each.distance]


def customer_named_exactly(text: str) -> Customer | None:
    """Returns the customer whose number, name, e-mail or phone equals `text`.

    Returns None when there is no such customer or more than one.
    """
    query = SearchQuery.of(text)
    if query.is_empty or not query.key:
        return None
    numbers = [normalise(query.text)] if any(char.isdigit() for char in query.text) else []
    exact = Q(number__in=numbers) | Q(name_key=query.key) | Q(email_key=email_key(query.text))
    if len(query.digits) >= LEAST_DIGITS:
        exact |= Q(phone_key=phone_key(query.text, get_office().time_zone))
    found = list(
        Customer.objects.select_related("merged_into").filter(
            exact & (Q(is_active=True) | Q(merged_into__is_active=True))
        )[:MOST_EXACT_MATCHES]
    )
    people = {(each.merged_into or each).pk: each.merged_into or each for each in found}
    return next(iter(people.values())) if len(people) == 1 else None
