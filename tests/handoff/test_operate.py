"""Replaying and discarding: by one operator, with a reason, audited, unseen."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from officeflow.audit.models import AuditEntry
from officeflow.company.models import Office
from officeflow.handoff.actions import NotDead, ReasonMissing, discard, replay, replay_some
from officeflow.handoff.applying import apply, claims, draining
from officeflow.handoff.clock import office_now
from officeflow.handoff.equation import balance
from officeflow.handoff.models import Destination, Handoff, HandoffState, Intervention, Stream
from officeflow.handoff.queries import (
    HandoffCriteria,
    count_dead_by_contract,
    count_died_again,
    count_replayed_by,
    replayable,
)
from officeflow.handoff.registry import PermanentError
from officeflow.staff.models import User
from tests.handoff.conftest import WHEN, Recorder, post_handed_over
from tests.people import employ

pytestmark = pytest.mark.django_db

Act = Callable[..., None]


@pytest.fixture
def dead(recorder: Recorder) -> Handoff:
    """A dead hand-off about SO-000001, with another one behind it in its stream."""

    def failure(handoff: Handoff) -> None:
        raise PermanentError("no such order")

    recorder.failure = failure
    post_handed_over("first", subject="SO-000001")
    post_handed_over("second", subject="SO-000001")
    draining.drain()
    recorder.failure = lambda handoff: None
    return Handoff.objects.get(sequence=1)


def test_a_replayed_handoff_is_applied_and_its_stream_goes_on(
    dead: Handoff, recorder: Recorder, maya: User
) -> None:
    replay(actor=maya, handoff=dead, reason="The product is there now")
    assert balance().waiting == 2
    assert draining.drain() == 2
    assert [order for _, order in recorder.applied] == ["first", "second"]


def test_a_replayed_handoff_has_all_its_attempts_again(
    recorder: Recorder, maya: User, settings, dead: Handoff
) -> None:
    settings.HANDOFF_MAX_ATTEMPTS = 2
    settings.HANDOFF_BACKOFF_SECONDS = 0

    def failure(handoff: Handoff) -> None:
        raise ValueError("still no shelf")

    recorder.failure = failure
    replay(actor=maya, handoff=dead, reason="Try")
    first = claims.claim_next("fulfilment")
    assert first is not None
    apply.apply(first)
    assert Handoff.objects.get(pk=dead.pk).state == HandoffState.WAITING
    second = claims.claim_next("fulfilment")
    assert second is not None
    apply.apply(second)
    assert Handoff.objects.get(pk=dead.pk).state == HandoffState.DEAD


def test_an_attempt_from_before_the_replay_changes_nothing(
    recorder: Recorder, maya: User, settings
) -> None:
    settings.HANDOFF_MAX_ATTEMPTS = 1
    post_handed_over("SO-000001")
    slow = claims.claim_next("fulfilment")
    assert slow is not None
    Handoff.objects.update(due_at="2020-01-01T00:00Z")
    assert claims.claim_next("fulfilment") is None  # its only attempt is used up: dead
    replay(actor=maya, handoff=Handoff.objects.get(), reason="Try again")
    assert not apply.apply(slow)
    assert recorder.applied == []
    assert draining.drain() == 1


def test_discarding_lets_the_stream_go_on(dead: Handoff, recorder: Recorder, maya: User) -> None:
    discard(actor=maya, handoff=dead, reason="Entered by hand")
    dead.refresh_from_db()
    assert dead.state == HandoffState.DISCARDED
    assert not dead.is_head
    assert draining.drain() == 1
    assert [order for _, order in recorder.applied] == ["second"]
    assert Stream.objects.get().head == 3
    assert balance().balanced


@pytest.mark.parametrize("act", [replay, discard])
def test_the_reason_is_kept_and_its_words_stay_out_of_the_audit_trail(
    act: Act, dead: Handoff, maya: User
) -> None:
    act(actor=maya, handoff=dead, reason="  Nora was told  ")
    kept = Intervention.objects.get()
    assert (kept.actor, kept.reason, kept.handoff) == (maya, "Nora was told", dead)
    entry = AuditEntry.objects.get(subject_kind="handoff")
    assert entry.actor == maya
    assert entry.changes["about"] == [None, "SO-000001"]
    assert entry.changes["reason"] is None
    assert "Nora" not in str(entry.changes)


@pytest.mark.parametrize("act", [replay, discard])
@pytest.mark.parametrize("reason", ["", "   ", "x" * 501])
def test_a_missing_reason_is_refused(act: Act, reason: str, dead: Handoff, maya: User) -> None:
    with pytest.raises(ReasonMissing) as refusal:
        act(actor=maya, handoff=dead, reason=reason)
    assert refusal.value.field == "reason"
    dead.refresh_from_db()
    assert dead.state == HandoffState.DEAD
    assert not AuditEntry.objects.filter(subject_kind="handoff").exists()


@pytest.mark.parametrize("act", [replay, discard])
def test_only_a_dead_handoff_can_be_replayed_or_discarded(
    act: Act, recorder: Recorder, maya: User
) -> None:
    post_handed_over("SO-000001")
    with pytest.raises(NotDead):
        act(actor=maya, handoff=Handoff.objects.get(), reason="Because")
    assert Handoff.objects.get().state == HandoffState.WAITING


def test_the_subject_of_a_handoff_to_hr_stays_out_of_the_audit_trail(
    dead: Handoff, maya: User
) -> None:
    Handoff.objects.filter(pk=dead.pk).update(destination="hr")
    dead.refresh_from_db()
    replay(actor=maya, handoff=dead, reason="Try again")
    entry = AuditEntry.objects.get(subject_kind="handoff")
    assert "SO-000001" not in str(entry.changes)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("one", "other"), [(replay, replay), (replay, discard)])
def test_of_two_operators_at_once_one_wins(one: Act, other: Act, dead: Handoff) -> None:
    start = threading.Barrier(2)
    outcomes: list[str] = []

    def operate(act: Act, name: str) -> None:
        person = employ(name)
        start.wait()
        try:
            act(actor=person, handoff=dead, reason="Because")
            outcomes.append("won")
        except NotDead as conflict:
            outcomes.append(conflict.message)
        finally:
            connection.close()

    threads = [
        threading.Thread(target=operate, args=(act, name))
        for act, name in ((one, "maya"), (other, "ada"))
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes, key=lambda word: word != "won")[0] == "won"
    assert "already" in next(word for word in outcomes if word != "won")
    assert Intervention.objects.count() == 1


@pytest.fixture
def many_dead(recorder: Recorder) -> list[Handoff]:
    """Five dead hand-offs: three to fulfilment, one to accounting, one to HR."""

    def failure(handoff: Handoff) -> None:
        raise PermanentError(f"no shelf at {handoff.destination}")

    recorder.failure = failure
    for number in (1, 2, 3):
        post_handed_over(f"SO-00000{number}")
    post_handed_over("SO-000004", Destination.ACCOUNTING)
    post_handed_over("SO-000005", Destination.HR)
    draining.drain()
    return list(Handoff.objects.order_by("pk"))


def test_replaying_in_batches_replays_each_once(
    many_dead: list[Handoff], recorder: Recorder, maya: User
) -> None:
    criteria, since = HandoffCriteria(destination="fulfilment"), office_now()
    sent = [
        replay_some(actor=maya, criteria=criteria, reason=" Mended ", since=since, limit=2)
        for _ in range(3)
    ]
    assert sent == [2, 1, 0]
    draining.drain()  # nothing was mended after all
    assert replay_some(actor=maya, criteria=criteria, reason="Mended", since=since) == 0
    assert count_died_again(criteria, hidden=[], since=since) == 3
    assert count_replayed_by(maya, since=since) == 3
    assert {each.reason for each in Intervention.objects.all()} == {"Mended"}
    trail = AuditEntry.objects.filter(action="replay_handoff", actor=maya)
    assert sorted(each.changes["about"][1] for each in trail) == [
        f"SO-00000{number}" for number in (1, 2, 3)
    ]


@pytest.mark.parametrize(
    ("criteria", "count"),
    [
        (HandoffCriteria(), 5),
        (HandoffCriteria(destination="hr"), 1),
        (HandoffCriteria(error="SHELF AT FUL"), 3),
        (HandoffCriteria(error="no shelf"), 4),  # a filter by what HR's are about would tell it
        (HandoffCriteria(error="50%"), 0),
        (HandoffCriteria(contract="GoodsHandedOver"), 4),
        (HandoffCriteria(contract="OrderCancelled"), 0),
        (HandoffCriteria(end=WHEN), 0),
        (HandoffCriteria(start=WHEN), 5),
    ],
    ids=str,
)
def test_only_matching_handoffs_are_replayed(
    criteria: HandoffCriteria, count: int, many_dead: list[Handoff], maya: User
) -> None:
    since = office_now()
    kinds = count_dead_by_contract(replayable(criteria, hidden=["hr"]), hidden=["hr"])
    assert sum(kind.count for kind in kinds) == count
    assert all(kind.contract == "" for kind in kinds if kind.destination == "hr")
    assert replay_some(actor=maya, criteria=criteria, reason="Mended", since=since) == count


def test_a_missing_reason_replays_none(many_dead: list[Handoff], maya: User) -> None:
    with pytest.raises(ReasonMissing):
        replay_some(actor=maya, criteria=HandoffCriteria(), reason=" ", since=office_now())
    assert balance().dead == 5


def test_replaying_many_takes_few_queries(
    many_dead: list[Handoff], maya: User, django_assert_max_num_queries: Callable[..., Any]
) -> None:
    with django_assert_max_num_queries(8):
        replay_some(actor=maya, criteria=HandoffCriteria(), reason="Mended", since=office_now())


def test_the_command_counts_and_replays(
    many_dead: list[Handoff], recorder: Recorder, office: Office, maya: User, capsys
) -> None:
    call_command("replay_dead", "--destination=fulfilment", "--dry-run")
    output = capsys.readouterr().out
    assert "3  fulfilment   GoodsHandedOver" in output
    assert balance().dead == 5
    with pytest.raises(CommandError, match="reason"):
        call_command("replay_dead", "--destination=fulfilment")
    with pytest.raises(CommandError, match="nobody may not"):
        call_command("replay_dead", "--reason=Mended", "--by=nobody")
    recorder.failure = lambda handoff: None
    how = ["--contract=GoodsHandedOver", "--error=no shelf", "--batch=2", "--from=2020-01-01"]
    call_command("replay_dead", "--destination=fulfilment", "--reason=Mended", *how)
    assert capsys.readouterr().out.endswith("3 replayed\n")
    draining.drain()
    assert (balance().dead, balance().applied) == (2, 3)
