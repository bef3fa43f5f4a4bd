"""A message to the customer never goes before the report that takes back what it says."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection, transaction
from django.test import Client
from django.urls import reverse

from backoffice.tickets.actions import (
    TicketStateConflict,
    complete_ticket,
    reopen_ticket,
    take_ticket,
)
from backoffice.tickets.models import Ticket
from backoffice.tickets.states import TicketKind
from frontdesk.orders.models import Delivery
from officeflow.handoff.actions import discard
from officeflow.handoff.applying import draining
from officeflow.handoff.clock import OfficeClock
from officeflow.handoff.equation import balance
from officeflow.handoff.models import Destination, Handoff, HandoffState
from officeflow.mail import queries as mail_queries
from officeflow.mail.models import Message
from officeflow.mail.states import MessageState
from officeflow.staff.models import User
from tests.consumers import refusing_consumer
from tests.races import until_somebody_waits
from tests.tickets.conftest import complain, complaint_ticket, deliver, ordered, ticket

__all__ = ["complain", "complaint_ticket", "ordered", "ticket"]

pytestmark = pytest.mark.django_db


@pytest.fixture(params=["ready", "shipped", "answered"])
def finished(
    request: pytest.FixtureRequest,
    mailbox: None,
    femi: User,
    maya: User,
    ordered: Callable[..., Ticket],
    complain: Callable[..., Ticket],
) -> Ticket:
    """A ticket that was just completed, whose customer will be told."""
    if request.param == "answered":
        return finish(complain(), maya, outcome="upheld", message="We are sorry.")
    if request.param == "ready":
        return finish(ordered(), femi)
    return finish(ordered(delivery=Delivery.DELIVERY, delivery_address="1 Quay Street"), femi)


def finish(ticket: Ticket, who: User, **answer: str) -> Ticket:
    take_ticket(actor=who, ticket=ticket)
    complete_ticket(actor=who, ticket=ticket, **answer)
    deliver()
    return ticket


def undo(ticket: Ticket) -> None:
    assert ticket.assignee is not None
    reopen_ticket(actor=ticket.assignee, ticket=Ticket.objects.get(pk=ticket.pk))


def let_the_mail_go() -> None:
    """Lets Undo's time pass for the message, and sends it if nothing else prevents that."""
    Handoff.objects.filter(destination="mail", state="waiting").update(due_at=OfficeClock())
    draining.drain([Destination.MAIL.value])


def the_message(ticket: Ticket) -> Message:
    return Message.objects.exclude(event="order_placed").get(reference=ticket.subject)


def test_the_message_waits_for_a_withdrawal_that_comes_late(
    finished: Ticket, rita: User, client: Client
) -> None:
    undo(finished)
    for _ in range(20):  # more often than a hand-off is tried
        let_the_mail_go()
    message = the_message(finished)
    assert message.state == MessageState.WAITING
    handoff = Handoff.objects.get(subject=message.number)
    assert (handoff.state, handoff.attempts - handoff.attempts_forgiven) == ("waiting", 0)
    client.force_login(rita)
    assert "just taken it back" in client.get(reverse("mail:message", args=[message.number])).text
    deliver()
    let_the_mail_go()
    message.refresh_from_db()
    assert message.state == MessageState.WITHDRAWN
    assert balance().balanced


def test_the_message_goes_when_the_withdrawal_is_given_up(finished: Ticket, maya: User) -> None:
    undo(finished)
    withdrawal = Handoff.objects.get(destination="frontdesk", state=HandoffState.WAITING)
    with refusing_consumer("frontdesk", withdrawal.contract, "no such record"):
        deliver()
    let_the_mail_go()
    assert the_message(finished).state == MessageState.WAITING
    withdrawal.refresh_from_db()
    discard(actor=maya, handoff=withdrawal, reason="The desk told the customer by phone.")
    let_the_mail_go()
    assert the_message(finished).state == MessageState.KEPT


def test_undo_is_refused_once_the_message_may_have_gone(finished: Ticket) -> None:
    """By the clock of PostgreSQL, whatever the clock of the web server says."""
    Handoff.objects.filter(destination="frontdesk").update(
        posted_at=OfficeClock() - timedelta(seconds=14)
    )
    with pytest.raises(TicketStateConflict):
        undo(finished)
    if finished.kind == TicketKind.ORDER and not finished.shipment.is_delivery:
        reopen_ticket(actor=finished.assignee, ticket=finished, reason="One is chipped.")
        deliver()


@pytest.mark.django_db(transaction=True)
def test_the_message_waits_for_an_undo_that_is_not_committed(finished: Ticket) -> None:
    def send() -> None:
        try:
            let_the_mail_go()
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as worker:
        with transaction.atomic():
            undo(finished)
            sending = worker.submit(send)
            until_somebody_waits()
        sending.result(timeout=20)
    assert the_message(finished).state == MessageState.WAITING
    deliver()
    assert the_message(finished).state == MessageState.WITHDRAWN


@pytest.mark.django_db(transaction=True)
def test_a_withdrawal_finds_a_message_that_is_just_being_looked_at(
    finished: Ticket, monkeypatch: pytest.MonkeyPatch
) -> None:
    undo(finished)
    looked = mail_queries.withdrawal_is_under_way

    def apply_elsewhere() -> None:
        try:
            deliver()
        finally:
            connection.close()

    def look(message: Message, **locking: Any) -> bool:
        monkeypatch.setattr(mail_queries, "withdrawal_is_under_way", looked)
        with ThreadPoolExecutor(1) as desk:
            desk.submit(apply_elsewhere).result(timeout=20)
        return looked(message, **locking)

    monkeypatch.setattr(mail_queries, "withdrawal_is_under_way", look)
    let_the_mail_go()
    assert the_message(finished).state == MessageState.WITHDRAWN
