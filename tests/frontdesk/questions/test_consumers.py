"""Questions of returned tickets and their answers."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from frontdesk.orders.actions.cancel import cancel_order
from frontdesk.orders.actions.place import place_order
from frontdesk.orders.actions.pricing import NewLine
from frontdesk.orders.models import Order
from frontdesk.questions.actions import answer_question
from frontdesk.questions.models import DeskQuestion
from officeflow.catalogue.models import Product
from officeflow.errors import Conflict, Refused
from officeflow.handoff import contracts
from officeflow.handoff.models import Handoff
from officeflow.staff.models import User
from tests.frontdesk.conftest import report

pytestmark = pytest.mark.django_db
AT = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)


@pytest.fixture
def order(rita: User, mug: Product) -> Order:
    return place_order(actor=rita, customer=None, lines=[NewLine(product=mug, quantity=Decimal(1))])


def returned(order: Order, at: datetime | None = None) -> contracts.TicketReturned:
    return contracts.TicketReturned(
        ticket_number="TK-000001",
        subject=order.number,
        department="fulfilment",
        reason="ask_customer",
        question="Is red all right?",
        returned_at=at or timezone.now(),
        returned_by_name="Femi Fulfilment",
    )


def test_a_returned_ticket_adds_a_question_and_the_answer_is_posted(
    rita: User, order: Order
) -> None:
    report(returned(order), order.number)
    question = DeskQuestion.objects.get(closed_at__isnull=True)
    answer_question(actor=rita, question=question, answer="Red is fine")
    sent = Handoff.objects.get(contract="TicketAnswered")
    assert (sent.destination, sent.subject) == ("fulfilment", order.number)
    assert sent.payload["answered_by_name"] == "Rita Receptionist"


def test_an_answer_is_given_once(rita: User, ravi: User, order: Order) -> None:
    report(returned(order), order.number)
    question = DeskQuestion.objects.get()
    with pytest.raises(Refused):
        answer_question(actor=rita, question=question, answer=" ")
    answer_question(actor=rita, question=question, answer="Red is fine")
    with pytest.raises(Conflict, match="Rita"):
        answer_question(actor=ravi, question=question, answer="Blue, please")


def test_a_question_from_before_the_cancellation_needs_no_answer(rita: User, order: Order) -> None:
    before = timezone.now() - timedelta(seconds=1)
    cancel_order(actor=rita, order=order, reason="Changed her mind")
    report(returned(order, before), order.number)
    assert DeskQuestion.objects.get().closed_at is not None


def test_a_question_from_after_the_cancellation_needs_an_answer(rita: User, order: Order) -> None:
    cancel_order(actor=rita, order=order, reason="Changed her mind")
    report(returned(order), order.number)
    assert DeskQuestion.objects.get().closed_at is None
