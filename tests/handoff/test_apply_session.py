"""Apply sessions: without a claim, one after the other, or several in one transaction."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.db import OperationalError, connection, transaction
from django.db.models import F
from django.db.models.functions import Now
from django.test.utils import CaptureQueriesContext

from officeflow.handoff import registry
from officeflow.handoff.applying import apply, claims
from officeflow.handoff.contracts import GoodsHandedOver
from officeflow.handoff.models import Destination, Handoff, HandoffReceipt, HandoffState
from officeflow.handoff.outbox import post
from officeflow.handoff.registry import PermanentError
from tests.handoff.conftest import Recorder, only_consumer, post_handed_over


class Killed(BaseException):
    """Ends an attempt as the death of its process would: no failure is written."""


def kill(handoff: Handoff) -> None:
    raise Killed


def make_overdue() -> None:
    """Moves posting a minute into the past, and ends the leases."""
    Handoff.objects.update(
        posted_at=F("posted_at") - timedelta(minutes=1), due_at=Now() - timedelta(minutes=1)
    )


@pytest.fixture
def shared_transactions(recorder: Recorder) -> Iterator[None]:
    """Hand-offs of a backlog may share a transaction."""
    with only_consumer(recorder, may_share_transaction=True):
        yield


@pytest.mark.django_db
def test_a_fresh_handoff_is_applied_without_a_claim(recorder: Recorder) -> None:
    post_handed_over("SO-000001")
    with CaptureQueriesContext(connection) as queries:
        assert apply.apply_due("fulfilment") == 1
    assert not any("handoff_claim_" in query["sql"] for query in queries)
    assert (Handoff.objects.get().attempts, HandoffReceipt.objects.get().attempt) == (1, 1)


@pytest.mark.django_db(transaction=True)
def test_fresh_handoffs_that_may_share_a_transaction_are_applied_together_without_a_claim(
    recorder: Recorder, shared_transactions: None
) -> None:
    for number in range(5):
        post_handed_over(f"SO-{number:06}")
    session = apply.ApplySession("fulfilment")
    with CaptureQueriesContext(connection) as queries:
        assert session.run_once()
    assert session.applied == 5
    assert [query["sql"] for query in queries].count("COMMIT") == 1
    assert not any("handoff_claim_" in query["sql"] for query in queries)
    assert Handoff.objects.filter(state=HandoffState.APPLIED, attempts=1).count() == 5


@pytest.mark.django_db
def test_a_fresh_handoff_is_not_applied_together_with_older_ones(
    recorder: Recorder, shared_transactions: None
) -> None:
    for number in range(2):
        post_handed_over(f"SO-{number:06}")
    make_overdue()
    post_handed_over("SO-000002")
    Handoff.objects.filter(subject="SO-000002").update(due_at=Now() - timedelta(hours=1))
    session = apply.ApplySession("fulfilment")
    assert session.run_once()
    assert [each.subject for each in Handoff.objects.filter(state="applied")] == ["SO-000002"]


@pytest.mark.django_db
def test_of_fresh_handoffs_in_one_transaction_only_those_that_fail_have_no_effect(
    recorder: Recorder, batches: list[list[str]]
) -> None:
    def failure(handoff: Handoff) -> None:
        if handoff.subject == "SO-000001":
            raise RuntimeError("no")

    recorder.failure = failure
    for number in range(3):
        post_handed_over(f"SO-{number:06}")
    assert apply.apply_due("fulfilment") == 2
    failed = Handoff.objects.exclude(state=HandoffState.APPLIED).get()
    assert (failed.subject, failed.attempts, failed.attempts_forgiven) == ("SO-000001", 1, 0)
    assert len(batches) == 4  # together, then each by itself


@pytest.mark.django_db
def test_fresh_handoffs_that_kill_their_worker_together_have_their_attempts_counted_later(
    recorder: Recorder, shared_transactions: None, settings
) -> None:
    settings.HANDOFF_MAX_ATTEMPTS = 1
    for number in range(2):
        post_handed_over(f"SO-{number:06}")
    recorder.failure = kill
    for counted in (0, 0, 1):  # without a claim, in a shared transaction, alone
        with pytest.raises(Killed):
            apply.apply_due("fulfilment")
        most = max(each.attempts - each.attempts_forgiven for each in Handoff.objects.all())
        assert most == counted
        make_overdue()


@pytest.mark.django_db
def test_a_handoff_that_kills_its_worker_while_fresh_has_its_attempts_counted_later(
    recorder: Recorder,
) -> None:
    post_handed_over("SO-000001")
    recorder.failure = kill
    with pytest.raises(Killed):
        apply.apply_due("fulfilment")
    assert Handoff.objects.get().attempts == 0
    make_overdue()
    with pytest.raises(Killed):
        apply.apply_due("fulfilment")
    assert Handoff.objects.get().attempts == 1


@pytest.mark.django_db
def test_a_young_process_claims_a_fresh_handoff(
    recorder: Recorder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(apply, "process_started_at", time.monotonic())
    post_handed_over("SO-000001")
    recorder.failure = kill
    with pytest.raises(Killed):
        apply.apply_due("fulfilment")
    assert Handoff.objects.get().attempts == 1


def test_a_fork_counts_its_own_age(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(apply, "process_started_at", 0.0)
    child = os.fork()
    if child == 0:
        os._exit(0 if apply.process_started_at > 0 else 1)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    assert apply.process_started_at == 0


@pytest.mark.django_db
def test_a_fresh_handoff_that_raises_has_had_an_attempt(recorder: Recorder) -> None:
    def failure(handoff: Handoff) -> None:
        raise RuntimeError("the printer is on fire")

    recorder.failure = failure
    post_handed_over("SO-000001")
    assert apply.apply_due("fulfilment") == 0
    handoff = Handoff.objects.get()
    assert (handoff.state, handoff.attempts) == (HandoffState.WAITING, 1)
    assert "on fire" in handoff.last_error


@pytest.mark.django_db(transaction=True)
def test_a_failed_claim_is_not_an_attempt(
    recorder: Recorder, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(destination: str) -> list[claims.Claim]:
        raise OperationalError("canceling statement due to statement timeout")

    post_handed_over("SO-000001")
    make_overdue()
    monkeypatch.setattr(apply, "claim_several", refuse)
    with pytest.raises(OperationalError):
        apply.apply_due("fulfilment")
    handoff = Handoff.objects.get()
    assert (handoff.attempts, handoff.last_error) == (0, "")


@pytest.mark.django_db
def test_a_handoff_with_an_outside_effect_is_always_claimed(
    recorder: Recorder,
) -> None:
    post_handed_over("SO-000001", Destination.MAIL)
    recorder.failure = kill
    with only_consumer(recorder, has_outside_effect=True), pytest.raises(Killed):
        apply.apply_due("mail")
    assert Handoff.objects.get().attempts == 1


def test_what_moves_money_or_stock_or_sends_mail_never_shares_a_transaction(settings) -> None:
    settings.MAIL_MODE = "smtp"
    for name in ("warehouse", "mail"):
        assert registry.contracts_sharing_transaction(name) == []
    for name in ("accounting", "fulfilment", "hr"):
        assert registry.contracts_sharing_transaction(name) == ["OrderPlaced"]
    assert "MailDue" in registry.contracts_with_outside_effect("mail")


def test_messages_that_go_no_further_than_the_mailbox_share_a_transaction(settings) -> None:
    settings.MAIL_MODE = "mailbox"
    assert registry.contracts_sharing_transaction("mail") == ["MailDue"]


@pytest.mark.django_db(transaction=True)
def test_a_backlog_shares_a_transaction_where_it_may(
    recorder: Recorder, shared_transactions: None
) -> None:
    for number in range(5):
        post_handed_over(f"SO-{number:06}")
    make_overdue()
    leased = claims.claim_several("fulfilment")
    assert len(leased) == 5
    session = apply.ApplySession("fulfilment", claims=leased)
    with CaptureQueriesContext(connection) as queries:
        assert session.run_once()
    assert session.applied == 5
    assert [query["sql"] for query in queries].count("COMMIT") == 1
    assert Handoff.objects.filter(state=HandoffState.APPLIED, attempts=1).count() == 5


@pytest.mark.django_db
def test_a_failure_leaves_the_others_of_its_transaction_alone(
    recorder: Recorder, shared_transactions: None
) -> None:
    def failure(handoff: Handoff) -> None:
        if handoff.subject == "SO-000001":
            raise RuntimeError("no")
        if handoff.subject == "SO-000002":
            raise PermanentError("never")

    recorder.failure = failure
    for number in range(4):
        post_handed_over(f"SO-{number:06}")
    make_overdue()
    assert apply.apply_due("fulfilment") == 2
    states = dict(Handoff.objects.values_list("subject", "state"))
    assert states == {
        "SO-000000": "applied",
        "SO-000001": "waiting",
        "SO-000002": "dead",
        "SO-000003": "applied",
    }
    failed = Handoff.objects.get(subject="SO-000001")
    assert failed.attempts - failed.attempts_forgiven == 1


@pytest.mark.django_db
def test_handoffs_that_die_in_a_shared_transaction_are_claimed_alone_and_not_counted(
    recorder: Recorder, shared_transactions: None, settings
) -> None:
    settings.HANDOFF_MAX_ATTEMPTS = 2
    for number in range(3):
        post_handed_over(f"SO-{number:06}")
    make_overdue()
    recorder.failure = kill
    with pytest.raises(Killed):
        apply.apply_due("fulfilment")
    for _attempt in range(2):  # as many as are allowed
        make_overdue()
        leased = [claims.claim_several("fulfilment") for _ in range(3)]
        assert [len(alone) for alone in leased] == [1, 1, 1]
    make_overdue()
    assert claims.claim_several("fulfilment") == []
    assert Handoff.objects.filter(state=HandoffState.DEAD).count() == 3


@pytest.mark.django_db(transaction=True)
def test_handoffs_that_cannot_be_committed_together_are_applied_one_by_one(
    recorder: Recorder, shared_transactions: None
) -> None:
    def failure(handoff: Handoff) -> None:
        if handoff.subject == "SO-000001":  # seen only at the commit: nobody has this number
            with connection.cursor() as cursor:
                cursor.execute(
                    "INSERT INTO handoff_intervention (handoff_id, kind, actor_id, reason, at) "
                    "VALUES (%s, 'replayed', -1, 'none', now())",
                    [handoff.pk],
                )

    recorder.failure = failure
    for number in range(3):
        post_handed_over(f"SO-{number:06}")
    make_overdue()
    assert apply.apply_due("fulfilment") == 2
    failed = Handoff.objects.exclude(state=HandoffState.APPLIED).get()
    assert failed.subject == "SO-000001"
    assert failed.attempts - failed.attempts_forgiven == 1
    assert "IntegrityError" in failed.last_error


@pytest.mark.django_db
def test_a_backlog_claims_the_next_in_the_same_transaction(
    recorder: Recorder,
) -> None:
    for number in range(3):
        post_handed_over(f"SO-{number:06}")
    make_overdue()
    session = apply.ApplySession("fulfilment")
    held = []
    while session.run_once():
        held.append([claim.attempt for claim in session.claims])
    assert session.applied == 3
    assert held == [[1], [1], [1], []]  # each transaction claims the next


@pytest.fixture
def batches(recorder: Recorder) -> Iterator[list[list[str]]]:
    """The orders of each batch that fulfilment's batch consumer was called with."""
    batches: list[list[str]] = []

    def consume_batch(batch: registry.Batch) -> None:
        batches.append(sorted(contract.order_number for contract, _handoff in batch))
        for contract, handoff in batch:
            recorder(contract, handoff)

    with registry.without_consumers():
        registry.consumes_batch(GoodsHandedOver, Destination.FULFILMENT)(consume_batch)
        yield batches


