"""The search: numbers in any spelling, typing errors, marked matches."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from time import process_time
from typing import Any

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from frontdesk.customers.models import Customer
from frontdesk.orders.actions.place import place_order
from frontdesk.orders.actions.pricing import NewLine
from officeflow.catalogue.models import Product
from officeflow.staff.models import User
from officeflow.text import MOST_WORDS, distance, name_key, near
from officeflow.ui.highlight import marked
from officeflow.ui.search import LONGEST, SearchQuery, matching_numbers
from tests.factories import CustomerFactory, make_product


@pytest.mark.parametrize(
    "text", ["so123", "SO 123", "so-000123", "#SO.123", " s o 1 2 3 ", "ＳＯ１２３", "so 0123"]
)
def test_a_number_is_found_in_any_spelling(text: str) -> None:
    assert matching_numbers(text, 2026) == {"SO-000123"}


def test_digits_alone_match_every_series() -> None:
    assert {"SO-000123", "CU-000123", "TK-000123", "INV-2026-000123"} <= matching_numbers(
        "123", 2026
    )
    assert not matching_numbers("1" * 30, 2026)
    assert not matching_numbers("SO 12x", 2026)


@pytest.mark.parametrize("text", ["INV-2026-000007", "inv 2026 7", "inv2026000007", "Inv 2026/7"])
def test_an_invoice_number_with_its_year_is_found(text: str) -> None:
    assert matching_numbers(text, 2027) == {"INV-2026-000007"}


def test_an_invoice_number_without_a_year_is_of_this_or_the_last_one() -> None:
    assert matching_numbers("cn 7", 2027) == {"CN-2027-000007", "CN-2026-000007"}


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("nrodmann", "Nora Nordmann"),
        ("nordman nora", "Nora Nordmann"),
        ("jhon", "John Smith"),
        ("lodz", "Łódź Paper"),
        ("bjorn", "Bjørn Dæhlie"),
        ("nord", "Nora Nordmann"),
        ("o'brien", "Seán O’Brien"),
    ],
)
def test_typing_errors_are_tolerated(typed: str, name: str) -> None:
    assert near(name_key(typed).split(), name_key(name)) is not None


@pytest.mark.parametrize("typed", ["anna", "nx", "nora smith", "17851"])
def test_different_names_are_not_near(typed: str) -> None:
    assert near(typed.split(), "nora nordmann 17850") is None


@given(st.text("abc", max_size=8), st.text("abc", max_size=8))
def test_the_distance_is_symmetric(one: str, other: str) -> None:
    assert distance(one, other, 8) == distance(other, one, 8)
    assert (distance(one, other, 8) == 0) == (one == other)


@pytest.mark.parametrize(
    ("typed", "shown", "page"),
    [
        ("nora", "Nora Nordmann", "<mark>Nora</mark> Nordmann"),
        ("dvrak", "Tomáš Dvořák", "Tomáš <mark>Dvořák</mark>"),
        ("strasse", "Lange Straße", "Lange <mark>Straße</mark>"),
        ("0044 20 7946 0958", "020 7946 0958", "0<mark>20 7946 0958</mark>"),
        ("7946 0958", "020 7946 0958", "020 <mark>7946 0958</mark>"),
        ("so 7", "SO-000007", "<mark>SO-000007</mark>"),
        ("<b>", "a <b> c", "a &lt;b&gt; c"),
    ],
)
def test_matches_are_marked(typed: str, shown: str, page: str) -> None:
    assert marked(shown, SearchQuery.of(typed)) == page


@given(st.text("ﷺﷲ㎯½ßa b", max_size=300))
def test_a_search_is_bounded_however_much_its_signs_grow(typed: str) -> None:
    query = SearchQuery.of(typed)
    assert len(query.key) <= LONGEST
    assert len(set(query.words)) == len(query.words) <= MOST_WORDS


def test_marking_costs_little_for_any_search() -> None:
    began = process_time()
    for typed in ("ﷺ " * 100, "abcd abce " * 20, "x" * 200, "abcdefghijklmnopqrst" * 10):
        for _hit in range(10):
            marked("Bell and Daughters, Limited " * 4 + "y" * 80, SearchQuery.of(typed))
    assert process_time() - began < 1  # it was some seconds for one of them


def test_names_are_compared_quickly_however_they_are_written() -> None:
    began = process_time()
    letters = "abcdefghijklmnopqrstuvwxyz"
    names = " ".join(letters[at : at + 11] for at in range(15))
    assert near(names.replace("b", "x").split()[:8], names) is not None
    assert near(["x" * 200], "x" * 199) is None
    assert process_time() - began < 0.2


def test_results_beneath_a_search_box_leave_the_address_alone(
    rita: User, client: Client, office: object
) -> None:
    CustomerFactory(name="Nora Nordmann")
    client.force_login(rita)
    found = client.get("/search/", {"q": "nordm", "quick": "1"}, headers={"HX-Request": "true"})
    assert "<mark>Nordm</mark>ann" in found.content.decode()
    assert "HX-Replace-Url" not in found
    # A question about a price or an order is answered there.
    make_product("MUG", "Blue mug", "12.00")
    found = client.get("/search/", {"q": "mug", "quick": "1"}, headers={"HX-Request": "true"})
    assert "£12.00" in found.content.decode()
    assert "search-status" not in found.content.decode()


@pytest.mark.django_db
def test_a_search_asks_each_kind_of_record_once(
    rita: User,
    maya: User,
    nora: Customer,
    mug: Product,
    client: Client,
    drain: Callable[[], int],
    django_assert_max_num_queries: Callable[..., Any],
) -> None:
    client.force_login(maya)

    def place(count: int) -> None:
        for _ in range(count):
            line = NewLine(product=mug, quantity=Decimal(1))
            place_order(actor=rita, customer=nora, lines=[line])
        drain()

    place(1)
    client.get("/search/", {"q": "nordmann"})
    with django_assert_max_num_queries(27):
        client.get("/search/", {"q": "nordmann"})
    place(3)
    with django_assert_max_num_queries(27):
        page = client.get("/search/", {"q": "nordmann"})
    found = {group.kind: len(group.hits) for group in page.context["found"].groups}
    assert found == {"customer": 1, "order": 4, "ticket": 4, "invoice": 4}


@pytest.mark.django_db
def test_similar_names_are_results_when_none_has_the_words(
    rita: User,
    maya: User,
    nora: Customer,
    mug: Product,
    client: Client,
    drain: Callable[[], int],
) -> None:
    client.force_login(maya)
    nearly = CustomerFactory(name="Nora Nordmenn")
    for customer in (nora, nearly):
        line = NewLine(product=mug, quantity=Decimal(1))
        place_order(actor=rita, customer=customer, lines=[line])
    drain()

    def found(text: str) -> dict[str, list[int]]:
        page = client.get("/search/", {"q": text})
        groups = page.context["found"].groups
        return {group.kind: [hit.distance for hit in group.hits] for group in groups}

    assert found("nordmann") == {"customer": [0], "order": [0], "ticket": [0], "invoice": [0]}
    assert found("nordmonn") == {
        "customer": [1, 1],
        "order": [1, 1],
        "ticket": [1, 1],
        "invoice": [1, 1],
    }
