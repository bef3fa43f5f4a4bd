"""What the back office reports, as the desk writes it down."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from django.db import transaction
from django.utils import timezone

from frontdesk.complaints.actions.complaints import (
    confirm_complaint,
    raise_complaint,
    reopen_complaint,
)
from frontdesk.complaints.models import Category, Complaint
from frontdesk.complaints.states import ComplaintState
from frontdesk.customers.models import Customer
from frontdesk.orders.actions import NewLine, cancel_order, place_order
from frontdesk.orders.models import Order
from frontdesk.orders.states import FulfilmentState, OrderState
from frontdesk.questions.actions import answer_question
from frontdesk.questions.models import DeskQuestion
from officeflow.catalogue.models import Product
from officeflow.errors import Conflict, Refused
from officeflow.handoff import contracts, relay
from officeflow.handoff.contracts import Contract
from officeflow.handoff.models import Destination, Handoff, HandoffState
from officeflow.handoff.outbox import post
from officeflow.staff.models import User

pytestmark = pytest.mark.django_db
AT = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)


def report(contract: Contract, subject: str) -> None:
    """The back office tells the desk, and the desk's consumer hears it."""
    with transaction.atomic():
        post(contract, to=[Destination.FRONTDESK], subject=subject, actor=None)
    relay.drain([Destination.FRONTDESK])


@pytest.fixture
def order(rita: User, mug: Product) -> Order:
    return place_order(actor=rita, customer=None, lines=[NewLine(product=mug, quantity=Decimal(1))])


@pytest.fixture
def complaint(rita: User, nora: Customer) -> Complaint:
    return raise_complaint(
        actor=rita, customer=nora, category=Category.GOODS, description="The mug is chipped"
    )


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


def test_a_shipped_order_is_completed(order: Order) -> None:
    report(
        contracts.FulfilmentProgressed(order_number=order.number, state="shipped", at=AT),
        order.number,
    )
    order.refresh_from_db()
    assert (order.state, order.fulfilment_state) == ("completed", FulfilmentState.SHIPPED)
    assert order.periods.get(ended_at__isnull=True).state == OrderState.COMPLETED


def test_news_of_a_shipment_does_not_revive_a_cancelled_order(rita: User, order: Order) -> None:
    cancel_order(actor=rita, order=order, reason="Changed her mind")
    report(
        contracts.FulfilmentProgressed(order_number=order.number, state="shipped", at=AT),
        order.number,
    )
    order.refresh_from_db()
    assert (order.state, order.fulfilment_state) == ("cancelled", FulfilmentState.SHIPPED)


def test_the_bills_numbers_are_kept(order: Order) -> None:
    for state, fields in (
        ("invoiced", {"invoice_number": "INV-2026-000001"}),
        ("paid", {}),
        ("credited", {"credit_note_number": "CN-2026-000001"}),
    ):
        report(
            contracts.BillingProgressed(order_number=order.number, state=state, at=AT, **fields),
            order.number,
        )
    order.refresh_from_db()
    assert order.billing_state == "credited"
    assert order.invoice_number == "INV-2026-000001"
    assert order.credit_note_number == "CN-2026-000001"


def test_news_of_an_unknown_order_is_dead_at_once(office: object) -> None:
    report(
        contracts.FulfilmentProgressed(order_number="SO-999999", state="ready", at=AT), "SO-999999"
    )
    assert Handoff.objects.get().state == HandoffState.DEAD


def test_a_returned_ticket_asks_and_its_answer_goes_back(rita: User, order: Order) -> None:
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


def test_a_question_overtaken_by_the_cancellation_needs_no_answer(rita: User, order: Order) -> None:
    before = timezone.now() - timedelta(seconds=1)
    cancel_order(actor=rita, order=order, reason="Changed her mind")
    report(returned(order, before), order.number)
    assert DeskQuestion.objects.get().closed_at is not None


def test_a_question_about_putting_back_does_need_one(rita: User, order: Order) -> None:
    cancel_order(actor=rita, order=order, reason="Changed her mind")
    report(returned(order), order.number)
    assert DeskQuestion.objects.get().closed_at is None


def resolve(complaint: Complaint) -> None:
    report(
        contracts.ComplaintResolved(
            complaint_number=complaint.number,
            outcome="upheld",
            message="A new mug is on its way.",
            resolved_at=AT,
            resolved_by_name="Femi Fulfilment",
        ),
        complaint.number,
    )


def test_a_complaint_goes_from_logged_to_confirmed(rita: User, complaint: Complaint) -> None:
    report(
        contracts.ComplaintTaken(complaint_number=complaint.number, taken_at=AT), complaint.number
    )
    complaint.refresh_from_db()
    assert complaint.state == ComplaintState.IN_HAND
    resolve(complaint)
    confirm_complaint(actor=rita, complaint=complaint)
    complaint.refresh_from_db()
    assert complaint.state == ComplaintState.CONFIRMED
    assert complaint.message == "A new mug is on its way."
    assert complaint.periods.filter(ended_at__isnull=True).count() == 1


def test_there_is_nothing_to_confirm_before_an_answer(rita: User, complaint: Complaint) -> None:
    with pytest.raises(Conflict):
        confirm_complaint(actor=rita, complaint=complaint)


def test_a_reopened_complaint_goes_back_to_its_department(rita: User, complaint: Complaint) -> None:
    resolve(complaint)
    with pytest.raises(Refused):
        reopen_complaint(actor=rita, complaint=complaint, reason="")
    reopen_complaint(actor=rita, complaint=complaint, reason="The new one is chipped too")
    sent = Handoff.objects.get(contract="ComplaintReopened")
    assert (sent.destination, sent.sequence) == ("fulfilment", 2)
    complaint.refresh_from_db()
    assert complaint.state == ComplaintState.REOPENED


def test_a_reopened_sealed_complaint_stays_sealed(
    rita: User, nora: Customer, drain: Callable[[], int]
) -> None:
    sealed = raise_complaint(
        actor=rita, customer=nora, category=Category.CONDUCT, description="He shouted"
    )
    resolve(sealed)
    reopen_complaint(actor=rita, complaint=sealed, reason="He shouted again")
    sent = Handoff.objects.get(contract="ComplaintReopened")
    assert sent.is_sealed
    drain()
    sent.refresh_from_db()
    assert sent.payload == {}
