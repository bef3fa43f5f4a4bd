"""Finding customers by a part of the phone number, by street and by postcode."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from frontdesk.customers.models import Customer, CustomerContact
from frontdesk.customers.queries.customers import (
    customers_matching,
    find_customers,
    search_customers,
)
from officeflow.catalogue.models import Product
from officeflow.catalogue.queries import matching
from officeflow.staff.models import User
from officeflow.ui.search import SearchQuery, find
from tests.factories import CustomerFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def known(office: object) -> None:
    CustomerFactory(
        name="Ada Brandt",
        phone="020 7946 0042",
        phone_key="+442079460042",
        address="12 High Street\nLondon SW1A 1AA",
    )
    CustomerFactory(
        name="Béla Kovács",
        phone="+49 30 901820",
        phone_key="+4930901820",
        address="Žižkova 5\n110 00 Praha",
    )
    CustomerFactory(name="Hugh Street", address="Große Straße 3, Łódź")
    CustomerFactory(name="Bell & Daughters Ltd")


def names(text: str) -> list[str]:
    return [customer.name for customer in search_customers(text)]


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("0042", ["Ada Brandt"]),
        ("946 0042", ["Ada Brandt"]),
        ("1820", ["Béla Kovács"]),
        ("high street", ["Ada Brandt"]),
        ("brandt high", ["Ada Brandt"]),
        ("sw1a 1aa", ["Ada Brandt"]),
        ("SW1A1AA", ["Ada Brandt"]),
        ("110 00", ["Béla Kovács"]),
        ("11000", ["Béla Kovács"]),
        ("zizkova", ["Béla Kovács"]),
        ("grosse strasse", ["Hugh Street"]),
        ("lodz", ["Hugh Street"]),
        ("042", []),
        ("bell and daughters", ["Bell & Daughters Ltd"]),
        ("Bell + Daughters", ["Bell & Daughters Ltd"]),
        ("Mrs. Brandt", ["Ada Brandt"]),
        ("Herr Kovacs", ["Béla Kovács"]),
        ("and", ["Ada Brandt"]),
        ("mr", []),
    ],
)
def test_a_customer_is_found_by(typed: str, found: list[str]) -> None:
    assert names(typed) == found


def test_a_misspelt_name_is_found_with_its_title(rita) -> None:  # type: ignore[no-untyped-def]
    (group,) = find(rita, "Mrs Brant", kinds=["customer"]).groups
    assert [hit.title for hit in group.hits] == ["Ada Brandt"]


@pytest.mark.parametrize("has_further_phone", [False, True])
def test_the_end_of_a_phone_comes_before_a_number(
    desk: Client,
    rita: User,
    has_further_phone: bool,
) -> None:
    other = CustomerFactory(number="CU-000042", name="Aaron Early")
    if has_further_phone:
        ada = Customer.objects.get(name="Ada Brandt")
        Customer.objects.filter(pk=ada.pk).update(phone="", phone_key="")
        CustomerContact.objects.create(
            customer=ada,
            kind="phone",
            value="020 7946 0042",
            key="+442079460042",
            added_by=rita,
            added_at=timezone.now(),
        )
    assert names("0042") == ["Ada Brandt", "Aaron Early"]
    assert names("CU-0042") == names("42") == ["Aaron Early"]
    offered = desk.get("/desk/customers/lookup/?q=0042").json()["results"]
    # Enter before the list is seen chooses nobody.
    assert [(each["label"], each.get("exact")) for each in offered[:2]] == [
        ("Ada Brandt", False),
        ("Aaron Early", False),
    ]
    results = find(rita, "0042", kinds=["customer"])
    assert [hit.title for hit in results.groups[0].hits] == ["Ada Brandt", "Aaron Early"]
    assert results.exact_url == ""
    assert find(rita, "CU-42", kinds=["customer"]).exact_url.endswith(f"{other.number}/")


def test_a_name_comes_before_an_address() -> None:
    assert names("street") == ["Hugh Street", "Ada Brandt"]


def test_a_changed_address_is_found_at_once() -> None:
    Customer.objects.filter(name="Ada Brandt").update(address="Quay 7")
    assert names("quay") == ["Ada Brandt"]
    assert names("high street") == []


def test_a_result_shows_the_address_that_matched(rita) -> None:  # type: ignore[no-untyped-def]
    (group,) = find(rita, "sw1a", kinds=["customer"]).groups
    assert "12 High Street London SW1A 1AA" in group.hits[0].details


@pytest.mark.parametrize(
    ("rows", "index"),
    [
        (lambda: Customer.objects.filter(customers_matching("high street")), "address_like"),
        (lambda: Customer.objects.filter(customers_matching("0042")), "phone_like"),
        (lambda: Product.objects.filter(matching("lamp brass")), "product_code_like"),
    ],
)
def test_a_search_can_use_an_index(rows, index: str) -> None:  # type: ignore[no-untyped-def]
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
    assert index in rows().order_by().explain()


@pytest.mark.parametrize("inactive", [False, True])
@pytest.mark.parametrize(
    "typed", ["a", "ada", "ada b", "ADA BRANDT", "brandt", "é", "z", "100%", "_"]
)
def test_the_first_matches_are_the_same_however_many_are_asked_for(
    typed: str, inactive: bool
) -> None:
    for name in ("Ada", "Ada Brandtner", "Adam Able", "Zoe Ada Brandt", "Élise 100%", "100% Wool"):
        CustomerFactory(name=name)
        CustomerFactory(name=name, is_active=False)
    query = SearchQuery.of(typed)
    every = [each.customer for each in find_customers(query, limit=50, inactive=inactive)]
    for limit in range(1, len(every) + 1):
        found = find_customers(query, limit=limit, inactive=inactive)
        assert [each.customer for each in found] == every[:limit]


def test_the_first_names_carry_the_contact_that_matches(rita: User) -> None:
    ada = Customer.objects.get(name="Ada Brandt")
    contact = CustomerContact.objects.create(
        customer=ada,
        kind="person",
        value="Ada Junior",
        key="ada junior",
        added_by=rita,
        added_at=timezone.now(),
    )
    for limit in (1, 8):
        (found, *_others) = find_customers(SearchQuery.of("ada"), limit=limit)
        assert (found.customer, found.contact) == (ada, contact)


def test_the_lookup_of_a_common_name_takes_few_queries(
    desk: Client, django_assert_num_queries
) -> None:
    CustomerFactory.create_batch(9, name="Ada Miller")
    with django_assert_num_queries(6):
        results = desk.get("/desk/customers/lookup/?q=ada&products=1").json()["results"]
    assert len(results) == 9  # eight customers, and the choice to add another one
