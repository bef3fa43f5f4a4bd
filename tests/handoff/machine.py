"""A state machine of desks, workers, a sweeper and operators, compared with the model.

Every step commits, as in an office.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from django.db import connection, transaction
from django.db.models import F
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from officeflow.handoff import actions, notifier, registry
from officeflow.handoff.applying import apply, claims
from officeflow.handoff.clock import OfficeClock
from officeflow.handoff.contracts import GoodsHandedOver
from officeflow.handoff.equation import balance
from officeflow.handoff.maintenance import sweeper
from officeflow.handoff.models import Destination, Handoff, HandoffState, Stream
from officeflow.staff.models import User
from tests.handoff.conftest import post_handed_over
from tests.handoff.model import MOST, TAKES_EFFECT, UNCOUNTED, End, Model

EVER = 100_000.0  # seconds that nothing in a test takes: time passes when a rule says so
YEARS = timedelta(days=3650)  # pass when time does
BACK = [Destination.ACCOUNTING, Destination.FULFILMENT]
SUBJECTS = st.sampled_from(["SO-000001", "SO-000002", "CP-000001"])
DESTINATIONS = st.sampled_from(BACK)
ENDS = st.sampled_from(End)
REPLY = "a reply"
NEWER = GoodsHandedOver.version + 1


class ProcessDied(BaseException):
    """Ends an attempt as SIGKILL would: no `except Exception` catches it."""


class Machine(RuleBasedStateMachine):
    """Desks, workers, a sweeper and two operators, and the model of what they may do."""

    operators: tuple[User, User]
    colleague: ThreadPoolExecutor

    def __init__(self) -> None:
        super().__init__()
        self.model = Model()
        self.claims: list[claims.Claim] = []
        self.ends: dict[str, End] = {}  # by subject; well unless said
        self.meanwhile: Any = None
        self.registered = ExitStack()
        self.registered.enter_context(registry.without_consumers())
        registry.consumes(GoodsHandedOver, Destination.FULFILMENT)(self.consume)
        registry.consumes(GoodsHandedOver, Destination.ACCOUNTING, may_share_transaction=True)(
            self.consume
        )
        GoodsHandedOver.version = NEWER - 1
        apply.SHARED_SECONDS = EVER

    def teardown(self) -> None:
        self.registered.close()
        with connection.cursor() as cursor:
            cursor.execute(
                "DELETE FROM effect; DELETE FROM handoff_receipt; DELETE FROM handoff_intervention;"
                "DELETE FROM handoff_handoff; DELETE FROM handoff_stream"
            )

    # --- the consumer --------------------------------------------------------------------------

    def consume(self, contract: Any, handoff: Handoff) -> None:
        with connection.cursor() as cursor:
            cursor.execute("INSERT INTO effect (handoff) VALUES (%s)", [handoff.pk])
        if self.meanwhile is not None:
            self.meanwhile, todo = None, self.meanwhile
            todo()
        end = self.end_of(handoff.subject)
        is_reply = contract.order_number == REPLY
        if end in (End.POSTS, End.ERROR) and not is_reply:
            post_handed_over(REPLY, *BACK, subject=handoff.subject)
        if end is End.UNDOES:
            with transaction.atomic():
                post_handed_over(REPLY, *BACK, subject=handoff.subject)
                transaction.set_rollback(True)
        if end is End.ERROR:
            raise ValueError("stumbled")
        if end is End.PERMANENT:
            raise registry.PermanentError("never")
        if end is End.DIES:
            raise ProcessDied

    def end_of(self, subject: str) -> End:
        return self.ends.get(subject, End.WELL)

    # --- the steps -----------------------------------------------------------------------------

    @rule(subject=SUBJECTS, to=st.lists(DESTINATIONS, min_size=1, max_size=2, unique=True))
    def post(self, subject: str, to: list[Destination]) -> None:
        post_handed_over("said", *to, subject=subject)
        self.add_new_to_model({(destination.value, subject): 1 for destination in to})

    @rule(subject=SUBJECTS)
    def post_as_a_newer_desk(self, subject: str) -> None:
        """Posts a version that the workers do not know until they are upgraded."""
        known = set(self.model.handoffs)
        self.post(subject, BACK)
        new = self.model.handoffs.keys() - known
        Handoff.objects.filter(pk__in=new).update(contract_version=NEWER)
        for pk in new:
            self.model.handoffs[pk].is_unknown = GoodsHandedOver.version < NEWER

    @rule()
    def upgrade_workers(self) -> None:
        """Upgrades the workers to the newer version of the contract."""
        GoodsHandedOver.version = NEWER
        for handoff in self.model.handoffs.values():
            handoff.is_unknown = False

    @rule(subject=SUBJECTS, data=st.data())
    def nothing(self, subject: str, data: st.DataObject) -> None:
        """Does what changes nothing: a notification, a rollback, an operator who is too late."""
        notifier.notify(data.draw(DESTINATIONS).value)
        with transaction.atomic():
            post_handed_over("said", *BACK, subject=subject)
            transaction.set_rollback(True)
        others = sorted(pk for pk, each in self.model.handoffs.items() if each.state != "dead")
        if others:
            handoff = Handoff.objects.get(pk=data.draw(st.sampled_from(others)))
            act = data.draw(st.sampled_from([actions.replay, actions.discard]))
            with pytest.raises(actions.NotDead):
                act(actor=self.operators[0], handoff=handoff, reason="Because")

    @rule(subject=SUBJECTS, end=ENDS, slow=st.booleans())
    def change(self, subject: str, end: End, slow: bool) -> None:
        """Changes the end of a subject's consumer, and the time of a shared transaction."""
        self.ends[subject] = end
        apply.SHARED_SECONDS = 0 if slow else EVER

    @rule(destination=DESTINATIONS, several=st.booleans())
    def claim(self, destination: Destination, several: bool) -> None:
        """A worker claims one or several hand-offs, and perhaps never applies them."""
        if several:
            self.claimed(destination, claims.claim_several(destination.value))
        else:
            claim = claims.claim_next(destination.value)
            self.claimed(destination, [claim] if claim else [])

    def claimed(self, destination: Destination, found: list[claims.Claim]) -> None:
        self.see_what_was_left()
        claimable, spent = self.model.claimable(destination), self.model.spent(destination)
        dead = set(
            Handoff.objects.filter(pk__in=spent, state=HandoffState.DEAD).values_list(
                "pk", flat=True
            )
        )
        for pk in dead:
            self.model.handoffs[pk].state = "dead"
        if not found:
            assert not claimable, "there was something to claim"
            assert dead == spent
        for claim in found:
            assert claim.handoff_id in claimable
            assert claim.is_shared or len(found) == 1  # the others may have been unknown
            self.model.claim(claim.handoff_id, claim.attempt, counts=not claim.is_shared)
            self.claims.append(claim)

    @precondition(lambda self: self.claims)
    @rule(data=st.data(), end=ENDS)
    def apply(self, data: st.DataObject, end: End) -> None:
        """A worker that once claimed tries to apply, perhaps after its lease."""
        self.try_to_apply(data.draw(st.sampled_from(self.claims)), end, besides=False)

    @rule(destination=DESTINATIONS, end=ENDS, late=st.booleans(), besides=st.booleans())
    def take(self, destination: Destination, end: End, late: bool, besides: bool) -> None:
        """A worker claims and applies, perhaps after its lease."""
        claim = claims.claim_next(destination.value)
        self.claimed(destination, [claim] if claim else [])
        if late:
            self.let_time_pass()
        if claim:
            self.try_to_apply(claim, end, besides)

    def try_to_apply(self, claim: claims.Claim, end: End, besides: bool) -> None:
        """Applies; with `besides` another worker claims in the middle of it."""
        destination, subject = self.model.handoffs[claim.handoff_id].key
        self.ends[subject] = end
        is_current = self.model.is_current(claim.handoff_id, claim.attempt)
        others: list[claims.Claim | None] = []
        if besides and is_current:
            self.model.handoffs[claim.handoff_id].state = "applying"  # nobody may get it
            self.meanwhile = lambda: others.append(
                self.colleague.submit(claims.claim_next, destination).result(timeout=20)
            )
        took_effect = None
        try:
            took_effect = apply.apply(claim)
        except ProcessDied:
            assert is_current
            assert end is End.DIES
        else:
            assert took_effect == (is_current and end in TAKES_EFFECT)
        for other in others:
            self.claimed(Destination(destination), [other] if other else [])
        self.meanwhile = None
        if besides and is_current:
            self.model.handoffs[claim.handoff_id].state = "waiting"
        if is_current:
            self.model.finish(claim.handoff_id, end)
        self.add_new_to_model(self.replies([claim.handoff_id] if took_effect else []))

    @rule(destination=DESTINATIONS)
    def work(self, destination: Destination) -> None:
        """A notified worker applies until nothing is due, or dies."""
        self.see_what_became(destination, partial(apply.apply_due, destination.value, seconds=EVER))

    @rule()
    def sweep(self) -> None:
        """Later the sweeper finds what is due, and workers apply it."""
        self.let_time_pass()
        found = {each.destination: each.count for each in sweeper.find_overdue()}
        assert found == {name.value: n for name in BACK if (n := self.model.due(name.value))}
        for name in found:
            self.work(Destination(name))

    @rule(subject=SUBJECTS)
    def kill_every_worker(self, subject: str) -> None:
        """Every worker that applies the subject's head dies, until the head is dead."""
        self.ends[subject] = End.DIES
        for _ in range(MOST + UNCOUNTED + 1):
            self.let_time_pass()
            for name in BACK:
                while self.see_what_became(
                    name, partial(apply.apply_due, name.value, seconds=EVER)
                ):
                    pass  # another worker comes
        for name in BACK:
            stream = self.model.streams.get((name.value, subject))
            head = self.model.head((name.value, subject)) if stream else None
            assert head is None or head.state == "dead" or head.is_unknown

    def see_what_became(self, destination: Destination, work: Any) -> bool:
        """Compares a destination's hand-offs after `work`; returns whether the worker died."""
        effects = len(self.model.effects)
        has_died = False
        try:
            count = work()
        except ProcessDied:
            has_died = True
        self.see_what_was_left()
        self.see(destination, has_died=has_died)
        self.add_new_to_model(self.replies(self.model.effects[effects:]))
        # The worker goes on with what its consumers posted.
        self.see(destination, has_died=has_died)
        if not has_died:
            assert count == len(self.model.effects) - effects
            assert not self.model.claimable(destination.value)
            assert not self.model.spent(destination.value)
        return has_died

    def see_what_was_left(self) -> None:
        unknown = [pk for pk, handoff in self.model.handoffs.items() if handoff.is_unknown]
        rows = Handoff.objects.filter(pk__in=unknown).annotate(now=OfficeClock())
        for row in rows if unknown else []:
            became = (row.state, row.attempts, row.attempts - row.attempts_forgiven)
            self.model.leave(row.pk, became, is_due=row.due_at <= row.now)

    def see(self, destination: Destination, *, has_died: bool) -> None:
        """Compares each hand-off of the destination, in the order of its stream."""
        for row in Handoff.objects.filter(destination=destination).order_by("sequence"):
            if row.pk in self.model.handoffs:
                became = (row.state, row.attempts, row.attempts - row.attempts_forgiven)
                if row.state == HandoffState.APPLIED:
                    became = (row.state, row.attempts, self.model.handoffs[row.pk].tried)
                self.model.see(row.pk, self.end_of(row.subject), became, has_died=has_died)

    def replies(self, applied: list[int]) -> dict[tuple[str, str], int]:
        """Returns how many hand-offs the consumers of the applied ones posted, by stream."""
        counts: dict[tuple[str, str], int] = {}
        for pk in applied:
            handoff = self.model.handoffs[pk]
            if self.end_of(handoff.key[1]) is End.POSTS and not handoff.is_reply:
                for destination in BACK:
                    key = (destination.value, handoff.key[1])
                    counts[key] = counts.get(key, 0) + 1
        return counts

    def add_new_to_model(self, expected: dict[tuple[str, str], int]) -> None:
        """Adds the new rows to the model, after a check that they are those expected."""
        new = Handoff.objects.exclude(pk__in=self.model.handoffs).order_by("stream_id", "sequence")
        found: dict[tuple[str, str], int] = {}
        for row in new:
            key = (row.destination, row.subject)
            found[key] = found.get(key, 0) + 1
            is_reply = row.payload["order_number"] == REPLY
            self.model.post(row.pk, key, row.sequence, is_reply=is_reply)
        assert found == expected

    @rule()
    def let_time_pass(self) -> None:
        """Ends all leases and waits; no hand-off is fresh any more."""
        Handoff.objects.filter(state=HandoffState.WAITING).update(
            due_at=F("due_at") - YEARS, posted_at=F("posted_at") - YEARS
        )
        for handoff in self.model.handoffs.values():
            handoff.is_due |= handoff.state == "waiting"

    @rule(data=st.data(), again=st.booleans(), second=st.booleans())
    def operate(self, data: st.DataObject, again: bool, second: bool) -> None:
        """Two operators act on the same dead hand-off; the second is too late."""
        dead = sorted(pk for pk, each in self.model.handoffs.items() if each.state == "dead")
        if not dead:
            return
        handoff = Handoff.objects.get(pk=data.draw(st.sampled_from(dead)))
        act = actions.replay if again else actions.discard
        act(actor=self.operators[0], handoff=handoff, reason="Because")
        if again:
            self.model.replay(handoff.pk)
        else:
            self.model.handoffs[handoff.pk].state = "discarded"
        late = actions.replay if second else actions.discard
        with pytest.raises(actions.NotDead):
            late(actor=self.operators[1], handoff=handoff, reason="Because too")

    # --- the invariants ------------------------------------------------------------------------

    @invariant()
    def rows_are_as_in_the_model(self) -> None:
        rows = {
            pk: rest
            for pk, *rest in Handoff.objects.values_list(
                "pk", "state", "is_head", "attempts", "attempts_forgiven"
            )
        }
        assert rows.keys() == self.model.handoffs.keys()
        heads = {head.pk for key in self.model.streams if (head := self.model.head(key))}
        for pk, (state, is_head, attempts, forgiven) in rows.items():
            handoff = self.model.handoffs[pk]
            assert state == handoff.state
            assert attempts == handoff.attempt
            assert is_head == (pk in heads)
            if state != HandoffState.APPLIED:
                assert attempts - forgiven == handoff.tried <= MOST

    @invariant()
    def each_has_its_effect_once_and_in_order(self) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT handoff FROM effect ORDER BY at")
            effects = [pk for (pk,) in cursor.fetchall()]
            cursor.execute("SELECT handoff_id FROM handoff_receipt")
            receipts = [pk for (pk,) in cursor.fetchall()]
        assert sorted(effects) == sorted(self.model.effects) == sorted(receipts)
        assert len(set(effects)) == len(effects)
        turns: dict[tuple[str, str], int] = {}
        for handoff in (self.model.handoffs[pk] for pk in effects):
            assert handoff.sequence > turns.get(handoff.key, 0), "out of its turn"
            turns[handoff.key] = handoff.sequence

    @invariant()
    def the_equation_holds(self) -> None:
        now = balance()
        states = [each.state for each in self.model.handoffs.values()]
        assert now.balanced
        assert now.posted == len(states)
        assert (now.applied, now.waiting, now.dead, now.discarded) == tuple(
            states.count(state) for state in ("applied", "waiting", "dead", "discarded")
        )
        for stream in Stream.objects.all():
            key = (stream.destination, stream.subject)
            handoffs = self.model.streams[key]
            head = self.model.head(key)
            assert stream.posted == len(handoffs)
            assert stream.head == (head.sequence if head else len(handoffs) + 1)
