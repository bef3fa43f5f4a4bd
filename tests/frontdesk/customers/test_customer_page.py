"""The list of customers, a customer's page, adding, editing and lookups."""

from __future__ import annotations

import pytest
from django.test import Client

from frontdesk.complaints.models import Complaint
from frontdesk.customers.models import Customer
from frontdesk.orders.models import Order
from officeflow.catalogue.models import Product
from tests.factories import CustomerFactory

pytestmark = pytest.mark.django_db


def edit(customer: Customer, **given: str) -> dict[str, str]:
    return {
        "name": customer.name,
        "phone": customer.phone,
        "email": customer.email,
        "address": customer.address,
        "note": customer.note,
        "is_active": "on",
        "wants_mail": "on",
        "version": str(customer.version),
        **given,
    }


def test_the_page_shows_contacts_orders_and_complaints(
    desk: Client, nora: Customer, order: Order, complaint: Complaint
) -> None:
    page = desk.get(f"/desk/customers/{nora.number}/").content.decode()
    for text in (nora.number, "020 7946 0958", "nora@example.org", order.number, complaint.number):
        assert text in page


def test_a_customer_is_added(desk: Client, office: object) -> None:
    answer = desk.post("/desk/customers/new/", {"name": "Žofie Nová", "phone": "020 7946 0002"})
    customer = Customer.objects.get()
    assert answer["Location"] == f"/desk/customers/{customer.number}/"
    refused = desk.post("/desk/customers/new/", {"name": "Bo", "phone": "call me"})
    assert refused.status_code == 422
    assert refused.context["form"].errors["phone"]


def test_all_errors_of_a_customer_are_shown_at_once(desk: Client, office: object) -> None:
    answer = desk.post("/desk/customers/new/", {"name": "", "phone": "x", "email": "nina@"})
    assert set(answer.context["form"].errors) >= {"name", "phone", "email"}
    assert not Customer.objects.exists()


def test_a_stale_form_shows_both_values_and_overwrites_nothing(
    desk: Client, nora: Customer
) -> None:
    url = f"/desk/customers/{nora.number}/edit/"
    mine = edit(nora, phone="020 7946 0003")
    desk.post(url, edit(nora, phone="020 7946 0004"))
    stale = desk.post(url, mine)
    page = stale.content.decode()
    assert stale.status_code == 409
    assert "020 7946 0003" in page
    assert "020 7946 0004" in page
    nora.refresh_from_db()
    assert nora.phone == "020 7946 0004"
    version = stale.context["form"]["version"].value()
    assert desk.post(url, mine | {"version": version}).status_code == 302
    nora.refresh_from_db()
    assert nora.phone == "020 7946 0003"


def test_a_stale_form_does_not_restore_unchanged_fields(desk: Client, nora: Customer) -> None:
    url = f"/desk/customers/{nora.number}/edit/"
    opened = desk.get(url).context["form"]["version"].shown()
    mine = edit(nora, phone="020 7946 0003") | {"version-shown": opened}
    desk.post(url, edit(nora, note="Rings\ntwice", name="Nora Berg", wants_mail=""))
    stale = desk.post(url, mine)
    rows = {str(row.label): row.keeps_yours for row in stale.context["stale"]["rows"]}
    assert rows == {
        "Phone": True,
        "Name": False,
        "Note": False,
        "Gets e-mail about orders and complaints": False,
    }
    form = stale.context["form"]
    again = {name: form[name].value() for name in form.fields}
    again = {name: value for name, value in again.items() if value not in (None, False)}
    assert desk.post(url, again).status_code == 302
    nora.refresh_from_db()
    assert (nora.name, nora.note, nora.wants_mail) == ("Nora Berg", "Rings\ntwice", False)
    assert nora.phone == "020 7946 0003"


