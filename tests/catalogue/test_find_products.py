"""The lookup of products: what matches, and in which order."""

from __future__ import annotations

import pytest

from officeflow.catalogue.models import Category, Product
from officeflow.catalogue.queries import find_products
from officeflow.company.models import Office
from tests.factories import make_product


@pytest.fixture(autouse=True)
def shelf(office: Office) -> None:
    make_product("MUG", "Blue mug", "12.00")
    make_product("MUG-L", "Large blue mug", "14.00")
    make_product("CAFE", "Café crème set", "30.00")
    make_product("BIRD", "Book of mugs and birds", "9.99")


def skus(text: str, limit: int = 8) -> list[str]:
    return [product.sku for product in find_products(text, limit)]


def test_exact_codes_come_before_codes_and_names() -> None:
    assert skus("mug") == ["MUG", "MUG-L", "BIRD"]


def test_a_name_is_found_by_any_part_without_accents() -> None:
    assert skus("creme") == ["CAFE"]
    assert skus("CRÈME  set") == ["CAFE"]


def test_names_that_begin_with_the_text_come_first() -> None:
    assert skus("b") == ["BIRD", "MUG", "MUG-L"]


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("lamp brass", ["LN-BRASS"]),
        ("warm e27", ["BULB-E27"]),
        ("solberg lant", ["LN-BRASS"]),
        ("lighting warm", ["BULB-E27"]),
        ("ln bra", ["LN-BRASS"]),
        ("éclairage", []),
        ("brass e27", []),
    ],
)
def test_words_are_found_in_any_order_in_name_code_and_category(
    typed: str, found: list[str]
) -> None:
    lighting = Category.objects.create(name="Lighting")
    for sku, name in {
        "LN-BRASS": "Lantern lamp by Solberg",
        "BULB-E27": "LED bulb, warm white",
    }.items():
        make_product(sku, name, "20.00")
        Product.objects.filter(sku=sku).update(category=lighting)
    assert skus(typed) == found


def test_a_barcode_must_match_exactly() -> None:
    Product.objects.filter(sku="CAFE").update(barcode="5012345678900")
    assert skus("5012345678900") == ["CAFE"]
    assert skus("50123") == []


def test_inactive_products_are_not_found() -> None:
    Product.objects.filter(sku="MUG").update(is_active=False)
    assert skus("mug") == ["MUG-L", "BIRD"]


def test_an_empty_text_finds_nothing() -> None:
    assert skus("   ") == []


def test_wildcards_of_patterns_are_escaped() -> None:
    assert skus("%") == []
    assert skus("_") == []


def test_the_limit_holds() -> None:
    assert len(find_products("mug", 2)) == 2


def test_a_lookup_is_two_queries_with_price_and_tax(django_assert_num_queries) -> None:
    with django_assert_num_queries(2):
        for product in find_products("mug"):
            assert product.tax_rate.rate >= 0
            assert product.price_list.currency == "GBP"
