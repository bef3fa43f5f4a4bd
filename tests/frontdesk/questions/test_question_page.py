"""The page that answers a question."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from frontdesk.orders.models import Order
from officeflow.handoff.models import Handoff

pytestmark = pytest.mark.django_db


def address(order: Order, act: str = "") -> str:
    return f"/desk/orders/{order.number}/{act}"


def page_messages(answer: object) -> list[str]:
    return [str(message) for message in answer.context["messages"]]  # type: ignore[attr-defined]


def test_a_question_is_answered_from_the_order(
    desk: Client, order: Order, return_with_question: Callable[[str, str], None]
) -> None:
    return_with_question(order.number, "Which colour?")
    page = desk.get(address(order)).content.decode()
    assert "Which colour?" in page
    url = "/desk/questions/TK-000077/"
    assert url in page
    # The order that the question is about can be read beside it.
    line = order.lines.get()
    asked = desk.get(url).content.decode()
    assert line.description in asked
    reason = order.questions.get().reason_label
    assert reason
    assert reason in asked
    assert desk.post(url, {"answer": " "}).status_code == 422
    assert desk.post(url, {"answer": "The blue one"})["Location"] == address(order)
    assert "The blue one" in desk.get(address(order)).content.decode()
    assert Handoff.objects.filter(contract="TicketAnswered", destination="fulfilment").exists()
    assert desk.get(url).status_code == 302
    # A colleague who had the form open keeps what was typed, beside the answer that was sent.
    late = desk.post(url, {"answer": "The red one"})
    assert late.status_code == 409
    assert "The red one" in late.content.decode()
    assert "The blue one" in late.content.decode()
    assert desk.get("/desk/questions/TK-999999/").status_code == 404
