"""Finding customers by name (also with typing errors), address, phone in any format or part of it,
e-mail or number."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.db.models import Q, QuerySet
from django.db.models.expressions import RawSQL

from frontdesk.customers.contact import email_key, phone_key
from frontdesk.customers.models import ContactKind, Customer, CustomerContact
from officeflow.company.queries import get_office
from officeflow.numbering import normalise
from officeflow.postgres.conditions import (
    Condition,
    all_of,
    any_of,
    begins,
    contains,
    ends,
    equals,
    is_one_of,
    rank,
)
from officeflow.postgres.rows import columns_of, read_rows, records_of, sql_of
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

ID, NUMBER, NAME, ADDRESS, PHONE, EMAIL = (
    f"frontdesk_customer.{column}"
    for column in ("id", "number", "name_key", "address_key", "phone_key", "email_key")
)
ACTIVE = Condition("frontdesk_customer.is_active")
INACTIVE = Condition("NOT frontdesk_customer.is_active AND merged_into_id IS NULL")
# The record into which a merged one was merged is active.
IS_KEPT = Condition(
    "EXISTS (SELECT 1 FROM frontdesk_customer kept"
    " WHERE kept.id = frontdesk_customer.merged_into_id AND kept.is_active)"
)


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


def customers_matching(text: str) -> RawSQL:
    """Returns the filter for customers whose own record matches `text`, which is not empty."""
    return _matching(SearchQuery.of(text)).as_filter()


def _matching(query: SearchQuery) -> Condition:
    key = query.key
    if len(key) < TRIGRAM_LENGTH:
        wanted = [begins(NAME, key)]
    else:
        wanted = [
            all_of(
                any_of((contains(NAME, word), contains(ADDRESS, word)))
                for word in telling_words(key)
            )
        ]
    wanted += [contains(PHONE, digits) for digits in phone_digits(query)]
    if "@" in query.text:
        wanted.append(begins(EMAIL, email_key(query.text)))
    elif len(key) >= TRIGRAM_LENGTH and " " not in key:
        wanted.append(begins(EMAIL, key))
    numbers = [number for number in query.numbers if number.startswith("CU-")]
    if numbers:
        wanted.append(is_one_of(NUMBER, numbers))
    return any_of(wanted)


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
    """Returns matching customers, best match first; those with similar names when none matches.

    Four or more bare digits are the end of a phone number before they are a customer's number.
    With `inactive`, inactive customers follow the active ones.
    """
    if query.is_empty or not query.key:
        return []
    known = _first_names(query, limit, inactive) or _all_matches(query, limit, inactive)
    if not known and len(query.key) >= TRIGRAM_LENGTH and not query.digits:
        rows = customers() if inactive else customers().filter(is_active=True)
        key = " ".join(telling_words(query.key))
        near = near_rows(rows, "name_key", key, limit=limit)
        known = [CustomerMatch(row, distance=distance) for row, distance in near if distance]
    return known


def _first_names(query: SearchQuery, limit: int, inactive: bool) -> list[CustomerMatch]:
    """Returns customers whose name begins with the text, if there are enough of them.

    Nothing precedes them in the order of matches unless the text can be a number, a phone or an
    e-mail. An index has them in their order, so that this takes as long in a large office as in a
    small one.
    """
    if query.numbers or query.all_digits or "@" in query.text:
        return []
    begin = begins(NAME, query.key)
    found: list[Customer] = []
    for state in (ACTIVE, INACTIVE) if inactive else (ACTIVE,):
        found += _customers(all_of((begin, state)), "name_key, id", limit)
    found.sort(key=lambda each: (each.name_key != query.key, not each.is_active))
    if len(found) < limit:
        return []
    contacts = _contacts(query, of=found[:limit])
    return [CustomerMatch(each, contact=contacts.get(each.pk)) for each in found[:limit]]


def _all_matches(query: SearchQuery, limit: int, inactive: bool) -> list[CustomerMatch]:
    """Returns all customers whose record or further contact contains the search text."""
    contacts = _contacts(query)
    endings = tuple(phone_digits(query))
    has_ending = any_of(
        (
            *(ends(PHONE, digits) for digits in endings),
            is_one_of(
                ID,
                [pk for pk, contact in contacts.items() if _is_phone(contact, endings)],
            ),
        )
    )
    key = query.key
    order = rank(
        (
            (has_ending, PHONE_ENDING),
            (any_of((is_one_of(NUMBER, query.numbers), equals(EMAIL, email_key(query.text)))), 0),
            (equals(NAME, key), 1),
            (begins(NAME, key), 2),
            (contains(NAME, f" {key}"), 3),
            (contains(NAME, key), 4),
        ),
        default=5,
    )
    is_number = is_one_of(NUMBER, query.numbers)
    wanted = all_of(
        (
            any_of((_matching(query), is_one_of(ID, contacts))),
            any_of((Condition("merged_into_id IS NULL"), is_number)),
            any_of((ACTIVE, Condition("true") if inactive else all_of((is_number, IS_KEPT)))),
        )
    )
    found = _customers(wanted, f"{order.sql}, is_active DESC, name_key, id", limit, order.values)
    is_phone = any(
        each.phone_key.endswith(endings) or _is_phone(contacts.get(each.pk), endings)
        for each in found
    )
    return [
        CustomerMatch(
            row.merged_into or row,
            contact=contacts.get(row.pk),
            merged=row.number if row.merged_into else "",
            is_numbered=row.number in query.numbers and not is_phone,
        )
        for row in found
    ]


def _customers(
    wanted: Condition, order: str, limit: int, values: Sequence[Any] = ()
) -> list[Customer]:
    """Returns the first customers of an order, which may have values."""
    sql = (
        f"SELECT {columns_of(Customer)} FROM frontdesk_customer"  # noqa: S608 (conditions of ours)
        f" WHERE {wanted.sql} ORDER BY {order} LIMIT %s"
    )
    rows = read_rows(sql, [*wanted.values, *values, limit])
    return [customer for row in rows for customer in records_of(row, Customer)]


def _contacts(
    query: SearchQuery, *, of: Sequence[Customer] | None = None
) -> dict[int, CustomerContact]:
    """Returns further contacts that contain the search text, by the customer's id.

    Those `of` some customers, or of all.
    """
    wanted = [
        all_of((equals("kind", ContactKind.PHONE.value), contains("key", digits)))
        for digits in phone_digits(query)
    ]
    if len(query.key) >= TRIGRAM_LENGTH:
        words = [contains("key", word) for word in telling_words(query.key)]
        wanted.append(all_of((equals("kind", ContactKind.PERSON.value), *words)))
        if " " not in query.key:
            email = begins("key", email_key(query.text))
            wanted.append(all_of((equals("kind", ContactKind.EMAIL.value), email)))
    if not wanted:
        return {}
    known = all_of((any_of(wanted), Condition("is_active")))
    if of is not None:
        known = all_of((known, is_one_of("customer_id", [each.pk for each in of])))
    sql = (
        f"SELECT {columns_of(CustomerContact)} FROM frontdesk_customercontact"  # noqa: S608
        f" WHERE {known.sql} ORDER BY id LIMIT {MOST_CONTACT_MATCHES}"
    )
    found: dict[int, CustomerContact] = {}
    for row in read_rows(sql, known.values):
        contact: CustomerContact
        (contact,) = records_of(row, CustomerContact)
        found[contact.customer_id] = contact
    return found


def _is_phone(contact: CustomerContact | None, endings: tuple[str, ...]) -> bool:
    """Returns whether a contact is a phone number that ends so."""
    return (
        contact is not None and contact.kind == ContactKind.PHONE and contact.key.endswith(endings)
    )


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
