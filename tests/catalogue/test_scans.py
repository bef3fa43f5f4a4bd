"""Scanned codes: what they may mean, and what they are."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from urllib.parse import urlencode

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from backoffice.tickets.actions import take_ticket
from backoffice.tickets.models import Ticket
from frontdesk.customers.models import Customer
from frontdesk.orders.actions.cancel import cancel_order
from frontdesk.orders.actions.place import place_order
from frontdesk.orders.actions.pricing import NewLine
from officeflow.catalogue.models import Product
from officeflow.catalogue.scans import product_scanned, readings
from officeflow.staff.models import User

EAN = "5012345678900"


@given(st.text(max_size=300))
def test_a_scanned_text_means_itself_first(text: str) -> None:
    found = readings(text)
    assert all(found)
    assert not text.strip() or found[0] == text.strip()[:200]


@pytest.fixture
def barcode(mug: Product) -> None:
    Product.objects.filter(pk=mug.pk).update(barcode=EAN)


@pytest.mark.django_db
@pytest.mark.parametrize(
    "text",
    [
        EAN,
        f"0{EAN}",
        f"]E0{EAN}",
        f"]C1010{EAN}10LOT7",
        f"\x1d010{EAN}\x1d2112",
        f"(01)0{EAN}(10)LOT7",
        f"https://id.gs1.org/01/0{EAN}/10/LOT7",
        "MUG",
        "mug",
    ],
)
def test_a_product_is_found_by_its_code_in_every_form(barcode: None, text: str) -> None:
    found = product_scanned([text])
    assert found is not None
    assert found.sku == "MUG"


@pytest.mark.django_db
def test_a_code_of_twelve_digits_is_the_one_of_thirteen_with_a_zero(mug: Product) -> None:
    Product.objects.filter(pk=mug.pk).update(barcode="036000291452")
    assert product_scanned(["0036000291452"]) == mug


@pytest.mark.django_db
def test_caps_lock_and_another_layout_do_not_matter(mug: Product) -> None:
    Product.objects.filter(pk=mug.pk).update(sku="CARD-12a", barcode="Ab-1")
    assert product_scanned(["aB-1"]) == mug
    assert product_scanned(["CARD)&é", "CARD-12A"]) is None
    Product.objects.filter(pk=mug.pk).update(sku="CARD-12")
    assert product_scanned([")CQRD&é", "CARD-12"]) == mug


@pytest.mark.django_db
@pytest.mark.parametrize("text", ["", " ", "\x1d", "0", "9" * 13, "a\x1fb", "]C1", "%" * 500])
def test_an_unknown_code_is_no_product(barcode: None, text: str) -> None:
    assert product_scanned([text]) is None


def scanned(client: Client, *codes: str) -> dict[str, str]:
    query = urlencode([("code", code) for code in codes])
    found: dict[str, str] = client.get(f"/search/scan/?{query}").json()
    return found


@pytest.fixture
def desk(client: Client, rita: User) -> Client:
    client.force_login(rita, backend="django.contrib.auth.backends.ModelBackend")
    return client


@pytest.mark.django_db
def test_a_scan_says_what_a_code_is(desk: Client, barcode: None, nora: Customer) -> None:
    product = scanned(desk, EAN)
    assert (product["kind"], product["sku"], product["text"]) == ("product", "MUG", "")
    record = scanned(desk, nora.number.lower())
    assert record["kind"] == "record"
    assert record["url"] == f"/desk/customers/{nora.number}/"
    unknown = scanned(desk, "4000000000000")
    assert (unknown["kind"], "4000000000000" in unknown["text"]) == ("unknown", True)
    assert scanned(desk)["kind"] == "unknown"


@pytest.mark.django_db
def test_digits_alone_are_never_the_number_of_a_record(desk: Client, nora: Customer) -> None:
    assert scanned(desk, nora.number.removeprefix("CU-"))["kind"] == "unknown"


@pytest.mark.django_db
def test_a_product_that_is_no_longer_sold_is_named(desk: Client, barcode: None) -> None:
    Product.objects.update(is_active=False)
    found = scanned(desk, EAN)
    assert (found["sku"], found["text"]) == ("MUG", "MUG Blue mug is no longer sold.")


@pytest.mark.django_db
def test_a_department_opens_what_it_has_about_a_scanned_order(
    client: Client, rita: User, femi: User, mug: Product, drain: Callable[[], int]
) -> None:
    order = place_order(
        actor=rita, customer=None, lines=[NewLine(product=mug, quantity=Decimal(1))]
    )
    drain()
    ticket = Ticket.objects.get(subject=order.number)
    client.force_login(femi, backend="django.contrib.auth.backends.ModelBackend")
    assert scanned(client, order.number.lower())["url"] == f"/office/tickets/{ticket.number}/"
    # A number like it is no match.
    assert scanned(client, "SO-000999")["kind"] == "unknown"
    take_ticket(actor=femi, ticket=ticket)
    cancel_order(actor=rita, order=order, reason="Changed her mind.")
    drain()
    assert scanned(client, order.number)["url"] == f"/search/?q={order.number}"
