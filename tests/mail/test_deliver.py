"""Delivering messages: once, with retries, and with an explanation of failures."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext

from frontdesk.orders.models import Order
from officeflow.audit.models import AuditEntry
from officeflow.company.models import Office
from officeflow.handoff.applying import apply
from officeflow.handoff.contracts import MailDue
from officeflow.handoff.models import Destination, Handoff, HandoffState
from officeflow.handoff.outbox import post
from officeflow.mail.actions import queue_message
from officeflow.mail.models import Message
from officeflow.mail.staff_events import INVITATION
from officeflow.mail.states import MessageState
from tests.mail.conftest import MailServer

pytestmark = pytest.mark.django_db
Drain = Callable[[], int]


def mail_handoff() -> Handoff:
    return Handoff.objects.get(destination=Destination.MAIL)


def again() -> None:
    """Makes the next attempt due."""
    with connection.cursor() as cursor:
        cursor.execute("UPDATE handoff_handoff SET due_at = office_clock() WHERE state = 'waiting'")


def test_a_message_is_sent_with_the_offices_name_and_reply_address(
    server: MailServer, placed: Order, office: Office, drain: Drain
) -> None:
    office.email = "hello@lantern.example"
    office.save()
    drain()
    message = Message.objects.get()
    assert message.state == MessageState.SENT
    (text,) = server.taken
    assert "From: The Paper Lantern <shop@lantern.example>" in text
    assert "Reply-To: The Paper Lantern <hello@lantern.example>" in text
    assert f"Message-ID: {message.message_id}" in text
    assert message.message_id == f"<{message.number.lower()}.{mail_handoff().pk}@lantern.example>"
    assert "Content-Type: text/plain" in text
    entry = AuditEntry.objects.get(action="send_message")
    assert "example.org" not in str(entry.changes)


def test_a_busy_server_is_retried_with_the_same_message_id(
    server: MailServer, placed: Order, drain: Drain
) -> None:
    server.answers["END"] = "451 come back later"
    drain()
    assert Message.objects.get().state == MessageState.WAITING
    handoff = mail_handoff()
    assert handoff.state == HandoffState.WAITING
    assert handoff.last_error == "ServerUnavailable: 451"
    server.answers.clear()
    again()
    drain()
    assert Message.objects.get().state == MessageState.SENT
    first, second = (
        next(line for line in text.splitlines() if line.startswith("Message-ID"))
        for text in server.taken
    )
    assert first == second


def test_a_message_fails_after_the_last_attempt_with_a_reason(
    server: MailServer, placed: Order, drain: Drain, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settings, "MAIL_MAX_ATTEMPTS", 2)
    monkeypatch.setattr(settings, "EMAIL_PORT", 1)
    drain()
    again()
    drain()
    message = Message.objects.get()
    assert message.state == MessageState.FAILED
    assert "after 2 attempts" in message.error
    assert mail_handoff().state == HandoffState.APPLIED


def test_a_permanent_refusal_fails_at_once(server: MailServer, placed: Order, drain: Drain) -> None:
    server.answers["RCPT"] = "550 no such mailbox here"
    drain()
    message = Message.objects.get()
    assert message.state == MessageState.FAILED
    assert "550 no such mailbox here" in message.error
    assert mail_handoff().attempts == 1
    assert AuditEntry.objects.filter(action="fail_message", subject=message.number).exists()


def test_a_secret_message_is_sent_and_its_text_is_not_stored(
    server: MailServer, office: Office, drain: Drain
) -> None:
    queue_message(
        actor=None,
        event=INVITATION.code,
        to_address="ravi@example.org",
        values={"name": "Ravi", "link": "https://office.example/token", "until": "noon"},
    )
    drain()
    assert "https://office.example/token" in server.taken[0]
    message = Message.objects.get()
    assert message.state == MessageState.SENT
    assert message.body == ""


def test_a_handoff_applied_twice_sends_once(
    server: MailServer, placed: Order, drain: Drain
) -> None:
    drain()
    Handoff.objects.filter(destination=Destination.MAIL).update(
        state=HandoffState.WAITING, is_head=True, delivered_at=None
    )
    drain()
    assert len(server.taken) == 1


def test_headers_cannot_be_injected(server: MailServer, office: Office, drain: Drain) -> None:
    queue_message(
        actor=None,
        event="order_placed",
        to_address="nora@example.org",
        to_name="Nora\r\nBcc: everybody@example.org",
        values={"order": "SO-1\r\nBcc: all@example.org", "customer": "Nora"},
    )
    drain()
    assert Message.objects.get().state == MessageState.SENT
    head = server.taken[0].partition("\r\n\r\n")[0]
    assert "\nBcc:" not in head


def test_a_backlog_is_kept_in_the_mailbox_in_as_many_statements_as_two(
    mailbox: None, office: Office
) -> None:
    counts = []
    for many in (2, 12):
        for each in range(many):
            queue_message(
                actor=None,
                event="order_placed",
                to_address="nora@example.org",
                values={"order": f"SO-{each:06d}"},
                reference=f"SO-{each:06d}",
            )
        with CaptureQueriesContext(connection) as queries:
            assert apply.apply_due("mail") == many
        counts.append(len(queries))
    assert counts[0] == counts[1]
    kept = Message.objects.filter(state=MessageState.KEPT, done_at__isnull=False)
    assert kept.filter(body__contains="SO-000007").count() == 1
    assert kept.count() == AuditEntry.objects.filter(action="send_message").count() == 14
    assert all(each.handoff.subject == each.number for each in kept.select_related("handoff"))


def test_a_message_that_is_missing_does_not_stop_the_others(mailbox: None, office: Office) -> None:
    for subject in ("MS-000001", "MS-000002"):
        post(MailDue(message_number=subject), to=[Destination.MAIL], subject=subject, actor=None)
    queue_message(actor=None, event="order_placed", to_address="nora@example.org", values={})
    assert apply.apply_due("mail") == 1
    assert Message.objects.get().state == MessageState.KEPT
    dead = Handoff.objects.filter(state=HandoffState.DEAD, last_error__contains="no message MS-")
    assert dead.count() == 2