def test_a_duplicate_phone_is_confirmed_once(desk: Client, nora: Customer) -> None:
    other = CustomerFactory(name="Bertil Quist")
    url = f"/desk/customers/{other.number}/edit/"
    mine = edit(other, phone="+44 20 7946 0958")
    live = desk.post("/desk/customers/duplicates/", {"of": other.number, **mine}).content.decode()
    asked = desk.post(url, mine)
    assert asked.status_code == 409
    merge = f"/desk/customers/{other.number}/merge/?with={nora.number}"
    for page in (live, asked.content.decode()):
        assert merge in page
        assert "same phone" in page
    assert desk.post(url, mine | {"declined": nora.number}).status_code == 302
    other.refresh_from_db()
    assert other.phone == "+44 20 7946 0958"
    again = edit(other, address="2 New Road")  # it was told apart: another change asks nothing
    assert desk.post(url, again).status_code == 302


def test_names_are_found_without_accents_and_listed_by_name(desk: Client, office: object) -> None:
    for name in ("Zoë", "Émile Ångström", "adam"):
        CustomerFactory(name=name)
    page = desk.get("/desk/customers/").context["page"]
    assert [customer.name for customer in page.rows] == ["adam", "Émile Ångström", "Zoë"]
    found = desk.get("/desk/customers/", {"find": "angst"}).context["page"]
    assert [customer.name for customer in found.rows] == ["Émile Ångström"]


def test_the_lookup_offers_to_add_a_customer(desk: Client, nora: Customer) -> None:
    results = desk.get("/desk/customers/lookup/", {"q": "nora"}).json()["results"]
    assert [result["id"] for result in results] == [nora.number, "new"]
    assert results[1]["data"] == {"new": {"name": "nora", "phone": "", "email": ""}}
    assert results[0]["exact"] is False
    assert desk.get("/desk/customers/lookup/", {"q": ""}).json() == {"results": []}


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ("020 7946 0111", "phone"),
        ("+44 (0)20 7946-0111", "phone"),
        ("emile@example.org", "email"),
        ("Émile", "name"),
        ("Studio 54", "name"),
        ("12345", "name"),
    ],
)
def test_what_was_typed_becomes_the_fitting_field_of_a_new_customer(
    desk: Client, office: object, typed: str, field: str
) -> None:
    found = desk.get("/desk/customers/lookup/", {"q": typed}).json()["results"][-1]
    assert found["data"]["new"] == {"name": "", "phone": "", "email": "", field: typed}
    # Without scripts the server fills the same field.
    page = desk.post(
        "/desk/orders/new/", {"customer_name": typed, "new-customer": "1", "customer": ""}
    )
    assert page.context["form"][f"new_{field}"].value() == typed


def test_a_barcode_in_the_customers_box_of_an_order_is_a_product(desk: Client, mug: object) -> None:
    Product.objects.update(barcode="5012345678900")
    query = {"q": "5012345678900"}
    plain = desk.get("/desk/customers/lookup/", query).json()["results"]
    assert plain[0]["data"]["new"]["phone"] == "5012345678900"
    offered = desk.get("/desk/customers/lookup/", query | {"products": "1"}).json()["results"]
    assert [each["data"] for each in offered] == [{"scan": "MUG"}]


def test_an_exact_phone_number_or_e_mail_is_marked(desk: Client, nora: Customer) -> None:
    Customer.objects.update(
        phone="020 7946 0958", phone_key="+442079460958", email="nora@x.org", email_key="nora@x.org"
    )
    for typed in ("(020) 7946-0958", "NORA@x.org", "nora nordmann", nora.number):
        found = desk.get("/desk/customers/lookup/", {"q": typed}).json()["results"][0]
        assert found["exact"], typed


def test_the_lookup_shows_an_exact_code_first(desk: Client, mug: object, lamp: object) -> None:
    results = desk.get("/desk/products/lookup/", {"q": "lamp"}).json()["results"]
    assert results[0]["id"] == "LAMP"
    assert results[0]["label"] == "LAMP Paper lamp"


def test_the_lookup_of_orders_is_limited_to_the_customer(
    desk: Client, nora: Customer, order: Order
) -> None:
    url = "/desk/orders/lookup/"
    mine = desk.get(url, {"customer": nora.number, "q": ""}).json()["results"]
    assert [result["id"] for result in mine] == [order.number]
    assert desk.get(url, {"q": ""}).json()["results"] == []
