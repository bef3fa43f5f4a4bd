"""Customers, products, complaints, invoices and hand-offs over HTTP."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from rest_framework.test import APIClient

from frontdesk.customers.models import Customer
from frontdesk.payments.actions.payments import pay_refund
from frontdesk.payments.models.payments import Refund
from officeflow.catalogue.models import Product
from officeflow.idempotency.models import Submission
from officeflow.staff.models import User
from tests.api.conftest import Caller
from tests.people import employ

pytestmark = pytest.mark.django_db
Drain = Callable[[], int]

LINES = {"lines": [{"sku": "MUG", "quantity": 1}]}


def test_customers_are_added_and_listed(caller: Caller, office: object) -> None:
    rita = caller("rita")
    made = rita.send("customers/", {"name": "Ole", "phone": "020 7946 0000", "email": "o@x.org"})
    assert made.status_code == 201
    assert rita.read("customers/").json()["results"][0]["number"] == made.json()["number"]


def test_a_customer_without_a_name_is_a_problem(caller: Caller, office: object) -> None:
    answer = caller("rita").send("customers/", {"phone": "020 7946 0000"})
    assert answer.json()["errors"][0]["field"] == "name"


def test_products_are_listed_with_price_and_tax(caller: Caller, mug: Product) -> None:
    (row,) = caller("rita").read("products/").json()["results"]
    assert (row["sku"], row["price"], row["tax_rate"]) == ("MUG", "12.00", "0.20000")


def test_an_invoice_follows_an_order(caller: Caller, mug: Product, drain: Drain) -> None:
    made = caller("rita").send("orders/", LINES).json()
    drain()
    (invoice,) = caller("amir").read("invoices/").json()["results"]
    assert invoice["order"] == made["number"]
    assert invoice["total"] == "12.00"
    assert invoice["number"].startswith("INV-")


def test_the_equation_is_returned(caller: Caller, mug: Product, drain: Drain) -> None:
    caller("rita").send("orders/", LINES)
    maya = caller("maya")
    assert maya.read("handoffs/summary/").json() == {
        "posted": 3,
        "applied": 0,
        "waiting": 3,
        "dead": 0,
        "discarded": 0,
        "balanced": True,
    }
    drain()
    summary = maya.read("handoffs/summary/").json()
    assert summary["waiting"] == 0
    assert summary["applied"] == summary["posted"]


def test_handoffs_never_show_their_payload_nor_hrs_subjects(
    caller: Caller, mug: Product, nora: Customer
) -> None:
    caller("rita").send("orders/", {**LINES, "customer": nora.number})
    answer = caller("maya").read("handoffs/", state="waiting")
    assert "Nora" not in answer.content.decode()
    by_place = {row["destination"]: row["subject"] for row in answer.json()["results"]}
    assert by_place["hr"] is None
    assert by_place["fulfilment"].startswith("SO-")


def test_a_list_and_the_url_of_a_record_return_the_same(
    caller: Caller, mug: Product, nora: Customer, drain: Drain
) -> None:
    rita, amir, maya = caller("rita"), caller("amir"), caller("maya")
    order = rita.send("orders/", {**LINES, "customer": nora.number}).json()
    payment = {"amount": "5.00", "method": "cash"}
    paid = rita.send(f"orders/{order['number']}/payments/", payment).json()
    rita.send("complaints/", {"category": "goods", "description": "Chipped"})
    drain()
    rita.send(f"orders/{order['number']}/cancel/", {"reason": "Changed her mind"})
    drain()
    for client, path, key in (
        (rita, "customers/", "number"),
        (rita, "orders/", "number"),
        (rita, "complaints/", "number"),
        (rita, "products/", "sku"),
        (rita, "payments/", "number"),
        (maya, "refunds/", "number"),
        (amir, "invoices/", "number"),
        (maya, "tickets/", "number"),
        (maya, "handoffs/", "id"),
    ):
        rows = client.read(path).json()["results"]
        assert rows, path
        for row in rows:
            assert client.read(f"{path}{row[key]}/").json() == row, path
    (payment,) = rita.read("payments/", order=order["number"], method="cash").json()["results"]
    assert (payment["number"], payment["amount"]) == (paid["number"], "5.00")
    assert maya.read("handoffs/999999/").status_code == 404
    assert maya.read("handoffs/99999999999999999999/").status_code == 404
    assert rita.read("products/NOPE/").status_code == 404


def test_money_is_listed_for_its_own_person_or_for_who_sees_the_takings(
    caller: Caller, mug: Product, drain: Drain
) -> None:
    rita, maya = caller("rita"), caller("maya")
    number = rita.send("orders/", LINES).json()["number"]
    rita.send(f"orders/{number}/payments/", {"amount": "5.00", "method": "cash"})
    drain()
    rita.send(f"orders/{number}/cancel/", {"reason": "Changed her mind"})
    drain()

    def refunds(client: Any, **wanted: Any) -> list[Any]:
        return client.read("refunds/", **wanted).json()["results"]

    (due,) = refunds(maya, is_paid="false")
    assert (due["order"], due["amount"], due["method"], due["paid_at"]) == (
        number,
        "5.00",
        "",
        None,
    )
    assert refunds(rita) == refunds(rita, is_paid="false") == [due]
    assert refunds(maya, is_paid="true") == []
    assert rita.read(f"refunds/{due['number']}/").json() == due
    assert rita.read(f"refunds/{due['number']}/receipt/").status_code == 404
    pay_refund(actor=employ("rita"), refund=Refund.objects.get(), method="card")
    assert [each["method"] for each in refunds(rita)] == ["card"]
    ravi = caller("ravi")
    assert refunds(ravi) == ravi.read("payments/").json()["results"] == []
    # All of an order is read as its page shows it.
    assert len(refunds(ravi, order=number)) == 1
    assert len(ravi.read("payments/", order=number).json()["results"]) == 1
    assert len(maya.read("payments/").json()["results"]) == 1


def test_a_sealed_complaint_is_returned_without_its_text(caller: Caller, office: object) -> None:
    rita = caller("rita")
    made = rita.send("complaints/", {"category": "conduct", "description": "He shouted"}).json()
    answer = rita.read(f"complaints/{made['number']}/")
    assert answer.json()["description"] is None
    assert "shouted" not in answer.content.decode()


def test_a_method_that_is_not_allowed_answers_a_problem(caller: Caller, mug: Product) -> None:
    rita = caller("rita")
    number = rita.send("orders/", LINES).json()["number"]
    assert rita.delete(f"/api/v1/orders/{number}/").status_code == 405
    assert rita.get(f"/api/v1/orders/{number}/cancel/").status_code == 405
    assert rita.options("/api/v1/orders/").status_code == 200


def test_creating_a_sealed_complaint_does_not_return_its_text(
    caller: Caller, office: object
) -> None:
    body = {"category": "conduct", "description": "He shouted", "severity": "high"}
    rita = caller("rita")
    first = rita.send("complaints/", body, "sealed")
    again = rita.send("complaints/", body, "sealed")
    assert first.json()["description"] is None
    assert again.json() == first.json()
    assert "shouted" not in str(Submission.objects.values())


def test_a_complaint_is_logged_once_and_its_text_stored_once(
    caller: Caller, office: object
) -> None:
    body = {"category": "goods", "description": "The mug is chipped"}
    rita = caller("rita")
    first = rita.send("complaints/", body, "once")
    assert rita.send("complaints/", body, "once").json() == first.json()
    assert first.json()["description"] == "The mug is chipped"
    assert "chipped" not in str(Submission.objects.values())


@pytest.mark.parametrize(
    ("person", "path", "status"),
    [
        ("femi", "orders/", 403),
        ("amir", "orders/", 403),
        ("hanna", "customers/", 403),
        ("rita", "invoices/", 403),
        ("rita", "handoffs/", 403),
        ("femi", "payments/", 403),
        ("femi", "refunds/", 403),
        ("amir", "refunds/", 200),
        ("ada", "handoffs/summary/", 200),
        ("nils", "orders/", 403),
        ("maya", "orders/", 200),
    ],
)
def test_endpoints_need_the_permissions_of_the_pages(
    caller: Caller, office: object, person: str, path: str, status: int
) -> None:
    answer = caller(person).read(path)
    assert answer.status_code == status
    if status == 403:
        assert answer["Content-Type"] == "application/problem+json"


def test_the_description_of_the_api_is_complete(rita: User, office: object) -> None:
    client = APIClient()
    client.force_login(rita)
    schema = client.get("/api/schema/", {"format": "json"})
    assert schema.status_code == 200
    assert "/api/v1/orders/{number}/hand-over/" in schema.content.decode()
    assert client.get("/api/docs/").status_code == 200


def test_a_likely_duplicate_is_a_conflict_with_the_similar_customers(
    caller: Caller, nora: Customer, mug: Product
) -> None:
    rita = caller("rita")
    same = {"name": "N. Nordmann", "phone": "0044 20 7946 0958"}
    told = rita.send("customers/", same)
    assert told.status_code == 409
    (candidate,) = told.json()["candidates"]
    assert candidate["number"] == nora.number
    assert "same phone" in candidate["reasons"]
    assert rita.send("orders/", {**LINES, "customer": same}).status_code == 409
    confirmed = {**same, "confirm_duplicate": True}
    made = rita.send("customers/", confirmed)
    assert made.status_code == 201
    assert rita.read(f"customers/{made.json()['number']}/").json()["name"] == "N. Nordmann"


def test_the_search_returns_only_records_the_caller_may_see(
    caller: Caller, nora: Customer, mug: Product, drain: Drain
) -> None:
    number = caller("rita").send("orders/", {**LINES, "customer": nora.number}).json()["number"]
    drain()
    kinds = {
        person: {
            hit["kind"]
            for hit in caller(person).read("search/", q="nora nordman").json()["results"]
        }
        for person in ("rita", "femi", "amir", "maya", "hanna")
    }
    assert kinds == {
        "rita": {"customer", "order"},
        "femi": {"ticket"},
        "amir": {"invoice"},
        "maya": {"customer", "order", "ticket", "invoice"},
        "hanna": set(),
    }
    (hit,) = caller("rita").read("search/", q=number.lower().replace("-", " ")).json()["results"]
    assert (hit["number"], hit["is_exact"]) == (number, True)
    assert caller("rita").read("search/").status_code == 400
