"""Timelines join what one transaction wrote, whatever the clocks say."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from frontdesk.orders.models import Order
from frontdesk.orders.queries.orders import with_parts
from frontdesk.payments.actions.payments import take_payment
from frontdesk.payments.models.methods import DefaultMethod
from frontdesk.questions.actions import answer_question
from frontdesk.questions.models import DeskQuestion
from frontdesk.timelines.orders import TimelineItem, order_timeline
from officeflow.handoff.models import Handoff
from officeflow.staff.models import User

in_transactions_of_their_own = pytest.mark.django_db(transaction=True)
in_one_transaction = pytest.mark.django_db


def pay(rita: User, order: Order, *amounts: int) -> None:
    for amount in amounts:
        take_payment(actor=rita, order=order, amount=Decimal(amount), method=DefaultMethod.CARD)


def break_last_payment() -> None:
    last = Handoff.objects.filter(contract="PaymentTaken").latest("pk")
    Handoff.objects.filter(pk=last.pk).update(state="dead")


def timeline(order: Order, title: str) -> list[TimelineItem]:
    loaded = with_parts(Order.objects.get(pk=order.pk))
    return [item for item in order_timeline(loaded) if str(item.title) == title]


def receipts(items: list[TimelineItem]) -> list[list[str]]:
    """The states of the steps of each item's receipts."""
    return [[step.state for each in item.receipts for step in each.steps] for item in items]


@in_transactions_of_their_own
def test_two_payments_of_one_moment_keep_their_own_hand_offs(rita: User, order: Order) -> None:
    with time_machine.travel(timezone.now(), tick=False):
        pay(rita, order, 10, 14)
    Handoff.objects.filter(contract="PaymentTaken").update(posted_at=timezone.now())
    break_last_payment()
    first, second = timeline(order, "Payment taken")
    assert "10.00" in first.text
    assert receipts([first, second]) == [["done", "now"], ["done", "bad"]]


@in_transactions_of_their_own
def test_two_reports_delivered_crosswise_keep_their_own_hand_offs(
    order: Order, report_goods: Callable[[Order, str], None]
) -> None:
    report_goods(order, "in_progress")
    report_goods(order, "ready")
    first, second = Handoff.objects.filter(contract="FulfilmentProgressed").order_by("sequence")
    for handoff, other in ((first, second), (second, first)):
        Handoff.objects.filter(pk=handoff.pk).update(
            delivered_at=other.delivered_at, posted_at=handoff.posted_at - timedelta(days=1)
        )
    items = timeline(order, "Fulfilment")
    assert [item.status for item in items] == ["in_progress", "ready"]
    delivered = [item.receipts[0].steps[1].at for item in items]
    assert delivered == [second.delivered_at, first.delivered_at]


@in_one_transaction
def test_in_one_transaction_the_nearest_hand_offs_are_joined(
    rita: User, order: Order, report_goods: Callable[[Order, str], None]
) -> None:
    pay(rita, order, 10)
    report_goods(order, "in_progress")
    pay(rita, order, 14)
    report_goods(order, "ready")
    break_last_payment()
    assert receipts(timeline(order, "Payment taken")) == [["done", "now"], ["done", "bad"]]
    posted = [item.receipts[0].steps[0].at for item in timeline(order, "Fulfilment")]
    assert len(posted) == 2
    assert posted == sorted(posted)


@pytest.mark.django_db
def test_questions_and_answers_stand_in_their_order(
    rita: User, order: Order, return_with_question: Callable[[str, str], None]
) -> None:
    with time_machine.travel(timezone.now(), tick=False) as clock:
        for colour in ("blue", "red"):
            return_with_question(order.number, f"How {colour}?")
            clock.shift(1)
            question = DeskQuestion.objects.get(closed_at__isnull=True)
            answer_question(actor=rita, question=question, answer=f"Very {colour}")
    asked = timeline(order, "Returned to the desk with a question")
    assert [item.text.partition(": ")[2] for item in asked] == ["How blue?", "How red?"]
    answered = timeline(order, "Question answered")
    assert [item.text for item in answered] == ["Very blue", "Very red"]


@pytest.mark.django_db
def test_a_longer_timeline_needs_no_more_queries(rita: User, order: Order) -> None:
    def count_queries() -> int:
        loaded = with_parts(Order.objects.get(pk=order.pk))
        with CaptureQueriesContext(connection) as queries:
            order_timeline(loaded)
        return len(queries)

    pay(rita, order, 1)
    few = count_queries()
    pay(rita, order, *[1] * 5)
    assert count_queries() == few
