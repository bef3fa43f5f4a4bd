"""The pages that take a payment and pay a refund."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

import pytest
from django.test import Client
from django.utils import timezone

from frontdesk.orders.models import Order
from officeflow.handoff import contracts
from officeflow.handoff.contracts import Contract
from officeflow.staff.models import User

pytestmark = pytest.mark.django_db


def address(order: Order, act: str = "") -> str:
    return f"/desk/orders/{order.number}/{act}"


def page_messages(answer: object) -> list[str]:
    return [str(message) for message in answer.context["messages"]]  # type: ignore[attr-defined]


def test_the_form_starts_with_the_open_amount_and_the_change_is_shown(
    desk: Client, order: Order
) -> None:
    assert 'value="24.00"' in desk.get(address(order, "pay/")).content.decode()
    data = {"amount": "24.00", "method": "cash", "cash_given": "30", "idempotency_key": "p1"}
    answer = desk.post(address(order, "pay/"), data, follow=True)
    payment = order.payments.get()
    assert (payment.cash_given, payment.change_given) == (Decimal(30), Decimal(6))
    assert answer.redirect_chain[0][0].endswith(f"?paid={payment.number}")
    assert answer.context["taken"] == payment
    assert "£6.00" in answer.content.decode()
    desk.post(address(order, "pay/"), data)
    order.refresh_from_db()
    assert order.paid == Decimal("24.00")
    assert order.payments.count() == 1


def test_the_side_panel_has_the_form_of_the_page(desk: Client, order: Order) -> None:
    panel = desk.get(address(order, "pay/"), headers={"HX-Request": "true"})
    assert "<html" not in panel.content.decode()
    assert 'id="pay-form"' in panel.content.decode()
    data = {"amount": "24.00", "method": "cash", "cash_given": "20", "idempotency_key": "p1"}
    wrong = desk.post(address(order, "pay/"), data, headers={"HX-Request": "true"})
    assert wrong.status_code == 422
    paid = desk.post(
        address(order, "pay/"), data | {"cash_given": "50"}, headers={"HX-Request": "true"}
    )
    assert paid["HX-Redirect"] == f"{address(order)}?paid={order.payments.get().number}"


def test_a_part_payment_leaves_the_rest_open(desk: Client, order: Order) -> None:
    data = {"amount": "10", "method": "card", "cash_given": "", "idempotency_key": "p1"}
    desk.post(address(order, "pay/"), data)
    assert 'value="14.00"' in desk.get(address(order, "pay/")).content.decode()


@pytest.mark.parametrize(
    ("amount", "given", "field"),
    [
        ("25", "", "amount"),
        ("0", "", "amount"),
        ("-1", "", "amount"),
        ("1.005", "", "amount"),
        ("lots", "", "amount"),
        ("", "", "amount"),
        ("24", "20", "cash_given"),
    ],
)
def test_a_bad_payment_is_refused_beside_its_field(
    desk: Client, order: Order, amount: str, given: str, field: str
) -> None:
    answer = desk.post(
        address(order, "pay/"), {"amount": amount, "method": "cash", "cash_given": given}
    )
    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == [field]
    assert not order.payments.exists()


def test_the_change_is_computed_by_the_server(desk: Client, order: Order) -> None:
    url = address(order, "change/")
    assert (
        "£5.50"
        in desk.post(url, {"amount": "4,50", "cash_given": "10", "method": "cash"}).content.decode()
    )
    short = desk.post(url, {"amount": "4.50", "cash_given": "4", "method": "cash"}).content.decode()
    assert "£0.50 is missing" in short
    exact = desk.post(url, {"amount": "4.50", "cash_given": "", "method": "cash"}).content.decode()
    assert "Take £4.50 (Cash)" in exact
    assert [note in exact for note in ("£5.00", "£10.00", "£20.00", "£50.00")] == [True] * 4
    card = desk.post(url, {"amount": "4.50", "cash_given": "10", "method": "card"})
    assert "Take £4.50 (Card)" in card.content.decode()
    assert "£5.50" not in card.content.decode()


def test_a_refund_is_paid_once(
    desk: Client, rita: User, order: Order, reports: Callable[[Contract, str], None]
) -> None:
    desk.post(address(order, "pay/"), {"amount": "24", "method": "cash"})
    reports(
        contracts.RefundDue(
            order_number=order.number,
            amount=Decimal("24.00"),
            currency="GBP",
            credit_note_number="CN-2026-000001",
            due_at=timezone.now(),
        ),
        order.number,
    )
    url = f"/desk/refunds/{order.refunds.get().number}/pay/"
    assert url in desk.get(address(order)).content.decode()
    page = desk.get(url)
    assert "Pay a refund of £24.00?" in page.content.decode()
    assert "Paid by Cash on" in page.content.decode()
    assert page.context["form"]["method"].value() == "cash"
    assert page_messages(desk.post(url, {"method": "cash"}, follow=True)) == [
        "Refund of £24.00 paid."
    ]
    late = desk.post(url, {"method": "cash"}, follow=True)
    assert page_messages(late)[-1] == "Rita Receptionist has already paid this refund."
