"""The test office, its products and a customer."""

from __future__ import annotations

from decimal import Decimal

import factory
import pytest

from frontdesk.customers.models import Customer
from officeflow.catalogue.models import Kind, PriceList, Product, TaxRate
from officeflow.company.models import Office, Site
from officeflow.numbering import next_number
from officeflow.text import name_key

__all__ = ["book", "lamp", "mug", "nora", "office", "postage"]


class CustomerFactory(factory.django.DjangoModelFactory):
    """Makes a customer."""

    class Meta:
        model = Customer

    number = factory.LazyFunction(lambda: next_number("CU"))
    name = factory.Sequence(lambda n: f"Customer {n}")
    name_key = factory.LazyAttribute(lambda customer: name_key(customer.name))


def make_office() -> Office:
    """Returns the office in London that sells in pounds with 20 % tax in its prices."""
    site, _ = Site.objects.get_or_create(code="MAIN", defaults={"name": "Main shop"})
    office, _ = Office.objects.get_or_create(
        pk=1,
        defaults={
            "name": "The Paper Lantern",
            "time_zone": "Europe/London",
            "currency": "GBP",
            "language": "en",
            "main_site": site,
        },
    )
    return office


def make_product(
    sku: str,
    name: str,
    price: str,
    *,
    rate: str = "0.2000",
    kind: Kind = Kind.GOODS,
    includes_tax: bool = True,
) -> Product:
    """Returns the product with a code, on the office's price list or on one without tax."""
    suffix = "" if includes_tax else "-NET"
    prices, _ = PriceList.objects.get_or_create(
        code=f"MAIN{suffix}",
        defaults={"name": "Shop prices", "currency": "GBP", "includes_tax": includes_tax},
    )
    tax, _ = TaxRate.objects.get_or_create(
        code=f"VAT{rate}", defaults={"name": f"VAT {rate}", "rate": Decimal(rate)}
    )
    product, _ = Product.objects.get_or_create(
        sku=sku,
        defaults={
            "name": name,
            "name_key": name_key(name),
            "price": Decimal(price),
            "price_list": prices,
            "tax_rate": tax,
            "kind": kind,
        },
    )
    return product


@pytest.fixture
def office(db: None) -> Office:
    return make_office()


@pytest.fixture
def mug(office: Office) -> Product:
    return make_product("MUG", "Blue mug", "12.00")


@pytest.fixture
def lamp(office: Office) -> Product:
    return make_product("LAMP", "Paper lamp", "45.50")


@pytest.fixture
def book(office: Office) -> Product:
    return make_product("BOOK", "Book of birds", "9.99", rate="0.0000")


@pytest.fixture
def postage(office: Office) -> Product:
    return make_product("POST", "Postage", "4.20", kind=Kind.SERVICE)


@pytest.fixture
def nora(office: Office) -> Customer:
    """A customer with phone and e-mail."""
    return CustomerFactory(
        name="Nora Nordmann",
        phone="020 7946 0958",
        phone_key="+442079460958",
        email="nora@example.org",
        email_key="nora@example.org",
    )
