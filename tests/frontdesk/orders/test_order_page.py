"""An order's page and its actions."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from frontdesk.orders.actions.cancel import cancel_order
from frontdesk.orders.actions.place import place_order
from frontdesk.orders.actions.pricing import NewLine
from frontdesk.orders.actions.rush import ask_for_rush
from frontdesk.orders.models import Order
from frontdesk.orders.queries.orders import with_parts
from frontdesk.orders.states import OrderState
from frontdesk.payments.actions.payments import take_payment
from frontdesk.payments.models.methods import DefaultMethod
from frontdesk.timelines.orders import order_timeline
from officeflow.catalogue.models import Product
from officeflow.handoff.actions import mark_accepted
from officeflow.handoff.contracts import Contract
from officeflow.handoff.models import Handoff
from officeflow.staff.models import User

pytestmark = pytest.mark.django_db


def address(order: Order, act: str = "") -> str:
    return f"/desk/orders/{order.number}/{act}"


def page_messages(answer: object) -> list[str]:
    return [str(message) for message in answer.context["messages"]]  # type: ignore[attr-defined]


def test_the_page_shows_lines_amounts_and_the_next_action(desk: Client, order: Order) -> None:
    page = desk.get(address(order)).content.decode()
    for text in ("Blue mug", "£24.00", "Nora Nordmann", "Wrap them well", "Order placed"):
        assert text in page
    assert address(order, "pay/") in page
    assert address(order, "hand-over/") not in page


def test_the_page_asks_for_each_thing_once(
    rita: User, desk: Client, order: Order, django_assert_max_num_queries: Callable[..., Any]
) -> None:
    desk.get(address(order))
    with django_assert_max_num_queries(18):
        desk.get(address(order))
    for _ in range(3):
        take_payment(actor=rita, order=order, amount=Decimal(1), method=DefaultMethod.CARD)
    # The payments with their people.
    with django_assert_max_num_queries(19):
        desk.get(address(order))


def test_parts_that_an_order_does_not_have_need_no_query(
    rita: User, order: Order, django_assert_num_queries: Callable[..., Any]
) -> None:
    take_payment(actor=rita, order=order, amount=Decimal(1), method=DefaultMethod.CARD)
    found = Order.objects.get(pk=order.pk)
    with django_assert_num_queries(3):  # which parts there are, the lines, the payments
        with_parts(found)
        assert [each.taken_by for each in found.payments.all()] == [rita]
        assert [list(each.corrections.all()) for each in found.payments.all()] == [[]]
        assert not found.refunds.all()
        assert not found.questions.all()
        with_parts(found)
    ask_for_rush(actor=rita, order=order, reason="Tonight")
    # A filter asks anew, as it does after Django's own prefetching.
    assert found.rushes.filter(answered_at=None).exists()
    assert len(with_parts(Order.objects.get(pk=order.pk)).rushes.all()) == 1


def test_a_number_is_normalised_and_an_unknown_one_is_404(desk: Client, order: Order) -> None:
    assert desk.get(f"/desk/orders/{order.number.lower()}/").status_code == 200
    assert desk.get("/desk/orders/SO-999999/").status_code == 404


def test_the_timeline_joins_audit_entries_and_receipts(
    desk: Client, order: Order, femi: User, report_goods: Callable[[Order, str], None]
) -> None:
    handoff = Handoff.objects.get(subject=order.number, destination="fulfilment")
    mark_accepted(handoff_id=handoff.pk, actor=femi, at=timezone.now())
    report_goods(order, "in_progress")
    placed, progressed = order_timeline(order)
    assert (str(placed.title), placed.actor, placed.handoff_to) == (
        "Order placed",
        "Rita Receptionist",
        "back",
    )
    assert {receipt.label for receipt in placed.receipts} == {"Fulfilment", "Accounting", "HR"}
    accepted = [step.actor for receipt in placed.receipts for step in receipt.steps if step.actor]
    assert accepted == ["Femi Fulfilment"]
    assert (progressed.handoff_to, progressed.status) == ("front", "in_progress")


def test_the_timeline_shows_waiting_reports_and_leaves_out_unchanged_states(
    order: Order,
    report_goods: Callable[[Order, str], None],
    reports: Callable[[Contract, str], None],
) -> None:
    report_goods(order, "waiting")
    report_goods(order, "waiting")
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


def test_handing_over_shows_the_open_amount_first(
    desk: Client, order: Order, report_goods: Callable[[Order, str], None]
) -> None:
    assert desk.get(address(order, "hand-over/")).status_code == 302
    report_goods(order, "ready")
    page = desk.get(address(order, "hand-over/")).content.decode()
    assert "£24.00 is still to be paid" in page
    desk.post(address(order, "hand-over/"))
    order.refresh_from_db()
    assert order.state == OrderState.COMPLETED
    late = desk.post(address(order, "hand-over/"), follow=True)
    assert page_messages(late)[-1] == "This order is already completed."


def test_cancelling_shows_its_consequences_and_needs_a_reason(
    desk: Client, order: Order, report_goods: Callable[[Order, str], None]
) -> None:
    desk.post(address(order, "pay/"), {"amount": "24", "method": "card"})
    report_goods(order, "in_progress")
    page = desk.get(address(order, "cancel/")).content.decode()
    assert "put the goods back" in page
    assert "£24.00 becomes a refund due" in page
    assert desk.post(address(order, "cancel/"), {"reason": "  "}).status_code == 422
    desk.post(address(order, "cancel/"), {"reason": "Changed her mind"})
    order.refresh_from_db()
    assert order.state == OrderState.CANCELLED
    assert "Changed her mind" in desk.get(address(order)).content.decode()


def words_of(client: Client, address: str) -> str:
    return " ".join(client.get(address).content.decode().split())


def test_money_of_a_cancelled_order_is_to_be_given_back_everywhere(
    desk: Client, rita: User, order: Order
) -> None:
    take_payment(actor=rita, order=order, amount=Decimal(10), method="cash")
    cancel_order(actor=rita, order=order, reason="Changed her mind")
    for page in (address(order), "/desk/orders/", "/desk/", f"/search/?q={order.number}"):
        text = desk.get(page, headers={"HX-Request": "true"}).content.decode()
        assert "£10.00 to give back" in " ".join(text.split()), page
    figures = desk.get(f"/desk/customers/{order.customer.number}/").context["figures"]  # type: ignore[union-attr]
    assert figures.money[0].to_give_back == Decimal(10)
    answer = desk.get(f"/api/v1/orders/{order.number}/").json()
    assert (answer["still_to_pay"], answer["to_give_back"]) == ("0.00", "10.00")
    export = b"".join(desk.get("/desk/orders/?export=csv")).decode()  # type: ignore[arg-type]
    assert "£10.00 to give back" in export


def test_a_free_order_has_nothing_to_pay(
    desk: Client, rita: User, mug: Product, drain: Callable[[], int]
) -> None:
    free = NewLine(product=mug, quantity=Decimal(1), discount_percent=Decimal(100))
    order = place_order(actor=rita, customer=None, lines=[free])
    drain()
    for page in (address(order), "/desk/orders/"):
        text = words_of(desk, page)
        assert "Nothing to pay" in text
        assert "<span>Paid</span>" not in text


@pytest.mark.parametrize(
    ("state", "fulfilment", "paid", "goods", "money", "step"),
    [
        ("placed", "waiting", 0, "Waiting in fulfilment", "£24.00 still to pay", "Wait for"),
        ("placed", "ready", 0, "Ready at the counter", "£24.00 still to pay", "Take £24.00, then"),
        ("placed", "ready", 24, "Ready at the counter", "Paid in full", "Hand over"),
        ("completed", "handed_over", 24, "With the customer", "Paid in full", "Nothing"),
        ("completed", "handed_over", 4, "With the customer", "£20.00 still to pay", "Take £20.00"),
        (
            "cancelled",
            "put_back",
            4,
            "Back on the shelf",
            "£4.00 to give back",
            "Wait for accounting",
        ),
        ("cancelled", "none", 0, "Not made ready", "Nothing to pay", "Nothing"),
    ],
)
def test_the_page_begins_with_goods_money_and_the_next_step(
    desk: Client,
    order: Order,
    state: str,
    fulfilment: str,
    paid: int,
    goods: str,
    money: str,
    step: str,
) -> None:
    Order.objects.filter(pk=order.pk).update(state=state, fulfilment_state=fulfilment, paid=paid)
    actions = desk.get(address(order)).context["actions"]
    assert (actions.goods, actions.money) == (goods, money)
    assert actions.next_step.startswith(step)
    # The highlighted button is that step.
    primary = [button.name for button in actions.buttons if button.variant == "primary"]
    first = {"Take": ["pay"], "Hand": ["hand-over"], "Wait": ["pay"], "Noth": []}[step[:4]]
    assert primary == ([] if state == "cancelled" else first)
    page = words_of(desk, address(order))
    assert ("Not started" in page) == (fulfilment == "none" and state == "placed")


def test_the_history_is_newest_first(
    desk: Client, order: Order, report_goods: Callable[[Order, str], None]
) -> None:
    report_goods(order, "in_progress")
    titles = [str(item.title) for item in desk.get(address(order)).context["timeline"]]
    assert titles == ["Fulfilment", "Order placed"]