@pytest.mark.django_db
def test_a_batch_consumer_gets_a_backlog_at_once(batches: list[list[str]]) -> None:
    for number in range(4):
        post_handed_over(f"SO-{number:06}")
    make_overdue()
    assert apply.apply_due("fulfilment") == 4
    assert batches == [["SO-000000", "SO-000001", "SO-000002", "SO-000003"]]
    assert HandoffReceipt.objects.count() == 4


@pytest.mark.django_db
def test_a_batch_that_fails_and_takes_too_long_is_applied_singly_once(
    recorder: Recorder, batches: list[list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    def failure(handoff: Handoff) -> None:
        if len(batches) > 20:
            raise BaseException("it goes round and round")
        if handoff.subject == "SO-000001":
            raise RuntimeError("no")

    monkeypatch.setattr(apply, "SHARED_SECONDS", 0.0)
    recorder.failure = failure
    for number in range(3):
        post_handed_over(f"SO-{number:06}")
    make_overdue()
    assert apply.apply_due("fulfilment") == 2


@pytest.mark.django_db
def test_a_batch_consumer_gets_a_single_handoff_too(batches: list[list[str]]) -> None:
    post_handed_over("SO-000001")
    assert apply.apply_due("fulfilment") == 1
    assert batches == [["SO-000001"]]


@pytest.mark.django_db
def test_of_a_failed_batch_only_the_failing_handoffs_have_no_effect(
    recorder: Recorder, batches: list[list[str]]
) -> None:
    def failure(handoff: Handoff) -> None:
        with transaction.atomic():
            post(
                Recorder.contract("SO-000009"), to=[Destination.HR], subject="SO-000009", actor=None
            )
        if handoff.subject == "SO-000001":
            raise RuntimeError("no")

    recorder.failure = failure
    for number in range(3):
        post_handed_over(f"SO-{number:06}")
    make_overdue()
    assert apply.apply_due("fulfilment") == 2
    # The batch failed as a whole; then each was consumed alone.
    assert batches == [
        ["SO-000000", "SO-000001", "SO-000002"],
        ["SO-000000"],
        ["SO-000001"],
        ["SO-000002"],
    ]
    failed = Handoff.objects.get(subject="SO-000001")
    assert (failed.state, failed.attempts - failed.attempts_forgiven) == (HandoffState.WAITING, 1)
    assert Handoff.objects.filter(destination=Destination.HR).count() == 2
