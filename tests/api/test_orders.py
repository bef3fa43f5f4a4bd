"""Orders over HTTP: placed once, read, cancelled, paid, handed over."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest

from frontdesk.customers.models import Customer
from frontdesk.orders.models import Order
from frontdesk.payments.models.payments import Payment
from officeflow.catalogue.models import Product
from tests.api.conftest import Caller, Client

pytestmark = pytest.mark.django_db
Drain = Callable[[], int]


@pytest.fixture
def desk(caller: Caller, mug: Product, book: Product) -> Client:
    return caller("rita")


def order(client: Client, key: str = "", **fields: Any) -> dict[str, Any]:
    body = {"customer": None, "lines": [{"sku": "MUG", "quantity": 2}], "note": "", **fields}
    answer = client.send("orders/", body, key)
    assert answer.status_code == 201, answer.data
    return answer.json()


def test_an_order_without_a_customer_is_placed(desk: Client) -> None:
    made = order(desk)
    assert made["number"].startswith("SO-")
    assert made["state"] == "placed"
    assert made["fulfilment_state"] == "none"
    assert made["billing_state"] == "none"
    assert made["customer"] is None
    assert made["total"] == "24.00"
    assert made["lines"][0]["quantity"] == "2"


def test_an_order_with_another_total_than_expected_is_not_placed(desk: Client) -> None:
    body = {"customer": None, "lines": [{"sku": "MUG", "quantity": 2}], "expected_total": "22.00"}
    answer = desk.send("orders/", body)
    assert answer.status_code == 409
    assert "£24.00 (was £22.00)" in answer.json()["detail"]
    assert answer.json()["total"] == "24.00"
    assert not Order.objects.exists()
    assert order(desk, expected_total="24.00")["total"] == "24.00"


def test_an_order_names_a_customer_by_number(desk: Client, nora: Customer) -> None:
    made = order(desk, customer=nora.number)
    assert made["customer"] == {"number": nora.number, "name": "Nora Nordmann"}


def test_a_new_customer_is_added_with_the_order(desk: Client) -> None:
    made = order(
        desk, customer={"name": "Ole", "phone": "020 7946 0000", "email": "ole@example.org"}
    )
    assert Customer.objects.get().number == made["customer"]["number"]


def test_an_invalid_new_customer_places_no_order(desk: Client) -> None:
    answer = desk.send(
        "orders/",
        {
            "customer": {"name": "Ole", "email": "nonsense"},
            "lines": [{"sku": "MUG", "quantity": 1}],
        },
    )
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["field"] == "customer.email"
    assert not Order.objects.exists()
    assert not Customer.objects.exists()


def test_the_same_key_and_body_return_the_same_response(desk: Client, drain: Drain) -> None:
    body = {"customer": None, "lines": [{"sku": "MUG", "quantity": 2}], "note": "wrap it"}
    first = desk.send("orders/", body, "once")
    drain()  # the states move on meanwhile
    again = desk.send("orders/", body, "once")
    assert again.status_code == 201
    assert again.json() == first.json()
    assert Order.objects.count() == 1


def test_another_body_under_the_same_key_is_refused(desk: Client) -> None:
    order(desk, "once")
    answer = desk.send("orders/", {"lines": [{"sku": "MUG", "quantity": 3}]}, "once")
    assert answer.status_code == 422
    assert Order.objects.count() == 1


def test_the_key_of_a_refused_order_can_be_used_again(desk: Client) -> None:
    assert desk.send("orders/", {"lines": [{"sku": "MUG", "quantity": 0}]}, "k").status_code == 400
    order(desk, "k")


def test_an_order_needs_an_idempotency_key(desk: Client) -> None:
    answer = desk.send("orders/", {"lines": [{"sku": "MUG", "quantity": 1}]}, None)
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["field"] == "Idempotency-Key"


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "lines"),
        ({"lines": []}, "lines"),
        ({"lines": [{"sku": "MUG"}]}, "lines.0.quantity"),
        ({"lines": [{"sku": "NOPE", "quantity": 1}]}, "lines.0.sku"),
        ({"lines": [{"sku": "MUG", "quantity": 1.5}]}, "lines.0.quantity"),
        ({"lines": [{"sku": "MUG", "quantity": "1_0"}]}, "lines.0.quantity"),
        ({"lines": [{"sku": "MUG", "quantity": "1e1"}]}, "lines.0.quantity"),
        ({"lines": [{"sku": "MUG", "quantity": "٣"}]}, "lines.0.quantity"),
        (
            {"lines": [{"sku": "MUG", "quantity": 1, "discount_percent": "100.01"}]},
            "lines.0.discount_percent",
        ),
        (
            {"lines": [{"sku": "BOOK", "quantity": 1}, {"sku": "MUG", "quantity": -1}]},
            "lines.1.quantity",
        ),
        ({"lines": [{"sku": "MUG", "quantity": 1}], "customer": "CU-999999"}, "customer"),
        ({"lines": [{"sku": "MUG", "quantity": 1}], "customer": 7}, "customer"),
        ({"lines": [{"sku": "MUG", "quantity": 1}], "delivery": "delivery"}, "delivery_address"),
        ({"lines": [{"sku": "MUG", "quantity": 1}], "note": "n" * 4001}, "note"),
    ],
)
def test_a_problem_names_the_field(desk: Client, body: dict[str, Any], field: str) -> None:
    answer = desk.send("orders/", body)
    assert answer.status_code == 400
    assert answer["Content-Type"] == "application/problem+json"
    error = answer.json()["errors"][0]
    assert error["field"] == field
    assert error["message"]
    assert not Order.objects.exists()


def test_an_order_is_found_by_any_spelling_of_its_number(desk: Client) -> None:
    number = order(desk)["number"]
    assert desk.read(f"orders/{number}/").json()["number"] == number
    short = f"so{int(number[3:])}"
    assert desk.read(f"orders/{short}/").json()["number"] == number
    assert desk.read("orders/SO-999999/").status_code == 404


def test_orders_are_listed_in_pages_by_key(desk: Client) -> None:
    numbers = [order(desk)["number"] for _ in range(3)]
    page = desk.get("/api/v1/orders/?page_size=2").json()
    assert [row["number"] for row in page["results"]] == [numbers[2], numbers[1]]
    rest = desk.get(page["next"]).json()
    assert [row["number"] for row in rest["results"]] == [numbers[0]]
    assert rest["next"] is None
    assert desk.get(rest["previous"]).json() == page


def test_the_list_needs_a_constant_number_of_queries(
    desk: Client, django_assert_max_num_queries: Any
) -> None:
    for _ in range(8):
        order(desk)
    with django_assert_max_num_queries(10):
        desk.read("orders/")


def test_an_order_is_cancelled_with_a_reason(desk: Client) -> None:
    number = order(desk)["number"]
    assert desk.send(f"orders/{number}/cancel/").status_code == 400
    answer = desk.send(f"orders/{number}/cancel/", {"reason": "Changed her mind"})
    assert (answer.status_code, answer.json()["state"]) == (200, "cancelled")
    assert desk.send(f"orders/{number}/cancel/", {"reason": "again"}).status_code == 409


def test_a_payment_is_taken_once(desk: Client, drain: Drain) -> None:
    number = order(desk)["number"]
    body = {"amount": "10.00", "method": "cash"}
    first = desk.send(f"orders/{number}/payments/", body, "pay")
    assert first.status_code == 201
    assert first.json()["amount"] == "10.00"
    drain()
    desk.send(f"orders/{number}/payments/", {"amount": "1.00", "method": "cash"})
    assert desk.send(f"orders/{number}/payments/", body, "pay").json() == first.json()
    assert Payment.objects.count() == 2


def test_a_payment_above_the_open_amount_is_refused(desk: Client) -> None:
    number = order(desk)["number"]
    answer = desk.send(f"orders/{number}/payments/", {"amount": "99.00", "method": "card"})
    assert answer.status_code == 400
    assert "£24.00" in answer.json()["errors"][0]["message"]


def test_goods_are_handed_over_when_they_are_ready(
    desk: Client, caller: Caller, drain: Drain
) -> None:
    number = order(desk)["number"]
    assert desk.send(f"orders/{number}/hand-over/").status_code == 409
    drain()
    femi = caller("femi")
    (ticket,) = femi.read("tickets/", department="fulfilment", state="waiting").json()["results"]
    assert ticket["subject"] == number
    femi.send(f"tickets/{ticket['number']}/take/")
    femi.send(f"tickets/{ticket['number']}/complete/")
    drain()
    assert desk.read(f"orders/{number}/").json()["fulfilment_state"] == "ready"
    done = desk.send(f"orders/{number}/hand-over/").json()
    assert (done["state"], done["fulfilment_state"]) == ("completed", "handed_over")


def test_the_answer_is_what_the_order_is_read_as(desk: Client, nora: Customer) -> None:
    made = order(
        desk,
        customer=nora.number,
        lines=[
            {"sku": "BOOK", "quantity": "3.00", "discount_percent": "12.5"},
            {"sku": "MUG", "quantity": 2},
        ],
        delivery="delivery",
        delivery_address=" 2 New Road ",
        wanted_by_date=str(date.today() + timedelta(days=2)),
        note="wrap it\n",
    )
    assert desk.read(f"orders/{made['number']}/").json() == made


def test_placing_an_order_takes_a_constant_number_of_queries(
    desk: Client, nora: Customer, django_assert_max_num_queries: Any
) -> None:
    order(desk, customer=nora.number)
    lines = [{"sku": sku, "quantity": 1} for sku in ("MUG", "BOOK") * 20]
    with django_assert_max_num_queries(18):
        order(desk, customer=nora.number, lines=lines)
