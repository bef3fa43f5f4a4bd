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
    data = {"amount": "24.00", "method": "cash", "given": "30", "idempotency_key": "p1"}
    answer = desk.post(address(order, "pay/"), data, follow=True)
    assert page_messages(answer) == ["Payment of £24.00 taken (Cash). Give £6.00 change."]
    desk.post(address(order, "pay/"), data)
    order.refresh_from_db()
    assert order.paid == Decimal("24.00")
    assert order.payments.count() == 1


def test_a_part_payment_leaves_the_rest_open(desk: Client, order: Order) -> None:
    data = {"amount": "10", "method": "card", "given": "", "idempotency_key": "p1"}
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
        ("24", "20", "given"),
    ],
)
def test_a_bad_payment_is_refused_beside_its_field(
    desk: Client, order: Order, amount: str, given: str, field: str
) -> None:
    answer = desk.post(address(order, "pay/"), {"amount": amount, "method": "cash", "given": given})
    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == [field]
    assert not order.payments.exists()


def test_the_change_is_computed_by_the_server(desk: Client, order: Order) -> None:
    url = address(order, "change/")
    assert "£5.50" in desk.post(url, {"amount": "4,50", "given": "10"}).content.decode()
    short = desk.post(url, {"amount": "4.50", "given": "4"}).content.decode()
    assert "£0.50 is missing" in short
    assert desk.post(url, {"amount": "4.50", "given": ""}).content.decode().strip() == ""


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
    assert "Pay a refund of £24.00?" in desk.get(url).content.decode()
    assert page_messages(desk.post(url, {"method": "cash"}, follow=True)) == [
        "Refund of £24.00 paid."
    ]
    late = desk.post(url, {"method": "cash"}, follow=True)
    assert page_messages(late)[-1] == "Rita Receptionist has already paid this refund."
