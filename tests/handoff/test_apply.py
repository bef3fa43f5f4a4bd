"""Applying: once, in order, all or none."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from officeflow.handoff import outbox
from officeflow.handoff.applying import apply, claims, draining
from officeflow.handoff.equation import balance
from officeflow.handoff.models import Destination, Handoff, HandoffReceipt, HandoffState
from officeflow.handoff.registry import PermanentError
from tests.handoff.conftest import Recorder, post_handed_over

pytestmark = pytest.mark.django_db


def test_a_handoff_reaches_its_destination_once(recorder: Recorder) -> None:
    post_handed_over("SO-000001")
    assert draining.drain() == 1
    assert draining.drain() == 0
    assert recorder.applied == [("fulfilment", "SO-000001")]
    handoff = Handoff.objects.get()
    assert handoff.state == HandoffState.APPLIED
    assert handoff.delivered_at is not None
    assert HandoffReceipt.objects.get().attempt == 1


def test_each_destination_gets_its_own_row(recorder: Recorder) -> None:
    post_handed_over("SO-000001", Destination.FULFILMENT, Destination.ACCOUNTING, Destination.HR)
    draining.drain()
    assert sorted(recorder.applied) == [
        ("accounting", "SO-000001"),
        ("fulfilment", "SO-000001"),
        ("hr", "SO-000001"),
    ]


def test_only_the_head_of_a_stream_can_be_claimed(recorder: Recorder) -> None:
    post_handed_over("first", subject="SO-000001")
    post_handed_over("second", subject="SO-000001")
    claim = claims.claim_next("fulfilment")
    assert claim is not None
    assert claims.claim_next("fulfilment") is None
    apply.apply(claim)
    draining.drain()
    assert [order for _, order in recorder.applied] == ["first", "second"]


def test_an_error_keeps_the_effect_out_and_backs_off(recorder: Recorder) -> None:
    def failure(handoff: Handoff) -> None:
        raise ValueError("the shelf is empty")

    recorder.failure = failure
    post_handed_over("SO-000001")
    assert draining.drain() == 0
    handoff = Handoff.objects.get()
    assert handoff.state == HandoffState.WAITING
    assert handoff.attempts == 1
    assert handoff.last_error == "ValueError: the shelf is empty"
    assert not HandoffReceipt.objects.exists()
    assert balance().balanced


def test_a_permanent_error_is_dead_at_once(recorder: Recorder) -> None:
    def failure(handoff: Handoff) -> None:
        raise PermanentError("there is no such order")

    recorder.failure = failure
    post_handed_over("SO-000001")
    draining.drain()
    assert Handoff.objects.get().state == HandoffState.DEAD


def test_a_slow_worker_cannot_write_over_a_faster_one(recorder: Recorder) -> None:
    post_handed_over("SO-000001")
    slow = claims.claim_next("fulfilment")
    assert slow is not None
    Handoff.objects.update(due_at="2020-01-01T00:00Z")  # its lease has run out
    fast = claims.claim_next("fulfilment")
    assert fast is not None
    assert fast.attempt == 2
    assert apply.apply(fast)
    assert not apply.apply(slow)
    assert len(recorder.applied) == 1


def test_drain_counted_applies_exactly_what_was_written_in_the_block(
    recorder: Recorder, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    since = timezone.now() - timedelta(minutes=1)
    with outbox.count_written() as written:
        post_handed_over("first", Destination.FULFILMENT, Destination.HR, subject="SO-000001")
        post_handed_over("second", subject="SO-000001")
        assert draining.drain_counted(written, since) == 3
        with django_assert_num_queries(0):
            assert draining.drain_counted(written, since) == 0
    assert [each for each in recorder.applied if each[0] == "fulfilment"] == [
        ("fulfilment", "first"),
        ("fulfilment", "second"),
    ]
    assert draining.drain() == 0


def rows_read() -> int:
    """Returns how many rows of the hand-offs' table this transaction has read."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT seq_tup_read + idx_tup_fetch FROM pg_stat_xact_user_tables "
            "WHERE relname = 'handoff_handoff'"
        )
        return int(cursor.fetchone()[0])


def test_applying_does_not_scan_the_backlog(recorder: Recorder) -> None:
    for number in range(30):
        post_handed_over(f"SO-{number:06}")
    draining.drain()
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE handoff_handoff")  # at a moment at which nothing waited
        cursor.execute("SET LOCAL enable_seqscan = off")  # as where there are more rows
    for number in range(100, 200):
        post_handed_over(f"SO-{number:06}")
    for step in (
        lambda: apply.apply_due("fulfilment", seconds=0),
        lambda: claims.claim_next("fulfilment"),
        lambda: apply.apply(claims.claim_next("fulfilment")),  # type: ignore[arg-type]
    ):
        step()
        before = rows_read()
        step()
        assert rows_read() - before < 20
