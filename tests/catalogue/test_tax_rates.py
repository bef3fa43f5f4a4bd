"""Tax rates: the standard one, replacing one, and whether prices include tax."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse

from officeflow.audit.models import AuditEntry
from officeflow.catalogue.actions import (
    add_tax_rate,
    main_price_list,
    make_standard,
    replace_tax_rate,
    retire_tax_rate,
    set_prices_include_tax,
)
from officeflow.catalogue.forms import ProductForm
from officeflow.catalogue.models import Product, TaxRate
from officeflow.catalogue.queries import standard_tax_rate
from officeflow.company.models import Office
from officeflow.errors import Refused, StaleRecord
from officeflow.staff.models import User

FIFTH = Decimal("0.2")


@pytest.fixture
def standard(office: Office) -> TaxRate:
    return add_tax_rate(actor=None, name="Standard rate", rate=FIFTH)


def test_the_first_rate_is_the_standard_until_another_becomes_it(
    standard: TaxRate, ada: User
) -> None:
    books = add_tax_rate(actor=ada, name="Books", rate=Decimal("0.25"))
    assert standard_tax_rate() == standard
    make_standard(actor=ada, tax_rate=books)
    assert standard_tax_rate() == books
    with pytest.raises(Refused):
        retire_tax_rate(actor=ada, tax_rate=TaxRate.objects.get(pk=books.pk))


def test_a_unique_code_is_made_from_the_name(standard: TaxRate) -> None:
    names = ["Standard rate", "Snížená sazba", "…"]
    codes = [add_tax_rate(actor=None, name=name, rate=FIFTH).code for name in names]
    assert [standard.code, *codes] == ["STANDARD-RATE", "STANDARD-RATE-2", "SNIZENA-SAZBA", "TAX"]


def test_replacing_a_rate_moves_its_products(standard: TaxRate, mug: Product, ada: User) -> None:
    Product.objects.filter(pk=mug.pk).update(tax_rate=standard)
    new = replace_tax_rate(actor=ada, tax_rate=standard, name="Standard rate", rate=Decimal("0.21"))
    mug.refresh_from_db()
    standard.refresh_from_db()
    assert (mug.tax_rate, mug.version) == (new, 2)
    assert (standard.is_active, standard.rate) == (False, FIFTH)
    assert standard_tax_rate() == new
    assert AuditEntry.objects.get(action="replace_tax_rate").changes["products"] == [None, 1]
    with pytest.raises(Refused):
        replace_tax_rate(actor=ada, tax_rate=standard, name="Again", rate=Decimal("0.22"))


def test_prices_include_tax_is_changed_once_and_stale_changes_are_refused(
    office: Office, ada: User
) -> None:
    prices = main_price_list()
    set_prices_include_tax(actor=ada, price_list=prices, includes_tax=False, before=True)
    assert not main_price_list().includes_tax
    set_prices_include_tax(actor=ada, price_list=prices, includes_tax=False, before=True)
    assert AuditEntry.objects.filter(action="set_prices_include_tax").count() == 1
    with pytest.raises(StaleRecord):  # who saw them with tax and left them so
        set_prices_include_tax(actor=ada, price_list=prices, includes_tax=True, before=True)


def test_the_pages_add_replace_and_make_standard(
    client: Client, standard: TaxRate, ada: User
) -> None:
    client.force_login(ada)
    page = reverse("catalogue:tax")
    client.post(page, {"name": "Books", "percent": "5"})
    assert client.post(page, {"name": "", "percent": "120"}).context["form"].errors.keys() == {
        "name",
        "percent",
    }
    client.post(reverse("catalogue:tax-standard"), {"code": "BOOKS"})
    assert TaxRate.objects.get(code="BOOKS").is_standard
    replace = reverse("catalogue:tax-replace", args=["BOOKS"])
    assert "percent" in client.post(replace, {"name": "B", "percent": "5"}).context["form"].errors
    client.post(replace, {"name": "Books", "percent": "6"})
    assert standard_tax_rate().rate == Decimal("0.06")
    client.post(reverse("catalogue:price-meaning"), {"before": "1", "includes_tax": "0"})
    assert not main_price_list().includes_tax
    assert client.get(page).status_code == 200


def test_a_product_offers_rates_by_name_and_percentage(standard: TaxRate, ada: User) -> None:
    replace_tax_rate(actor=ada, tax_rate=standard, name="Standard rate", rate=Decimal("0.21"))
    labels = [label for _value, label in ProductForm().fields["tax_rate"].choices]
    assert "Standard rate (21%)" in labels
    assert "Standard rate (20%)" not in labels
