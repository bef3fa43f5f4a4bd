"""What may happen to hand-offs, step by step, beside the model that says what may come of it.

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
    """What SIGKILL looks like from inside: nothing that catches errors catches it."""


class Machine(RuleBasedStateMachine):
    """Desks, workers, a sweeper and two operators, and the model that says what may come of it."""

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

    # --- what a consumer does ------------------------------------------------------------------

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

    # --- what happens --------------------------------------------------------------------------

    @rule(subject=SUBJECTS, to=st.lists(DESTINATIONS, min_size=1, max_size=2, unique=True))
    def post(self, subject: str, to: list[Destination]) -> None:
        post_handed_over("said", *to, subject=subject)
        self.learn_of_new({(destination.value, subject): 1 for destination in to})

    @rule(subject=SUBJECTS)
    def post_as_a_newer_desk(self, subject: str) -> None:
        """What it says is not known to the workers, until they are brought up to date too."""
        known = set(self.model.handoffs)
        self.post(subject, BACK)
        new = self.model.handoffs.keys() - known
        Handoff.objects.filter(pk__in=new).update(contract_version=NEWER)
        for pk in new:
            self.model.handoffs[pk].is_unknown = GoodsHandedOver.version < NEWER

    @rule()
    def bring_workers_up_to_date(self) -> None:
        """From now on they know what the newer desk says."""
        GoodsHandedOver.version = NEWER
        for handoff in self.model.handoffs.values():
            handoff.is_unknown = False

    @rule(subject=SUBJECTS, data=st.data())
    def nothing(self, subject: str, data: st.DataObject) -> None:
        """What changes nothing: a message more, a fact that was not to be, a wrong click."""
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
        """Something is broken, or mended; a transaction has time for one, or for all it claimed."""
        self.ends[subject] = end
        apply.SHARED_SECONDS = 0 if slow else EVER

    @rule(destination=DESTINATIONS, several=st.booleans())
    def claim(self, destination: Destination, several: bool) -> None:
        """A worker claims, perhaps what it may apply together; whether it lives is seen later."""
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
        """Any worker that ever claimed tries to apply, its lease good or long run out."""
        self.try_to_apply(data.draw(st.sampled_from(self.claims)), end, besides=False)

    @rule(destination=DESTINATIONS, end=ENDS, late=st.booleans(), besides=st.booleans())
    def take(self, destination: Destination, end: End, late: bool, besides: bool) -> None:
        """A worker claims and applies, perhaps so late that its lease has run out."""
        claim = claims.claim_next(destination.value)
        self.claimed(destination, [claim] if claim else [])
        if late:
            self.let_time_pass()
        if claim:
            self.try_to_apply(claim, end, besides)

    def try_to_apply(self, claim: claims.Claim, end: End, besides: bool) -> None:
        """`besides` another one claims while this one is in the middle of it."""
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
        self.learn_of_new(self.replies([claim.handoff_id] if took_effect else []))

    @rule(destination=DESTINATIONS)
    def work(self, destination: Destination) -> None:
        """A notification reaches a worker: it applies until nothing is left, or it dies."""
        self.see_what_became(destination, partial(apply.apply_due, destination.value, seconds=EVER))

    @rule()
    def sweep(self) -> None:
        """Some time later the sweeper sees what is due, and workers take it."""
        self.let_time_pass()
        found = {each.destination: each.count for each in sweeper.find_overdue()}
        assert found == {name.value: n for name in BACK if (n := self.model.due(name.value))}
        for name in found:
            self.work(Destination(name))

    @rule(subject=SUBJECTS)
    def kill_every_worker(self, subject: str) -> None:
        """What is told of a subject kills whoever takes it, until it is dead."""
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
        """What became of a destination's hand-offs; whether the worker died of one."""
        effects = len(self.model.effects)
        has_died = False
        try:
            count = work()
        except ProcessDied:
            has_died = True
        self.see_what_was_left()
        self.see(destination, has_died=has_died)
        self.learn_of_new(self.replies(self.model.effects[effects:]))
        # Whoever has applied something goes on, also with what came of it.
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
        """Each hand-off of the destination, in the order of its stream."""
        for row in Handoff.objects.filter(destination=destination).order_by("sequence"):
            if row.pk in self.model.handoffs:
                became = (row.state, row.attempts, row.attempts - row.attempts_forgiven)
                if row.state == HandoffState.APPLIED:
                    became = (row.state, row.attempts, self.model.handoffs[row.pk].tried)
                self.model.see(row.pk, self.end_of(row.subject), became, has_died=has_died)

    def replies(self, applied: list[int]) -> dict[tuple[str, str], int]:
        """How many hand-offs those that took effect have posted, by stream."""
        counts: dict[tuple[str, str], int] = {}
        for pk in applied:
            handoff = self.model.handoffs[pk]
            if self.end_of(handoff.key[1]) is End.POSTS and not handoff.is_reply:
                for destination in BACK:
                    key = (destination.value, handoff.key[1])
                    counts[key] = counts.get(key, 0) + 1
        return counts

    def learn_of_new(self, expected: dict[tuple[str, str], int]) -> None:
        """What was posted is there, each at the end of its stream, and nothing else."""
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
        """Leases run out, waits end, and what was posted just now is not so fresh any more."""
        Handoff.objects.filter(state=HandoffState.WAITING).update(
            due_at=F("due_at") - YEARS, posted_at=F("posted_at") - YEARS
        )
        for handoff in self.model.handoffs.values():
            handoff.is_due |= handoff.state == "waiting"

    @rule(data=st.data(), again=st.booleans(), second=st.booleans())
    def operate(self, data: st.DataObject, again: bool, second: bool) -> None:
        """An operator acts on a dead one, and a colleague who saw it dead does too."""
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

    # --- what is always true -------------------------------------------------------------------

    @invariant()
    def it_is_as_the_model_says(self) -> None:
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
    def each_has_its_effect_once_and_in_its_turn(self) -> None:
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
