"""Failing: noted without what the payload said, tried again later, dead in the end."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.db.models.functions import Now
from hypothesis import given
from hypothesis import strategies as st

from officeflow.handoff import failures, relay
from officeflow.handoff.models import Destination, Handoff, HandoffState, Receipt
from officeflow.handoff.outbox import post
from officeflow.handoff.queries import balance
from officeflow.handoff.registry import PermanentError
from officeflow.handoff.troubles import mask
from tests.handoff.conftest import Ear, note, tell

pytestmark = pytest.mark.django_db


def fail_once() -> Handoff:
    """One attempt on the one hand-off; how it stands afterwards."""
    Handoff.objects.filter(state=HandoffState.WAITING).update(due_at=Now() - timedelta(seconds=1))
    claim = relay.claim_next("fulfilment")
    assert claim is not None
    assert not relay.apply(claim)
    return Handoff.objects.get(pk=claim.handoff_id)


def stumble(ear: Ear, error: Exception) -> None:
    def trouble(handoff: Handoff) -> None:
        raise error

    ear.trouble = trouble


def test_it_is_dead_after_exactly_the_allowed_attempts(ear: Ear, settings) -> None:
    settings.HANDOFF_MAX_ATTEMPTS = 3
    stumble(ear, ValueError("no shelf"))
    tell("SO-000001")
    states = [fail_once().state for _ in range(3)]
    assert states == [HandoffState.WAITING, HandoffState.WAITING, HandoffState.DEAD]
    assert Handoff.objects.get().attempts == 3
    assert balance().balanced


def test_it_is_not_tried_before_its_time(ear: Ear, settings) -> None:
    settings.HANDOFF_BACKOFF_SECONDS = 60
    stumble(ear, ValueError("no shelf"))
    tell("SO-000001")
    fail_once()
    assert relay.claim_next("fulfilment") is None
    ahead = Handoff.objects.filter(due_at__gt=Now() + timedelta(seconds=25))
    assert ahead.exists()


@given(attempt=st.integers(1, 40))
def test_the_wait_doubles_up_to_its_limit(attempt: int) -> None:
    wait = failures.backoff_seconds(attempt)
    longest = min(2 * 2 ** (attempt - 1), 300)
    assert longest / 2 <= wait <= longest


def test_a_dead_one_blocks_its_own_stream_alone(ear: Ear) -> None:
    def trouble(handoff: Handoff) -> None:
        if handoff.subject == "SO-000001":
            raise PermanentError("no such order")

    ear.trouble = trouble
    tell("SO-000001")
    tell("SO-000001")
    tell("SO-000002")
    relay.drain()
    assert ear.heard == [("fulfilment", "SO-000002")]
    assert list(Handoff.objects.order_by("id").values_list("state", flat=True)) == [
        HandoffState.DEAD,
        HandoffState.WAITING,
        HandoffState.APPLIED,
    ]


def test_a_payload_that_cannot_be_read_is_dead_at_once(ear: Ear) -> None:
    tell("SO-000001")
    Handoff.objects.update(payload={"order_number": "SO-000001", "handed_over_at": "on Monday"})
    relay.drain()
    dead = Handoff.objects.get()
    assert dead.state == HandoffState.DEAD
    assert "handed_over_at" in dead.last_error
    assert "Monday" not in dead.last_error


def test_what_the_payload_said_is_masked_in_the_error(ear: Ear) -> None:
    stumble(ear, ValueError("bad note 'Please ring\\nNora twice' of SO-000001, 7 lines"))
    note("SO-000001", "Please ring\nNora twice")
    assert fail_once().last_error == "ValueError: bad note '… …\\… …' of SO-000001, 7 lines"


def test_a_database_error_shows_neither_row_nor_value(ear: Ear) -> None:
    def trouble(handoff: Handoff) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT %s::int", [handoff.payload["reason"]])

    ear.trouble = trouble
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


def test_what_a_failed_attempt_posted_is_not_posted(ear: Ear) -> None:
    def trouble(handoff: Handoff) -> None:
        tell("SO-000009", Destination.ACCOUNTING)
        raise ValueError("after posting")

    ear.trouble = trouble
    tell("SO-000001")
    fail_once()
    assert Handoff.objects.count() == 1
    assert not Receipt.objects.exists()


def test_what_was_posted_in_an_undone_savepoint_is_not_posted(ear: Ear) -> None:
    def trouble(handoff: Handoff) -> None:
        if handoff.destination != Destination.FULFILMENT:
            return
        with transaction.atomic():
            tell("SO-000008", Destination.ACCOUNTING)
            transaction.set_rollback(True)
        with transaction.atomic():
            tell("SO-000009", Destination.ACCOUNTING)

    ear.trouble = trouble
    tell("SO-000001")
    relay.drain()
    assert set(Handoff.objects.values_list("subject", flat=True)) == {"SO-000001", "SO-000009"}
    assert balance().balanced


def test_a_later_success_clears_the_error(ear: Ear) -> None:
    stumble(ear, ValueError("no shelf"))
    tell("SO-000001")
    fail_once()
    ear.trouble = lambda handoff: None
    Handoff.objects.update(due_at=Now())
    relay.drain()
    assert Handoff.objects.get().last_error == ""


def test_a_stale_attempt_writes_no_error(ear: Ear) -> None:
    stumble(ear, ValueError("too late"))
    tell("SO-000001")
    slow = relay.claim_next("fulfilment")
    Handoff.objects.update(due_at=Now() - timedelta(seconds=1))
    fast = relay.claim_next("fulfilment")
    assert slow is not None
    assert fast is not None
    relay.apply(slow)
    assert Handoff.objects.get().last_error == ""


def test_posting_from_a_consumer_reaches_its_own_stream_behind_it(ear: Ear) -> None:
    def trouble(handoff: Handoff) -> None:
        if (handoff.destination, handoff.sequence) == (Destination.FULFILMENT, 1):
            post(
                ear.contract("SO-000001 next"),
                to=[Destination.FULFILMENT, Destination.ACCOUNTING],
                subject="SO-000001",
                actor=None,
            )

    ear.trouble = trouble
    tell("SO-000001")
    assert relay.drain() == 3
    assert balance().balanced
