"""The balance checkpoint and retention keep the equation, and hide no break of it."""

from __future__ import annotations

from contextlib import closing

import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, given
from hypothesis import settings as profile
from hypothesis import strategies as st

from officeflow.handoff import equation
from officeflow.handoff.actions import discard, replay
from officeflow.handoff.applying import draining
from officeflow.handoff.equation import Balance
from officeflow.handoff.maintenance import balance_checkpoint, retention
from officeflow.handoff.models import (
    BalanceCheckpoint,
    Handoff,
    HandoffReceipt,
    HandoffState,
    Stream,
)
from officeflow.handoff.registry import PermanentError
from officeflow.staff.models import User
from tests.handoff.conftest import Recorder, post_handed_over

pytestmark = pytest.mark.django_db

SUBJECTS = ["SO-000001", "SO-000002", "SO-000003"]
STEPS = st.lists(
    st.tuples(
        st.sampled_from(["post", "apply", "apply", "fold", "fold", "trim", "aside", "replay"]),
        st.sampled_from(SUBJECTS),
        st.booleans(),
    ),
    min_size=5,
    max_size=40,
)
DAY = 1.0


def deliver(*subjects: str) -> None:
    """Posts about each subject, and applies all."""
    for subject in subjects:
        post_handed_over("said", subject=subject)
    draining.drain()


def grow_old() -> None:
    """Moves the time at which checkpointed streams were settled far into the past."""
    Stream.objects.update(settled_at="2020-01-01T00:00:00Z")


