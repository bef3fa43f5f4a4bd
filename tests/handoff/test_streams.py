"""Streams under whatever may happen to them, in any order, by Hypothesis."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import transaction
from django.db.models.functions import Now
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from officeflow.handoff import actions, relay
from officeflow.handoff.models import Destination, Handoff, HandoffState, Receipt, Stream
from officeflow.handoff.queries import balance
from officeflow.handoff.registry import PermanentError
from officeflow.staff.models import User
from tests.handoff.conftest import Ear, tell

SUBJECTS = st.sampled_from(["SO-000001", "SO-000002", "CP-000001"])
DESTINATIONS = st.sampled_from([Destination.ACCOUNTING, Destination.FULFILMENT])
SETTLED = (HandoffState.APPLIED, HandoffState.SET_ASIDE)
ends = st.sampled_from(["well", "error", "permanent", "posts", "undoes"])


class Corridor(RuleBasedStateMachine):
    """Posts, claims, failures, deaths, late workers and operators, all mixed."""

    ear: Ear
    operator: User

    def __init__(self) -> None:
        super().__init__()
        self.atomic = transaction.atomic()
        self.atomic.__enter__()
        self.claims: list[relay.Claim] = []
        self.applied: list[tuple[int, int]] = []  # (stream, sequence) in the order of effect
        self.ear.trouble = self.meet
        self.end = "well"
        self.posted = 0

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.atomic.__exit__(None, None, None)

    def meet(self, handoff: Handoff) -> None:
        """What the consumer does, as the rule said."""
        if self.end == "error":
            tell("lost with the error", Destination.ACCOUNTING, subject=handoff.subject)
            raise ValueError("stumbled")
        if self.end == "permanent":
            raise PermanentError("never")
        if self.end == "posts":
            tell("next", Destination.ACCOUNTING, Destination.FULFILMENT, subject=handoff.subject)
        if self.end == "undoes":
            with transaction.atomic():
                tell("undone", Destination.FULFILMENT, subject=handoff.subject)
                transaction.set_rollback(True)

    @rule(subject=SUBJECTS, to=st.lists(DESTINATIONS, min_size=1, max_size=2, unique=True))
    def post(self, subject: str, to: list[Destination]) -> None:
        tell("said", *to, subject=subject)
        self.posted += len(to)

    @rule(destination=DESTINATIONS)
    def claim(self, destination: Destination) -> None:
        claim = relay.claim_next(destination)
        if claim is not None:
            self.claims.append(claim)

    @precondition(lambda self: self.claims)
    @rule(data=st.data(), end=ends)
    def apply(self, data: st.DataObject, end: str) -> None:
        """Any worker that ever claimed tries to apply, its lease good or long run out."""
        claim = data.draw(st.sampled_from(self.claims))
        row = Handoff.objects.get(pk=claim.handoff_id)
        is_stale = row.attempts != claim.attempt or row.state != HandoffState.WAITING
        self.end = end
        took_effect = relay.apply(claim)
        assert took_effect == (not is_stale and end in ("well", "posts", "undoes"))
        if took_effect:
            self.applied.append((row.stream_id, row.sequence))
            self.posted += 2 if end == "posts" else 0

    @rule()
    def let_time_pass(self) -> None:
        """Leases run out and waits end."""
        Handoff.objects.filter(state=HandoffState.WAITING).update(
            due_at=Now() - timedelta(seconds=1)
        )

    @rule(data=st.data(), again=st.booleans())
    def operate(self, data: st.DataObject, again: bool) -> None:
        """An operator acts on a dead one."""
        dead = list(Handoff.objects.filter(state=HandoffState.DEAD).order_by("id"))
        if not dead:
            return
        act = actions.replay if again else actions.set_aside
        act(actor=self.operator, handoff=data.draw(st.sampled_from(dead)), reason="Because")

    @invariant()
    def nothing_is_lost(self) -> None:
        now = balance()
        assert now.balanced
        assert now.posted == self.posted

    @invariant()
    def each_took_effect_once_and_in_its_turn(self) -> None:
        assert len(self.applied) == len(set(self.applied)) == Receipt.objects.count()
        for stream in {stream for stream, _ in self.applied}:
            sequences = [sequence for each, sequence in self.applied if each == stream]
            assert sequences == sorted(sequences)

    @invariant()
    def every_head_is_the_first_unsettled_one(self) -> None:
        for stream in Stream.objects.prefetch_related("handoffs"):
            rows = sorted(stream.handoffs.all(), key=lambda row: row.sequence)
            assert [row.sequence for row in rows] == list(range(1, stream.posted + 1))
            unsettled = [row for row in rows if row.state not in SETTLED]
            head = unsettled[0].sequence if unsettled else stream.posted + 1
            assert stream.head == head
            assert [row.sequence for row in rows if row.is_head] == [
                row.sequence for row in unsettled[:1]
            ]
            assert all(row.state == HandoffState.WAITING for row in unsettled[1:])
            assert all(row.attempts == 0 for row in unsettled[1:])

    @invariant()
    def nobody_tries_more_often_than_allowed(self) -> None:
        for row in Handoff.objects.exclude(state__in=SETTLED):
            assert row.attempts - row.attempts_forgiven <= 2
            assert row.state != HandoffState.DEAD or row.last_error


@pytest.mark.django_db
def test_streams_keep_order_and_count_whatever_happens(ear: Ear, maya: User, settings_) -> None:
    Corridor.ear, Corridor.operator = ear, maya
    run_state_machine_as_test(
        Corridor,
        settings=settings(
            max_examples=30,
            stateful_step_count=30,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )


@pytest.fixture
def settings_(settings: object) -> None:
    """Two attempts, so that dying is frequent."""
    settings.HANDOFF_MAX_ATTEMPTS = 2  # type: ignore[attr-defined]
