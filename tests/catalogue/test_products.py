"""Adding and changing products and tax rates, and their pages."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest
from django.test import Client, RequestFactory
from django.urls import reverse

from officeflow.audit.models import AuditEntry
from officeflow.catalogue.actions import (
    ProductDetails,
    add_product,
    add_tax_rate,
    change_product,
    details_of,
    follow_currency,
    main_price_list,
    make_standard,
    retire_tax_rate,
)
from officeflow.catalogue.models import Category, Kind, PriceList, Product
from officeflow.catalogue.queries import products
from officeflow.company.models import Office
from officeflow.errors import Refused, StaleRecord
from officeflow.staff.models import User
from officeflow.ui.paging import page_of
from tests.factories import make_product


@pytest.fixture
def vase(office: Office) -> ProductDetails:
    rate = add_tax_rate(actor=None, code="std", name="Standard rate", rate=Decimal("0.2"))
    return ProductDetails(
        name=" Glass   vase ", price=Decimal("24.5"), tax_rate=rate, price_list=main_price_list()
    )


def test_a_product_is_added_under_its_code(vase: ProductDetails, ada: User) -> None:
    product = add_product(actor=ada, sku=" vase-1 ", details=vase)
    stored = Product.objects.get(sku="VASE-1")
    assert (stored.name, stored.name_key, stored.price) == ("Glass vase", "glass vase", 24.5)
    assert stored.barcode is None
    assert stored.price_list.currency == "GBP"
    entry = AuditEntry.objects.get(action="add_product")
    assert (entry.subject, entry.changes["price"]) == (product.sku, [None, "24.5000"])


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"name": "  "}, "name"),
        ({"name": "x" * 201}, "name"),
        ({"price": Decimal("-0.01")}, "price"),
        ({"price": Decimal("1.00001")}, "price"),
        ({"price": Decimal("1e15")}, "price"),
        ({"price": Decimal("NaN")}, "price"),
        ({"barcode": "12 34"}, "barcode"),
    ],
)
def test_invalid_values_are_refused(
    vase: ProductDetails, change: dict[str, object], field: str
) -> None:
    with pytest.raises(Refused) as refused:
        add_product(actor=None, sku="VASE", details=replace(vase, **change))
    assert refused.value.field == field


@pytest.mark.parametrize("sku", ["", "a?b", "é", "x" * 41, "-X", "A//B", "A/"])
def test_an_invalid_code_is_refused(vase: ProductDetails, sku: str) -> None:
    with pytest.raises(Refused) as refused:
        add_product(actor=None, sku=sku, details=vase)
    assert refused.value.field == "sku"


def test_codes_and_barcodes_are_unique(vase: ProductDetails) -> None:
    add_product(actor=None, sku="VASE", details=replace(vase, barcode="5012345678900"))
    with pytest.raises(Refused) as code:
        add_product(actor=None, sku="vase", details=vase)
    with pytest.raises(Refused) as barcode:
        add_product(actor=None, sku="VASE-2", details=replace(vase, barcode="5012345678900"))
    assert (code.value.field, barcode.value.field) == ("sku", "barcode")


def test_a_change_is_audited_with_its_fields(vase: ProductDetails, ada: User) -> None:
    product = add_product(actor=ada, sku="VASE", details=vase)
    wanted = replace(details_of(product), price=Decimal("26"), kind=Kind.SERVICE)
    changed = change_product(actor=ada, product=product, version=1, details=wanted)
    assert changed.version == 2
    assert AuditEntry.objects.get(action="change_product").changes == {
        "price": ["24.5000", "26.0000"],
        "kind": ["goods", "service"],
    }


def test_a_stale_change_is_not_saved(vase: ProductDetails, ada: User) -> None:
    product = add_product(actor=ada, sku="VASE", details=vase)
    change_product(actor=ada, product=product, version=1, details=replace(vase, name="First"))
    with pytest.raises(StaleRecord) as stale:
        change_product(actor=ada, product=product, version=1, details=replace(vase, name="Second"))
    assert stale.value.theirs.name == "First"


@pytest.mark.parametrize("rate", ["1", "-0.1", "0.123456"])
@pytest.mark.django_db
def test_a_rate_is_a_fraction(rate: str) -> None:
    with pytest.raises(Refused) as refused:
        add_tax_rate(actor=None, code="X", name="Odd", rate=Decimal(rate))
    assert refused.value.field == "rate"


def test_a_rate_with_products_cannot_be_retired(vase: ProductDetails, ada: User) -> None:
    product = add_product(actor=ada, sku="VASE", details=vase)
    with pytest.raises(Refused):
        retire_tax_rate(actor=ada, tax_rate=vase.tax_rate)
    change_product(actor=ada, product=product, version=1, details=replace(vase, is_active=False))
    make_standard(actor=ada, tax_rate=add_tax_rate(actor=ada, name="Zero", rate=Decimal(0)))
    vase.tax_rate.refresh_from_db()
    retire_tax_rate(actor=ada, tax_rate=vase.tax_rate)
    vase.tax_rate.refresh_from_db()
    assert not vase.tax_rate.is_active


def test_prices_follow_the_offices_currency(vase: ProductDetails) -> None:
    follow_currency(old="GBP", new="EUR")
    assert PriceList.objects.get().currency == "EUR"


def test_the_list_has_pages(office: Office) -> None:
    for sku in ("C", "A", "B"):
        make_product(sku, sku, "1")
    asked = RequestFactory().get("/products/", {"after": "A", "all": "1"})
    page = page_of(asked, products(inactive=True), order=["sku"], cursor="sku", size=1)
    assert [product.sku for product in page.rows] == ["B"]
    assert page.previous_url == "/products/?all=1&before=B"
    assert page.next_url == "/products/?all=1&after=B"


# --- pages ------------------------------------------------------------------------------------
@pytest.fixture
def desk(client: Client, ada: User) -> Client:
    """Returns a client in which Ada is signed in."""
    client.force_login(ada)
    return client


def typed(details: ProductDetails, **other: object) -> dict[str, object]:
    return {
        "sku": "VASE",
        "name": details.name,
        "kind": "goods",
        "unit": "piece",
        "price": "24.50",
        "price_list": details.price_list.pk,
        "tax_rate": details.tax_rate.pk,
        "barcode": "",
        "is_active": "on",
        **other,
    }


def test_a_product_is_added_and_changed_on_its_pages(desk: Client, vase: ProductDetails) -> None:
    page = reverse("catalogue:product", args=["VASE"])
    assert desk.post(reverse("catalogue:product-new"), typed(vase)).headers["Location"] == page
    assert desk.post(page, typed(vase, version=1, price="30")).status_code == 302
    assert Product.objects.get().price == 30
    stale = desk.post(page, typed(vase, version=1, price="31"))
    assert stale.status_code == 409
    assert "30.00" in stale.content.decode()
    assert 'value="31"' in stale.content.decode()


def test_a_new_category_is_added_with_the_product(desk: Client, vase: ProductDetails) -> None:
    new = reverse("catalogue:product-new")
    refused = desk.post(new, typed(vase, sku="a?b", new_category="Vases"))
    assert 'value="Vases"' in refused.content.decode()
    assert not Category.objects.filter(name="Vases").exists()
    assert desk.post(new, typed(vase, new_category="Vases")).status_code == 302
    assert str(Product.objects.get().category) == "Vases"
    # A name that is there already means that one, however it is written.
    page = reverse("catalogue:product", args=["VASE"])
    assert desk.post(page, typed(vase, version=1, new_category="vasés")).status_code == 302
    assert Category.objects.filter(name__istartswith="vas").count() == 1


def test_a_refused_product_keeps_what_was_typed(desk: Client, vase: ProductDetails) -> None:
    answer = desk.post(reverse("catalogue:product-new"), typed(vase, sku="a?b", barcode="501"))
    assert answer.status_code == 422
    assert "sku" in answer.context["form"].errors
    assert 'value="501"' in answer.content.decode()


def test_the_first_product_needs_a_tax_rate(desk: Client, office: Office) -> None:
    answer = desk.get(reverse("catalogue:product-new"))
    assert answer.headers["Location"] == reverse("catalogue:tax")
    desk.post(reverse("catalogue:tax"), {"code": "std", "name": "Standard", "percent": "17.5"})
    assert desk.get(reverse("catalogue:product-new")).status_code == 200
    page = desk.get(reverse("catalogue:tax")).content.decode()
    assert "17.5" in page


def test_the_list_is_filtered_and_keeps_the_text(desk: Client, office: Office) -> None:
    make_product("MUG", "Blue mug", "12")
    make_product("LAMP", "Paper lamp", "45")
    text = desk.get(reverse("catalogue:products"), {"q": "mug"}).content.decode()
    assert "Blue mug" in text
    assert "Paper lamp" not in text
    nothing = desk.get(reverse("catalogue:products"), {"q": "zebra"}).content.decode()
    assert "No product has “zebra”" in nothing


def test_the_list_needs_a_constant_number_of_queries(
    desk: Client, office: Office, django_assert_max_num_queries
) -> None:
    make_product("A", "A", "1")
    desk.get(reverse("catalogue:products"))
    with django_assert_max_num_queries(40) as few:
        desk.get(reverse("catalogue:products"))
    for number in range(10):
        make_product(f"B{number}", f"B {number}", "1")
    with django_assert_max_num_queries(len(few)):
        desk.get(reverse("catalogue:products"))


def test_people_without_permission_can_only_read(
    client: Client, rita: User, vase: ProductDetails
) -> None:
    add_product(actor=None, sku="VASE", details=vase)
    client.force_login(rita)
    page = reverse("catalogue:product", args=["VASE"])
    assert '<form class="stack"' not in client.get(page).content.decode()
    client.post(page, typed(vase, version=1, price="1"))
    assert Product.objects.get().price == Decimal("24.5")
    assert client.get(reverse("catalogue:product-new")).status_code == 403


@pytest.mark.django_db
@pytest.mark.parametrize("sku", ["a b", "A/B", "M8x1.25#3", "R+L (2)", "X_1&2", "5:10,5", "A" * 40])
def test_a_code_keeps_the_signs_of_suppliers(vase: ProductDetails, desk: Client, sku: str) -> None:
    product = add_product(actor=None, sku=f"  {sku} ", details=vase)
    assert product.sku == sku.upper()
    assert desk.get(reverse("catalogue:product", args=[product.sku])).status_code == 200
