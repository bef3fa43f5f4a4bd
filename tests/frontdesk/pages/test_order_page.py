"""One order's page and what is done from it."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

import pytest
from django.test import Client
from django.utils import timezone

from frontdesk.orders.models import Order
from frontdesk.orders.states import OrderState
from frontdesk.timelines.orders import order_timeline
from officeflow.handoff import contracts
from officeflow.handoff.actions import mark_accepted
from officeflow.handoff.contracts import Contract
from officeflow.handoff.models import Handoff
from officeflow.staff.models import User

pytestmark = pytest.mark.django_db


def address(order: Order, act: str = "") -> str:
    return f"/desk/orders/{order.number}/{act}"


def words(answer: object) -> list[str]:
    return [str(message) for message in answer.context["messages"]]  # type: ignore[attr-defined]


def test_the_page_shows_lines_amounts_and_the_next_act(desk: Client, order: Order) -> None:
    page = desk.get(address(order)).content.decode()
    for text in ("Blue mug", "£24.00", "Nora Nordmann", "Wrap them well", "Order placed"):
        assert text in page
    assert address(order, "pay/") in page
    assert address(order, "hand-over/") not in page


def test_the_number_opens_as_typed_and_an_unknown_one_is_404(desk: Client, order: Order) -> None:
    assert desk.get(f"/desk/orders/{order.number.lower()}/").status_code == 200
    assert desk.get("/desk/orders/SO-999999/").status_code == 404


def test_the_story_joins_the_trail_with_the_receipts(
    desk: Client, order: Order, femi: User, goods: Callable[[Order, str], None]
) -> None:
    handoff = Handoff.objects.get(subject=order.number, destination="fulfilment")
    mark_accepted(handoff_id=handoff.pk, actor=femi, at=timezone.now())
    goods(order, "in_progress")
    placed, progressed = order_timeline(order)
    assert (str(placed.title), placed.actor, placed.crossing) == (
        "Order placed",
        "Rita Receptionist",
        "back",
    )
    assert {receipt.label for receipt in placed.receipts} == {"Fulfilment", "Accounting", "HR"}
    accepted = [step.actor for receipt in placed.receipts for step in receipt.steps if step.actor]
    assert accepted == ["Femi Fulfilment"]
    assert (progressed.crossing, progressed.status) == ("front", "in_progress")


def test_a_report_on_its_way_is_shown_and_one_that_changed_nothing_is_not(
    order: Order, goods: Callable[[Order, str], None], reports: Callable[[Contract, str], None]
) -> None:
    goods(order, "waiting")
    goods(order, "waiting")
    assert len(order_timeline(order)) == 2
    Handoff.objects.filter(subject=order.number, contract="FulfilmentProgressed").update(
        state="waiting", delivered_at=None
    )
    assert len(order_timeline(order)) == 3


def test_the_refresh_answers_304_until_a_receipt_comes(
    desk: Client, order: Order, femi: User
) -> None:
    first = desk.get(address(order, "now/"))
    assert 'id="order-badges" hx-swap-oob="true"' in first.content.decode()
    again = desk.get(address(order, "now/"), headers={"If-None-Match": first["ETag"]})
    assert again.status_code == 304
    handoff = Handoff.objects.filter(subject=order.number).first()
    assert handoff is not None
    mark_accepted(handoff_id=handoff.pk, actor=femi, at=timezone.now())
    changed = desk.get(address(order, "now/"), headers={"If-None-Match": first["ETag"]})
    assert changed.status_code == 200


def test_a_payment_is_prefilled_with_what_is_open_and_the_change_is_said(
    desk: Client, order: Order
) -> None:
    assert 'value="24.00"' in desk.get(address(order, "pay/")).content.decode()
    data = {"amount": "24.00", "method": "cash", "given": "30", "idempotency_key": "p1"}
    answer = desk.post(address(order, "pay/"), data, follow=True)
    assert words(answer) == ["Took £24.00: Cash. Give back £6.00."]
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


def test_handing_over_asks_first_and_says_what_is_open(
    desk: Client, order: Order, goods: Callable[[Order, str], None]
) -> None:
    assert desk.get(address(order, "hand-over/")).status_code == 302
    goods(order, "ready")
    page = desk.get(address(order, "hand-over/")).content.decode()
    assert "£24.00 is still to be paid" in page
    desk.post(address(order, "hand-over/"))
    order.refresh_from_db()
    assert order.state == OrderState.COMPLETED
    late = desk.post(address(order, "hand-over/"), follow=True)
    assert words(late)[-1] == "This order is completed already."


def test_cancelling_says_what_follows_and_needs_a_reason(
    desk: Client, order: Order, goods: Callable[[Order, str], None]
) -> None:
    desk.post(address(order, "pay/"), {"amount": "24", "method": "card"})
    goods(order, "in_progress")
    page = desk.get(address(order, "cancel/")).content.decode()
    assert "put the goods back" in page
    assert "£24.00 becomes a refund due" in page
    assert desk.post(address(order, "cancel/"), {"reason": "  "}).status_code == 422
    desk.post(address(order, "cancel/"), {"reason": "Changed her mind"})
    order.refresh_from_db()
    assert order.state == OrderState.CANCELLED
    assert "Changed her mind" in desk.get(address(order)).content.decode()


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
    assert "Pay back £24.00?" in desk.get(url).content.decode()
    assert words(desk.post(url, {"method": "cash"}, follow=True)) == ["Paid back £24.00."]
    late = desk.post(url, {"method": "cash"}, follow=True)
    assert words(late)[-1] == "Rita Receptionist has paid this back already."


def test_a_question_is_answered_from_the_order(
    desk: Client, order: Order, asks: Callable[[str, str], None]
) -> None:
    asks(order.number, "Which colour?")
    page = desk.get(address(order)).content.decode()
    assert "Which colour?" in page
    url = "/desk/questions/TK-000077/"
    assert url in page
    assert desk.post(url, {"answer": " "}).status_code == 422
    assert desk.post(url, {"answer": "The blue one"})["Location"] == address(order)
    assert "The blue one" in desk.get(address(order)).content.decode()
    assert Handoff.objects.filter(contract="TicketAnswered", destination="fulfilment").exists()
    assert desk.get(url).status_code == 302
    assert desk.get("/desk/questions/TK-999999/").status_code == 404
