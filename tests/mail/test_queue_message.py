"""Queueing messages: events, recipients, wordings."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal

import pytest
from django.test import Client

from frontdesk.complaints.actions.complaints import raise_complaint
from frontdesk.complaints.models import ComplaintCategory
from frontdesk.customers.models import Customer
from frontdesk.orders.actions.place import place_order
from frontdesk.orders.actions.pricing import NewLine
from frontdesk.orders.messages import PLACED, READY
from frontdesk.orders.models import Delivery, Order
from officeflow import limits
from officeflow.catalogue.models import Product
from officeflow.company.models import Office
from officeflow.handoff.contracts import (
    ComplaintOutcome,
    ComplaintResolved,
    ComplaintTaken,
    FulfilmentProgressed,
)
from officeflow.handoff.models import Destination, Handoff
from officeflow.handoff.outbox import post
from officeflow.mail.actions import queue_message, switch_event
from officeflow.mail.models import Message, MessageEvent, MessageText
from officeflow.mail.reference import ensure
from officeflow.mail.staff_events import PASSWORD_RESET
from officeflow.mail.states import MessageState
from officeflow.staff.link_messages import LinkMessage, link_issued
from officeflow.staff.models import User
from tests.orders import WHEN

pytestmark = pytest.mark.django_db
Drain = Callable[[], int]


def progress(order: Order, state: str) -> None:
    post(
        FulfilmentProgressed(order_number=order.number, state=state, at=WHEN),
        to=[Destination.FRONTDESK],
        subject=order.number,
        actor=None,
    )


def events() -> list[str]:
    return list(Message.objects.order_by("pk").values_list("event", flat=True))


def test_an_order_is_confirmed_with_its_lines_and_total(
    mailbox: None, placed: Order, nora: Customer, office: Office, drain: Drain
) -> None:
    message = Message.objects.get()
    assert message.state == MessageState.WAITING
    assert (message.event, message.reference) == (PLACED.code, placed.number)
    assert (message.to_address, message.customer_number) == (nora.email, nora.number)
    assert "2 × Blue mug: £24.00" in message.body
    assert "Total: £24.00" in message.body
    assert message.body.rstrip().endswith("-- \nThe Paper Lantern")
    assert placed.number in message.subject
    drain()
    message.refresh_from_db()
    assert message.state == MessageState.KEPT
    assert message.handoff.destination == Destination.MAIL


def test_no_message_is_created_while_mail_is_off(placed: Order) -> None:
    assert not Message.objects.exists()
    assert not Handoff.objects.filter(destination=Destination.MAIL).exists()


def test_customers_without_address_or_consent_get_none(
    mailbox: None, rita: User, nora: Customer, mug: Product
) -> None:
    lines = [NewLine(product=mug, quantity=Decimal(1))]
    nora.wants_mail = False
    nora.save()
    place_order(actor=rita, customer=nora, lines=lines)
    nora.wants_mail, nora.email = True, ""
    nora.save()
    place_order(actor=rita, customer=nora, lines=lines)
    place_order(actor=rita, customer=None, lines=lines)
    assert events() == []


def test_an_imported_order_sends_no_message(
    mailbox: None, rita: User, nora: Customer, mug: Product, drain: Drain
) -> None:
    order = place_order(
        actor=rita,
        customer=nora,
        lines=[NewLine(product=mug, quantity=Decimal(1))],
        source="log",
        source_reference="536365",
    )
    progress(order, "ready")
    drain()
    assert events() == []


def test_goods_that_are_ready_are_announced_with_the_open_amount(
    mailbox: None, placed: Order, drain: Drain
) -> None:
    progress(placed, "in_progress")
    progress(placed, "ready")
    drain()
    assert events() == ["order_placed", "goods_ready"]
    assert "the remaining £24.00 when" in Message.objects.get(event=READY.code).body


def test_goods_to_be_delivered_are_announced_when_they_leave(
    mailbox: None, rita: User, nora: Customer, mug: Product, drain: Drain
) -> None:
    order = place_order(
        actor=rita,
        customer=nora,
        lines=[NewLine(product=mug, quantity=Decimal(1))],
        delivery=Delivery.DELIVERY,
        delivery_address="Lamp Street 1",
    )
    progress(order, "ready")
    progress(order, "shipped")
    drain()
    assert events() == ["order_placed", "goods_shipped"]
    assert "Lamp Street 1" in Message.objects.get(event="goods_shipped").body


@pytest.mark.parametrize(
    ("category", "told"),
    [(ComplaintCategory.GOODS, ["complaint_answered"]), (ComplaintCategory.CONDUCT, [])],
)
def test_an_answer_is_sent_but_never_for_a_sealed_complaint(
    mailbox: None,
    rita: User,
    nora: Customer,
    drain: Drain,
    category: ComplaintCategory,
    told: list[str],
) -> None:
    complaint = raise_complaint(
        actor=rita, customer=nora, category=category, description="Not right"
    )
    for contract in (
        ComplaintTaken(complaint_number=complaint.number, taken_at=WHEN),
        ComplaintResolved(
            complaint_number=complaint.number,
            outcome=ComplaintOutcome.GOODWILL,
            message="We are sorry, Nora.",
            resolved_at=WHEN,
            resolved_by_name="Femi",
        ),
    ):
        post(contract, to=[Destination.FRONTDESK], subject=complaint.number, actor=None)
    drain()
    complaint.refresh_from_db()
    assert complaint.state == "resolved"
    assert events() == told


def test_an_event_that_is_off_sends_no_message(
    mailbox: None, ada: User, rita: User, nora: Customer, mug: Product
) -> None:
    ensure()
    row = MessageEvent.objects.get(code=PLACED.code)
    switch_event(actor=ada, event=PLACED, is_on=False, version=row.version)
    place_order(actor=rita, customer=nora, lines=[NewLine(product=mug, quantity=Decimal(1))])
    assert events() == []


def test_a_secret_message_is_sealed_and_nobody_reads_its_link(
    mailbox: None, ada: User, rita: User, office: Office, drain: Drain
) -> None:
    message = queue_message(
        actor=None,
        event=PASSWORD_RESET.code,
        to_address="rita@example.org",
        to_name="Rita",
        values={"name": "Rita", "link": "https://office.example/secret-token", "until": "noon"},
    )
    assert message is not None
    assert message.body == ""
    handoff = Handoff.objects.get(subject=message.number)
    assert handoff.is_sealed
    drain()
    handoff.refresh_from_db()
    assert handoff.payload == {}
    client = Client()
    client.force_login(rita)
    assert client.get(f"/desk/messages/{message.number}/").status_code == 404
    client.force_login(ada)
    assert "secret-token" not in client.get(f"/desk/messages/{message.number}/").content.decode()
    message.refresh_from_db()
    assert (message.state, message.body) == (MessageState.FAILED, "")
    assert "no mail server" in message.error


@pytest.mark.parametrize(
    ("language", "until"),
    [("en-us", "Dec 8, 2026, 10:28 p.m."), ("en-gb", "8 Dec 2026, 22:28")],
)
def test_a_time_in_a_message_is_written_as_its_reader_writes_it(
    mailbox: None, rita: User, office: Office, language: str, until: str
) -> None:
    message = LinkMessage(
        event=PASSWORD_RESET.code,
        to_address="rita@example.org",
        to_name="Rita",
        link="https://office.example/secret-token",
        until_at=datetime(2026, 12, 8, 22, 28, tzinfo=UTC),
        language=language,
    )
    link_issued.send(sender=LinkMessage, message=message, actor=rita)
    assert until in Handoff.objects.get().payload["body"]


def test_a_secret_message_fits_into_its_hand_off_however_often_its_wording_repeats_itself(
    mailbox: None, office: Office
) -> None:
    event = MessageEvent.objects.get(code=PASSWORD_RESET.code)
    MessageText.objects.create(event=event, language="en", subject="Link", body="{link} " * 700)
    message = queue_message(
        actor=None,
        event=PASSWORD_RESET.code,
        to_address="rita@example.org",
        to_name="Rita",
        values={"name": "Rita", "link": "https://office.example/" + "x" * 100, "until": "noon"},
    )
    assert message is not None
    assert len(Handoff.objects.get(subject=message.number).payload["body"]) == limits.TEXT


def test_a_message_costs_few_queries(
    mailbox: None,
    rita: User,
    nora: Customer,
    mug: Product,
    monkeypatch: pytest.MonkeyPatch,
    django_assert_max_num_queries: Callable[[int], object],
) -> None:
    """Against an order without one: its wording, number, row, and the hand-off's three."""
    with django_assert_max_num_queries(7):  # type: ignore[attr-defined]
        queue_message(
            actor=rita,
            event=PLACED.code,
            to_address=nora.email,
            values={},
            office=Office.objects.select_related("main_site").get(),
        )
