"""Claiming: one process gets a hand-off, for the time of its lease."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.db.models.functions import Now

from officeflow.handoff.applying import apply, claims, draining
from officeflow.handoff.equation import balance
from officeflow.handoff.models import Handoff, HandoffReceipt, HandoffState
from tests.handoff.conftest import Recorder, post_handed_over

pytestmark = pytest.mark.django_db


def let_leases_run_out() -> None:
    """Makes everything that waits due."""
    Handoff.objects.update(due_at=Now() - timedelta(seconds=1))


def test_a_leased_handoff_cannot_be_claimed() -> None:
    post_handed_over("SO-000001")
    assert claims.claim_next("fulfilment") is not None
    assert claims.claim_next("fulfilment") is None


def test_another_destination_is_not_claimed() -> None:
    post_handed_over("SO-000001")
    assert claims.claim_next("accounting") is None


def test_the_most_overdue_is_claimed_first() -> None:
    post_handed_over("SO-000001")
    post_handed_over("SO-000002")
    late = Handoff.objects.get(subject="SO-000002")
    Handoff.objects.filter(pk=late.pk).update(due_at=Now() - timedelta(hours=1))
    claim = claims.claim_next("fulfilment")
    assert claim is not None
    assert claim.handoff_id == late.pk


def test_a_worker_that_died_counts_as_an_attempt(recorder: Recorder) -> None:
    post_handed_over("SO-000001")
    first = claims.claim_next("fulfilment")  # and its worker dies
    let_leases_run_out()
    second = claims.claim_next("fulfilment")
    assert first is not None
    assert second is not None
    assert (first.attempt, second.attempt) == (1, 2)


def test_a_handoff_that_kills_every_worker_is_dead_after_the_allowed_attempts(
    recorder: Recorder, settings
) -> None:
    settings.HANDOFF_MAX_ATTEMPTS = 3
    post_handed_over("SO-000001")
    post_handed_over("SO-000001 again", subject="SO-000001")
    for attempt in (1, 2, 3):
        claim = claims.claim_next("fulfilment")
        assert claim is not None
        assert claim.attempt == attempt
        let_leases_run_out()
    assert claims.claim_next("fulfilment") is None
    dead = Handoff.objects.get(sequence=1)
    assert dead.state == HandoffState.DEAD
    assert dead.attempts == 3
    assert dead.last_error == claims.WORKER_DIED
    assert draining.drain() == 0  # what is behind it in its stream waits
    assert balance().balanced


@pytest.mark.django_db(transaction=True)
def test_concurrent_claims_never_claim_the_same_handoff() -> None:
    for number in range(12):
        post_handed_over(f"SO-{number:06}")
    claimed: list[int] = []
    start = threading.Barrier(4)

    def work() -> None:
        start.wait()
        while (claim := claims.claim_next("fulfilment")) is not None:
            claimed.append(claim.handoff_id)
        connection.close()

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    # A claim passes over rows that another is just taking, so that the last may be left over.
    while (claim := claims.claim_next("fulfilment")) is not None:
        claimed.append(claim.handoff_id)
    assert sorted(claimed) == sorted(Handoff.objects.values_list("pk", flat=True))
    assert set(Handoff.objects.values_list("attempts", flat=True)) == {1}


@pytest.mark.django_db(transaction=True)
def test_a_running_apply_is_not_overtaken_after_its_lease(recorder: Recorder) -> None:
    post_handed_over("SO-000001")
    claim = claims.claim_next("fulfilment")
    assert claim is not None
    overtaken: list[object] = []

    def meanwhile() -> None:
        overtaken.append(claims.claim_next("fulfilment"))
        connection.close()

    def slow(handoff: Handoff) -> None:
        other = threading.Thread(target=meanwhile)
        other.start()
        other.join()

    recorder.failure = slow
    let_leases_run_out()
    assert apply.apply(claim)
    assert overtaken == [None]
    assert recorder.applied == [("fulfilment", "SO-000001")]


@pytest.mark.django_db(transaction=True)
def test_postgresql_ends_an_apply_that_hangs_longer_than_its_lease(
    recorder: Recorder, settings
) -> None:
    settings.HANDOFF_LEASE_SECONDS = 0.2
    post_handed_over("SO-000001")
    gone = threading.Event()

    def wait_until_postgresql_ends_the_session() -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_backend_pid()")
            (pid,) = cursor.fetchone()

        def watch() -> None:
            with connection.cursor() as cursor:
                for _ in range(500):
                    cursor.execute(
                        "SELECT count(*), pg_sleep(0.02) FROM pg_stat_activity WHERE pid = %s",
                        [pid],
                    )
                    if cursor.fetchone()[0] == 0:
                        gone.set()
                        break
            connection.close()

        watcher = threading.Thread(target=watch)
        watcher.start()
        watcher.join()

    recorder.failure = lambda handoff: wait_until_postgresql_ends_the_session()
    claim = claims.claim_next("fulfilment")
    assert claim is not None
    assert not apply.apply(claim)
    assert gone.is_set()
    assert not HandoffReceipt.objects.exists()
    assert Handoff.objects.get().state == HandoffState.WAITING
    recorder.failure = lambda handoff: None
    let_leases_run_out()
    with transaction.atomic():
        assert draining.drain() == 1