@profile(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(steps=STEPS, first=st.booleans())
def test_the_equation_balances_whatever_is_checkpointed_and_deleted(
    recorder: Recorder, maya: User, steps: list[tuple[str, str, bool]], first: bool
) -> None:
    posted = 0
    fails = set()

    def failure(handoff: Handoff) -> None:
        if handoff.subject in fails:
            raise PermanentError("no")

    recorder.failure = failure
    with transaction.atomic():
        for what, subject, fits in steps:
            if what == "post":
                post_handed_over("said", subject=subject)
                posted += 1
            elif what == "apply":
                fails = set() if fits else {subject}
                draining.drain()
            elif what == "fold":
                balance_checkpoint.extend(0, quiet_seconds=0 if fits else 3600)
            elif what == "trim":
                grow_old()
                retention.trim(days=DAY)
            elif dead := Handoff.objects.filter(state=HandoffState.DEAD).first():
                act = discard if what == "aside" else replay
                act(actor=maya, handoff=dead, reason="Because")
            now = equation.balance()
            assert now.balanced, (what, subject)
            assert now.posted == posted
        fails = set()
        draining.drain()
        balance_checkpoint.extend_all()
        assert equation.balance().balanced
        assert list(equation.unbalanced_streams()) == []
        assert equation.wrong_checkpoints() == []
        done = Stream.objects.exclude(handoffs__state=HandoffState.DEAD)
        assert all(stream.is_checkpointed for stream in done)
        connection.check_constraints()
        transaction.set_rollback(True)


@pytest.mark.parametrize("lost", ["row", "receipt", "only the receipt of a row that says nothing"])
def test_an_incomplete_handoff_never_goes_into_the_checkpoint(
    recorder: Recorder, lost: str
) -> None:
    deliver("SO-000001", "SO-000001", "SO-000002")
    second = Handoff.objects.get(subject="SO-000001", sequence=2)
    if lost.startswith("only"):
        Handoff.objects.filter(pk=second.pk).update(
            state=HandoffState.WAITING, delivered_at=None, is_head=False
        )
    else:
        HandoffReceipt.objects.filter(handoff=second).delete()
        if lost == "row":
            second.delete()
    assert not equation.balance().balanced
    assert balance_checkpoint.extend_all() == 2
    deliver("SO-000001")
    assert balance_checkpoint.extend_all() == 0
    assert not equation.balance().balanced
    assert Stream.objects.get(subject="SO-000001").checkpointed == 1


def test_a_row_lost_after_the_checkpoint_is_found_by_the_full_check(recorder: Recorder) -> None:
    deliver("SO-000001")
    balance_checkpoint.extend_all()
    HandoffReceipt.objects.all().delete()
    Handoff.objects.all().delete()
    assert equation.balance().balanced
    assert [stream.subject for stream in equation.unbalanced_streams()] == ["SO-000001"]
    BalanceCheckpoint.objects.update(posted=5)
    assert equation.wrong_checkpoints() == [("fulfilment", 5, 1)]


def test_a_recent_handoff_is_not_checkpointed_yet(recorder: Recorder) -> None:
    deliver("SO-000001")
    assert balance_checkpoint.extend(0, quiet_seconds=60) == (0, 0)
    assert balance_checkpoint.extend(0, quiet_seconds=0) == (1, 0)
    assert BalanceCheckpoint.objects.values_list(
        "destination", "posted", "applied", "attempts"
    ).get() == (
        "fulfilment",
        1,
        1,
        1,
    )


def test_a_stream_goes_on_after_it_was_checkpointed(recorder: Recorder) -> None:
    deliver("SO-000001")
    balance_checkpoint.extend_all()
    post_handed_over("more", subject="SO-000001")
    assert (equation.balance().posted, equation.balance().waiting) == (2, 1)
    draining.drain()
    assert balance_checkpoint.extend_all() == 1
    assert equation.balance().applied == 2


def test_old_handoffs_are_deleted_and_their_stream_counts_on(recorder: Recorder) -> None:
    deliver("SO-000001", "SO-000001", "SO-000002")
    balance_checkpoint.extend_all()
    assert retention.trim(days=DAY) == (0, 0)
    grow_old()
    deliver("SO-000002")  # somebody wrote about it again: it is not old any more
    assert retention.trim(days=DAY) == (1, 2)
    deliver("SO-000001")
    assert Handoff.objects.get(subject="SO-000001").sequence == 3
    assert equation.balance() == Balance(posted=5, applied=5, waiting=0, dead=0, discarded=0)
    assert list(equation.unbalanced_streams()) == []


def test_replayed_and_discarded_handoffs_are_kept(recorder: Recorder, maya: User) -> None:
    def failure(handoff: Handoff) -> None:
        raise PermanentError("no")

    recorder.failure = failure
    deliver("SO-000001", "SO-000002")
    recorder.failure = lambda handoff: None
    replay(actor=maya, handoff=Handoff.objects.get(subject="SO-000001"), reason="Mended")
    discard(actor=maya, handoff=Handoff.objects.get(subject="SO-000002"), reason="By hand")
    draining.drain()
    balance_checkpoint.extend_all()
    grow_old()
    assert retention.trim(days=DAY) == (2, 0)
    assert Handoff.objects.count() == 2
    assert equation.balance().balanced


def test_nothing_is_deleted_without_the_setting(recorder: Recorder, settings) -> None:
    deliver("SO-000001")
    balance_checkpoint.extend_all()
    grow_old()
    assert retention.run() == 0
    settings.HANDOFF_KEEP_DAYS = 30
    assert retention.run() == 1


def test_the_checkpoint_job_pauses_after_the_last_stream(recorder: Recorder, settings) -> None:
    settings.HANDOFF_CHECKPOINT_SECONDS = 0
    deliver(*SUBJECTS)
    job = balance_checkpoint.CheckpointJob()
    assert job.run() == 3
    deliver(*SUBJECTS)
    assert job.run() == 0  # paused after the last stream
    job.paused_until = 0
    assert job.run() == 3


@pytest.mark.django_db(transaction=True)
def test_the_retention_gives_way_to_a_lock(recorder: Recorder, settings) -> None:
    settings.HANDOFF_KEEP_DAYS = 30
    deliver("SO-000001")
    balance_checkpoint.extend_all()
    grow_old()
    with closing(connection.copy()) as colleague:
        colleague.set_autocommit(False)
        with colleague.cursor() as cursor:
            cursor.execute("UPDATE handoff_handoff SET accepted_at = now()")
        assert retention.run() == 0
        colleague.rollback()
    assert retention.run() == 1
