"""Posting: in one transaction, a row for each destination, notifications after the commit."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.db import connection, transaction

from officeflow.broker import breaker
from officeflow.handoff.contracts import GoodsHandedOver
from officeflow.handoff.models import Destination, Handoff, HandoffState, Stream
from officeflow.handoff.monitoring.heartbeat import broker_client
from officeflow.handoff.notifier import flush, forget_connection, queue_of
from officeflow.handoff.outbox import PostedOutsideTransaction, post
from tests.handoff.conftest import WHEN, clear_notifications, post_handed_over

BOTH = (Destination.FULFILMENT, Destination.ACCOUNTING)


@pytest.fixture
def queues() -> Iterator[None]:
    """Empty queues on the real broker."""
    breaker.reset()
    clear_notifications()
    yield
    clear_notifications()
    forget_connection()


def waiting_notifications() -> dict[str, int]:
    """Returns the length of each queue that is not empty, after all is published."""
    assert flush()
    lengths = {name: broker_client().llen(queue_of(name)) for name in Destination.values}
    return {name: length for name, length in lengths.items() if length}


@pytest.mark.django_db(transaction=True)
def test_posting_outside_a_transaction_is_refused() -> None:
    with pytest.raises(PostedOutsideTransaction, match="GoodsHandedOver"):
        post(
            GoodsHandedOver(order_number="SO-000001", handed_over_at=WHEN),
            to=BOTH,
            subject="SO-000001",
            actor=None,
        )
    assert not Handoff.objects.exists()
    assert not Stream.objects.exists()


@pytest.mark.django_db
def test_each_destination_gets_one_row() -> None:
    post_handed_over("SO-000001", *BOTH)
    rows = list(Handoff.objects.order_by("destination"))
    assert [row.destination for row in rows] == ["accounting", "fulfilment"]
    assert {(row.state, row.is_head, row.sequence) for row in rows} == {
        (HandoffState.WAITING, True, 1)
    }
    assert rows[0].payload == {
        "order_number": "SO-000001",
        "handed_over_at": "2026-03-02T09:30:00Z",
    }


@pytest.mark.django_db
def test_a_stream_grows_longer_and_keeps_its_head() -> None:
    for text in ("first", "second", "third"):
        post_handed_over(text, subject="SO-000001")
    stream = Stream.objects.get()
    assert (stream.posted, stream.head) == (3, 1)
    assert list(
        Handoff.objects.order_by("sequence").values_list("payload__order_number", "is_head")
    ) == [("first", True), ("second", False), ("third", False)]


@pytest.mark.django_db
def test_another_subject_is_another_stream() -> None:
    post_handed_over("SO-000001")
    post_handed_over("SO-000002")
    assert Stream.objects.count() == 2
    assert Handoff.objects.filter(is_head=True).count() == 2


@pytest.mark.django_db(transaction=True)
def test_a_rollback_removes_the_handoffs(queues: None) -> None:
    with transaction.atomic():
        post_handed_over("SO-000001", *BOTH)
        transaction.set_rollback(True)
    assert not Handoff.objects.exists()
    assert not Stream.objects.exists()
    assert waiting_notifications() == {}


@pytest.mark.django_db(transaction=True)
def test_the_notification_is_published_after_the_commit(queues: None) -> None:
    with transaction.atomic():
        post_handed_over("SO-000001", *BOTH)
        assert waiting_notifications() == {}
    assert waiting_notifications() == {"fulfilment": 1, "accounting": 1}


@pytest.mark.django_db(transaction=True)
def test_one_transaction_notifies_a_destination_once(queues: None) -> None:
    with transaction.atomic():
        for number in range(5):
            post_handed_over(f"SO-{number:06}", *BOTH)
    assert waiting_notifications() == {"fulfilment": 1, "accounting": 1}


@pytest.mark.django_db(transaction=True)
def test_a_rolled_back_savepoint_keeps_the_notification_of_another(
    queues: None,
) -> None:
    with transaction.atomic():
        with transaction.atomic():
            post_handed_over("SO-000001")
            transaction.set_rollback(True)
        post_handed_over("SO-000002")
    assert waiting_notifications() == {"fulfilment": 1}
    assert Handoff.objects.get().subject == "SO-000002"


@pytest.mark.django_db
def test_two_handoffs_cannot_have_one_place_in_a_stream() -> None:
    post_handed_over("SO-000001")
    with connection.cursor() as cursor:
        cursor.execute("SELECT conname FROM pg_constraint WHERE conname = 'handoff_in_its_place'")
        assert cursor.fetchone()
    twin = Handoff.objects.get()
    twin.pk = None
    with pytest.raises(Exception, match="handoff_in_its_place"), transaction.atomic():
        twin.save(force_insert=True)
