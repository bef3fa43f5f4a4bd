"""Applying: once, in order, all or none."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from officeflow.handoff import outbox, relay, statements
from officeflow.handoff.models import Destination, Handoff, HandoffState, Receipt
from officeflow.handoff.queries import balance
from officeflow.handoff.registry import PermanentError
from tests.handoff.conftest import Ear, tell

pytestmark = pytest.mark.django_db


def test_a_handoff_reaches_its_destination_once(ear: Ear) -> None:
    tell("SO-000001")
    assert relay.drain() == 1
    assert relay.drain() == 0
    assert ear.heard == [("fulfilment", "SO-000001")]
    handoff = Handoff.objects.get()
    assert handoff.state == HandoffState.APPLIED
    assert handoff.delivered_at is not None
    assert Receipt.objects.get().attempt == 1


def test_each_destination_gets_its_own_row(ear: Ear) -> None:
    tell("SO-000001", Destination.FULFILMENT, Destination.ACCOUNTING, Destination.HR)
    relay.drain()
    assert sorted(ear.heard) == [
        ("accounting", "SO-000001"),
        ("fulfilment", "SO-000001"),
        ("hr", "SO-000001"),
    ]


def test_only_the_head_of_a_stream_can_be_claimed(ear: Ear) -> None:
    tell("first", subject="SO-000001")
    tell("second", subject="SO-000001")
    claim = relay.claim_next("fulfilment")
    assert claim is not None
    assert relay.claim_next("fulfilment") is None
    relay.apply(claim)
    relay.drain()
    assert [order for _, order in ear.heard] == ["first", "second"]


def test_an_error_keeps_the_effect_out_and_backs_off(ear: Ear) -> None:
    def trouble(handoff: Handoff) -> None:
        raise ValueError("the shelf is empty")

    ear.trouble = trouble
    tell("SO-000001")
    assert relay.drain() == 0
    handoff = Handoff.objects.get()
    assert handoff.state == HandoffState.WAITING
    assert handoff.attempts == 1
    assert handoff.last_error == "ValueError: the shelf is empty"
    assert not Receipt.objects.exists()
    assert balance().balanced


def test_a_permanent_error_is_dead_at_once(ear: Ear) -> None:
    def trouble(handoff: Handoff) -> None:
        raise PermanentError("there is no such order")

    ear.trouble = trouble
    tell("SO-000001")
    relay.drain()
    assert Handoff.objects.get().state == HandoffState.DEAD


def test_a_slow_worker_cannot_write_over_a_faster_one(ear: Ear) -> None:
    tell("SO-000001")
    slow = relay.claim_next("fulfilment")
    assert slow is not None
    Handoff.objects.update(due_at="2020-01-01T00:00Z")  # its lease has run out
    fast = relay.claim_next("fulfilment")
    assert fast is not None
    assert fast.attempt == 2
    assert relay.apply(fast)
    assert not relay.apply(slow)
    assert len(ear.heard) == 1


def test_what_was_counted_while_it_was_written_is_applied_without_looking(
    ear: Ear, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    since = timezone.now() - timedelta(minutes=1)
    with outbox.count_written() as written:
        tell("first", Destination.FULFILMENT, Destination.HR, subject="SO-000001")
        tell("second", subject="SO-000001")
        assert relay.drain_counted(written, since) == 3
        with django_assert_num_queries(0):
            assert relay.drain_counted(written, since) == 0
    assert [each for each in ear.heard if each[0] == "fulfilment"] == [
        ("fulfilment", "first"),
        ("fulfilment", "second"),
    ]
    assert relay.drain() == 0


# Whatever the corridor's statements ask with.
ASKED = {
    "destination": "fulfilment",
    "since": "-infinity",
    "outside": [],
    "together": [],
    "several": 1,
    "most": 6,
    "lease": 15,
    "fresh": 0.25,
    "limit": "15000",
    "died": "",
    "claims": ((1, 1),),
    "id": 1,
    "stream": 1,
    "sequence": 1,
}


def test_a_backlog_is_not_read_through_for_each_that_is_applied(ear: Ear) -> None:
    for number in range(30):
        tell(f"SO-{number:06}")
    relay.drain()
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE handoff_handoff")  # at a moment at which nothing waits
        cursor.execute("SET LOCAL enable_seqscan = off")
        plans = {}
        for name in ("FIND", "CLAIM", "RECEIVE", "FINISH", "NEXT"):
            for part, statement in enumerate(getattr(statements, name).split(";\n")):
                cursor.execute(f"EXPLAIN {statement}", ASKED)
                plans[name, part] = "\n".join(row[0] for row in cursor.fetchall())
    for plan in plans.values():
        assert "Index Scan" in plan
        assert "handoff_undelivered" not in plan
    assert "handoff_claimable" in plans["FIND", 0]
    assert "handoff_claimable" in plans["CLAIM", 0]
    assert "Sort Key: handoff_handoff.due_at" not in plans["FIND", 0] + plans["CLAIM", 0]
