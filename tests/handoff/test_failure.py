"""Failures: the error is written without words of the payload; backoff; dead at last."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.db.models.functions import Now
from hypothesis import given
from hypothesis import strategies as st

from officeflow.handoff.applying import apply, claims, draining, failures
from officeflow.handoff.applying.error_redaction import mask
from officeflow.handoff.equation import balance
from officeflow.handoff.models import Destination, Handoff, HandoffReceipt, HandoffState
from officeflow.handoff.outbox import post
from officeflow.handoff.registry import PermanentError, retry_policy_of
from tests.handoff.conftest import Recorder, note, post_handed_over

pytestmark = pytest.mark.django_db


def fail_once() -> Handoff:
    """Makes one attempt on the only hand-off and returns the hand-off."""
    Handoff.objects.filter(state=HandoffState.WAITING).update(due_at=Now() - timedelta(seconds=1))
    claim = claims.claim_next("fulfilment")
    assert claim is not None
    assert not apply.apply(claim)
    return Handoff.objects.get(pk=claim.handoff_id)


def stumble(recorder: Recorder, error: Exception) -> None:
    def failure(handoff: Handoff) -> None:
        raise error

    recorder.failure = failure


def test_a_handoff_is_dead_after_exactly_the_allowed_attempts(recorder: Recorder, settings) -> None:
    settings.HANDOFF_MAX_ATTEMPTS = 3
    stumble(recorder, ValueError("no shelf"))
    post_handed_over("SO-000001")
    states = [fail_once().state for _ in range(3)]
    assert states == [HandoffState.WAITING, HandoffState.WAITING, HandoffState.DEAD]
    assert Handoff.objects.get().attempts == 3
    assert balance().balanced


def test_a_handoff_is_not_tried_before_its_backoff_ends(recorder: Recorder, settings) -> None:
    settings.HANDOFF_BACKOFF_SECONDS = 60
    stumble(recorder, ValueError("no shelf"))
    post_handed_over("SO-000001")
    fail_once()
    assert claims.claim_next("fulfilment") is None
    ahead = Handoff.objects.filter(due_at__gt=Now() + timedelta(seconds=25))
    assert ahead.exists()


@given(attempt=st.integers(1, 40))
def test_the_wait_doubles_up_to_its_limit(attempt: int) -> None:
    wait = failures.backoff_seconds(attempt, retry_policy_of("fulfilment"))
    longest = min(2 * 2 ** (attempt - 1), 300)
    assert longest / 2 <= wait <= longest


def test_a_dead_handoff_blocks_only_its_own_stream(recorder: Recorder) -> None:
    def failure(handoff: Handoff) -> None:
        if handoff.subject == "SO-000001":
            raise PermanentError("no such order")

    recorder.failure = failure
    post_handed_over("SO-000001")
    post_handed_over("SO-000001")
    post_handed_over("SO-000002")
    draining.drain()
    assert recorder.applied == [("fulfilment", "SO-000002")]
    assert list(Handoff.objects.order_by("id").values_list("state", flat=True)) == [
        HandoffState.DEAD,
        HandoffState.WAITING,
        HandoffState.APPLIED,
    ]


def test_a_payload_that_cannot_be_read_is_dead_at_once(recorder: Recorder) -> None:
    post_handed_over("SO-000001")
    Handoff.objects.update(payload={"order_number": "SO-000001", "handed_over_at": "on Monday"})
    draining.drain()
    dead = Handoff.objects.get()
    assert dead.state == HandoffState.DEAD
    assert "handed_over_at" in dead.last_error
    assert "Monday" not in dead.last_error


def test_words_of_the_payload_are_masked_in_the_error(recorder: Recorder) -> None:
    stumble(recorder, ValueError("bad note 'Please ring\\nNora twice' of SO-000001, 7 lines"))
    note("SO-000001", "Please ring\nNora twice")
    assert fail_once().last_error == "ValueError: bad note '… …\\… …' of SO-000001, 7 lines"


def test_a_database_error_shows_neither_row_nor_value(recorder: Recorder) -> None:
    def failure(handoff: Handoff) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT %s::int", [handoff.payload["reason"]])

    recorder.failure = failure
    note("SO-000001", "confidential")
    error = fail_once().last_error
    assert error.startswith("DataError: invalid input syntax")
    assert "confidential" not in error


@given(st.text(min_size=3), st.text())
def test_no_word_of_the_payload_survives_the_mask(secret: str, around: str) -> None:
    words = [word for word in secret.split() if word.isalnum() and len(word) >= 3]
    masked = mask(f"{around} {secret} {secret!r}", {"note": secret})
    for word in words:
        assert word not in masked.replace("…", " ").split()


def test_posts_of_a_failed_attempt_are_dropped(recorder: Recorder) -> None:
    def failure(handoff: Handoff) -> None:
        post_handed_over("SO-000009", Destination.ACCOUNTING)
        raise ValueError("after posting")

    recorder.failure = failure
    post_handed_over("SO-000001")
    fail_once()
    assert Handoff.objects.count() == 1
    assert not HandoffReceipt.objects.exists()


def test_posts_of_a_rolled_back_savepoint_are_dropped(recorder: Recorder) -> None:
    def failure(handoff: Handoff) -> None:
        if handoff.destination != Destination.FULFILMENT:
            return
        with transaction.atomic():
            post_handed_over("SO-000008", Destination.ACCOUNTING)
            transaction.set_rollback(True)
        with transaction.atomic():
            post_handed_over("SO-000009", Destination.ACCOUNTING)

    recorder.failure = failure
    post_handed_over("SO-000001")
    draining.drain()
    assert set(Handoff.objects.values_list("subject", flat=True)) == {"SO-000001", "SO-000009"}
    assert balance().balanced


def test_a_later_success_clears_the_error(recorder: Recorder) -> None:
    stumble(recorder, ValueError("no shelf"))
    post_handed_over("SO-000001")
    fail_once()
    recorder.failure = lambda handoff: None
    Handoff.objects.update(due_at=Now())
    draining.drain()
    assert Handoff.objects.get().last_error == ""


def test_a_stale_attempt_writes_no_error(recorder: Recorder) -> None:
    stumble(recorder, ValueError("too late"))
    post_handed_over("SO-000001")
    slow = claims.claim_next("fulfilment")
    Handoff.objects.update(due_at=Now() - timedelta(seconds=1))
    fast = claims.claim_next("fulfilment")
    assert slow is not None
    assert fast is not None
    apply.apply(slow)
    assert Handoff.objects.get().last_error == ""


def test_a_consumer_may_post_to_its_own_stream(recorder: Recorder) -> None:
    def failure(handoff: Handoff) -> None:
        if (handoff.destination, handoff.sequence) == (Destination.FULFILMENT, 1):
            post(
                recorder.contract("SO-000001 next"),
                to=[Destination.FULFILMENT, Destination.ACCOUNTING],
                subject="SO-000001",
                actor=None,
            )

    recorder.failure = failure
    post_handed_over("SO-000001")
    assert draining.drain() == 3
    assert balance().balanced
