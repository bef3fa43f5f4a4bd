"""Applying: each hand-off has its effect exactly once.

One transaction locks the row, runs the consumer, inserts the receipt and marks the row applied.
What is begun names its attempt; when a later attempt has begun, the earlier one changes nothing.

A session goes three ways. What was posted just now and comes first is applied at once,
without a claim: should it kill its worker, its row is free again, and a moment later it is not so
fresh. A process that is as young as that claims it: it may stand in for one that died of it. All
else is claimed first (`claims`). And whoever has claimed and applied something claims
what is due next in the same transaction, so that a backlog costs one commit a hand-off, or one for
several.
"""

from __future__ import annotations

import json
import logging
import os
import random
import time
from collections import Counter, deque
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import groupby
from typing import Any

import msgspec
import structlog
from django.conf import settings
from django.db import connection, transaction
from django.db.models import F

from officeflow.handoff import fault_points
from officeflow.handoff.claims import Claim, claim_next, claim_several, knows, leave
from officeflow.handoff.contracts import CONTRACTS, Contract
from officeflow.handoff.error_redaction import describe
from officeflow.handoff.models import Destination, Handoff, HandoffState, Stream
from officeflow.handoff.outbox import PendingHandoff, defer_posts, notify_after_commit, write
from officeflow.handoff.registry import (
    PermanentError,
    RetryPolicy,
    TakesSeveral,
    consumer_of,
    contracts_outside,
    retry_policy_of,
)

log = structlog.get_logger(__name__)

COLUMNS = """
    id, stream_id, sequence, destination, subject, contract, contract_version, payload, is_sealed,
    state, is_head, attempts, attempts_forgiven, due_at, posted_at, posted_by_id, delivered_at,
    accepted_at, accepted_by_id, returned_at, last_error
"""
FIND = f"""
SELECT {COLUMNS}, attempts = 0 AND contract <> ALL(%(outside)s::text[])
    AND posted_at > office_clock() - make_interval(secs => %(fresh)s) AS is_fresh
FROM handoff_find_v1(%(destination)s, %(limit)s)
"""  # noqa: S608 (nothing in it comes from outside)
RECEIVE = f"""
SELECT {COLUMNS} FROM handoff_receive_v1(%(ids)s::bigint[], %(attempts)s::int[], %(limit)s)
"""  # noqa: S608 (nothing in it comes from outside)
FINISH = """
SELECT id, handoff_finish_v1(id, stream, place) FROM
    unnest(%(ids)s::bigint[], %(streams)s::bigint[], %(places)s::bigint[]) AS one(id, stream, place)
"""


# Every process runs at most this long for one notification, and then lets another destination in.
SESSION_SECONDS = 5.0
# What shares a transaction keeps what it has locked for about this long at most.
TOGETHER_SECONDS = 0.1
# For how long after its posting a hand-off is tried without a claim, by processes that are older.
FRESH_SECONDS = 0.25

born_at = time.monotonic()


def _begin_life() -> None:
    global born_at
    born_at = time.monotonic()


os.register_at_fork(after_in_child=_begin_life)


class OutOfPlace(Exception):
    """A stream's head is elsewhere than its hand-offs say: somebody changed rows by hand."""


def apply(claim: Claim) -> bool:
    """Applies a claimed hand-off, all or none; says whether it took effect now.

    An error is written on the row: it backs off, or is dead after too many attempts or a
    permanent error.
    """
    session = ApplySession(claim.destination, claims=[claim], claims_more=False)
    session.run_once()
    return bool(session.applied)


@dataclass
class ApplySession:
    """A process applies for one destination: what it holds, and what it has done so far."""

    destination: str
    claims: list[Claim] = field(default_factory=list)
    # Whether it claims what is due next, once it has applied what it holds.
    claims_more: bool = True
    applied: int = 0

    def run_once(self) -> bool:
        """One transaction, or what is left of it when it fails. Says whether there was work."""
        if not self.claims:
            return self._begin()
        claims, self.claims = self.claims, []
        for claim in claims:
            fault_points.reach("after_claim", claim.handoff_id)
        try:
            with transaction.atomic():
                done, rest = self._apply_claimed(claims)
                if not rest and self.claims_more:
                    rest = claim_several(self.destination)
                _reach_all("before_commit", done)
        except Exception as error:
            if connection.needs_rollback:  # a transaction around this one is lost with it
                raise
            if len(claims) > 1:
                log.warning("handoff.together_failed", error=type(error).__name__)
                self._apply_singly(claims)
            else:
                write_failure(claims[0], error)
            return True
        self.claims = rest
        self._count(done)
        return True

    def _begin(self) -> bool:
        """Applies what was posted just now, or claims what is due."""
        if self.applied:  # there is more than one
            self.claims = claim_several(self.destination)
            return bool(self.claims)
        handoff = None
        try:
            with transaction.atomic():
                handoff = self._find()
                if handoff is None:
                    return False
                if not knows(handoff.destination, handoff.contract, handoff.contract_version):
                    return leave(self.destination) > 0
                if not handoff.is_fresh:
                    self.claims = claim_several(self.destination)
                    return bool(self.claims)
                fault_points.reach("after_claim", handoff.pk)
                _run_one(handoff)
                fault_points.reach("before_commit", handoff.pk)
        except Exception as error:
            self.claims = []
            # Only what was begun can have failed; a claim that did not come about is no attempt.
            if handoff is None or not handoff.is_fresh or connection.needs_rollback:
                raise
            write_failure(Claim(handoff.pk, 0, self.destination, handoff.stream_id), error)
            return True
        self._count([handoff])
        return True

    def _find(self) -> Handoff | None:
        is_young = time.monotonic() - born_at < FRESH_SECONDS
        asked = {
            "destination": self.destination,
            "outside": contracts_outside(self.destination),
            "fresh": 0 if is_young else FRESH_SECONDS,
            "limit": _limit(),
        }
        return next(iter(_select(FIND, asked)), None)

    def _apply_claimed(self, claims: list[Claim]) -> tuple[list[Handoff], list[Claim]]:
        """Applies in the transaction that runs; what was applied, and what there was no time for.

        One that is alone raises what its consumer raises; of several, each has its failure
        written on its row.
        """
        asked = {
            "ids": [claim.handoff_id for claim in claims],
            "attempts": [claim.attempt for claim in claims],
            "limit": _limit(),
        }
        received = _select(RECEIVE, asked)
        by_id = {handoff.pk: handoff for handoff in received}
        for claim in claims:
            if claim.handoff_id not in by_id:  # a later attempt has begun: this one changes nothing
                log.info("handoff.stale_attempt", handoff=claim.handoff_id, attempt=claim.attempt)
        if len(claims) == 1:
            for handoff in received:
                _run_one(handoff)
            return received, []
        return self._apply_together([claim for claim in claims if claim.handoff_id in by_id], by_id)

    def _apply_together(
        self, claims: list[Claim], by_id: dict[int, Handoff]
    ) -> tuple[list[Handoff], list[Claim]]:
        deadline = time.monotonic() + TOGETHER_SECONDS
        done: list[Handoff] = []
        pending: list[PendingHandoff] = []
        batches = _batches(claims, by_id)
        while batches:
            batch = batches.popleft()
            handoffs = [by_id[claim.handoff_id] for claim in batch]
            try:
                with transaction.atomic():
                    pending += _consume(handoffs)
                done += handoffs
            except Exception as error:
                if connection.needs_rollback or len(batch) > 1:
                    raise  # which of them it was shows when each is by itself
                write_failure(batch[0], error)
            if time.monotonic() >= deadline:
                break
        _finish(done, pending)
        return done, [claim for batch in batches for claim in batch]

    def _apply_singly(self, claims: Iterable[Claim]) -> None:
        """What failed as a whole has no culprit: each is tried by itself, as the same attempt."""
        for claim in claims:
            self.applied += apply(claim)

    def _count(self, done: list[Handoff]) -> None:
        _reach_all("after_commit", done)
        self.applied += len(done)


def _reach_all(point: str, handoffs: Iterable[Handoff]) -> None:
    for handoff in handoffs:
        fault_points.reach(point, handoff.pk)


def _run_one(handoff: Handoff) -> None:
    """Consumes and finishes, in the transaction that runs."""
    _finish([handoff], _consume([handoff]))


def _batches(claims: list[Claim], by_id: dict[int, Handoff]) -> deque[list[Claim]]:
    """What one consumer takes at once, and what is taken singly, a batch each."""
    batches: dict[str | int, list[Claim]] = {}
    for claim in claims:
        handoff = by_id[claim.handoff_id]
        consumer = consumer_of(handoff.destination, handoff.contract)
        key = handoff.contract if isinstance(consumer, TakesSeveral) else handoff.pk
        batches.setdefault(key, []).append(claim)
    return deque(batches.values())


def _consume(handoffs: list[Handoff]) -> list[PendingHandoff]:
    """Runs the consumer, which all of them have; what it posted, not yet written."""
    consumer = consumer_of(handoffs[0].destination, handoffs[0].contract)
    arrived = [(_open(handoff), handoff) for handoff in handoffs]
    with defer_posts() as pending:
        if isinstance(consumer, TakesSeveral):
            consumer.take(arrived)
        else:
            for contract, handoff in arrived:
                consumer(contract, handoff)
    return pending


def _finish(handoffs: Sequence[Handoff], pending: Sequence[PendingHandoff]) -> None:
    """Moves the heads, marks the rows applied, and writes what their consumers posted.

    Streams are locked in sorted order, our own among them, so that two applies which post to
    each other's streams cannot wait for each other.
    """
    own = [((handoff.destination, handoff.subject), 0, handoff) for handoff in handoffs]
    posted = [(pending.stream_key, 1, pending) for pending in pending]
    places = sorted([*own, *posted], key=lambda place: place[:2])
    for is_posted, group in groupby(places, key=lambda place: place[1]):
        run = [what for _key, _kind, what in group]
        if is_posted:
            write([what for what in run if isinstance(what, PendingHandoff)])
        else:
            _finish_all([what for what in run if isinstance(what, Handoff)])


def _finish_all(handoffs: list[Handoff]) -> None:
    """In their order, by one statement."""
    with connection.cursor() as cursor:
        asked = {
            "ids": [handoff.pk for handoff in handoffs],
            "streams": [handoff.stream_id for handoff in handoffs],
            "places": [handoff.sequence for handoff in handoffs],
        }
        cursor.execute(FINISH, asked)
        lost = [handoff_id for handoff_id, posted in cursor.fetchall() if posted is None]
    for handoff in handoffs:
        if handoff.pk in lost:
            raise OutOfPlace(f"{handoff.subject} is not at {handoff.sequence}")


def _limit() -> int | None:
    """In milliseconds; none of ours within another transaction, which it would outlast."""
    return None if connection.savepoint_ids else int(settings.HANDOFF_LEASE_SECONDS * 1000)


def _select(statement: str, asked: dict[str, Any]) -> list[Handoff]:
    """Hand-offs, locked, with what else the statement says of them.

    Written out, because Django's raw queries take longer to make an object of a row than
    PostgreSQL to find it.
    """
    with connection.cursor() as cursor:
        cursor.execute(statement, asked)
        names = [column.name for column in cursor.description]
        rows = cursor.fetchall()
    handoffs = []
    for row in rows:
        fields = dict(zip(names, row, strict=True))
        is_fresh = fields.pop("is_fresh", False)
        fields["payload"] = json.loads(fields["payload"])
        handoff = Handoff.from_db(connection.alias, list(fields), list(fields.values()))
        handoff.is_fresh = is_fresh
        handoffs.append(handoff)
    return handoffs


def _open(handoff: Handoff) -> Contract:
    """The contract in the payload. Raises `PermanentError` when it cannot be read."""
    try:
        return CONTRACTS[handoff.contract].from_payload(handoff.payload)
    except msgspec.ValidationError as error:
        raise PermanentError(f"the payload is not a {handoff.contract}: {error}") from error


def write_failure(claim: Claim, error: Exception) -> None:
    """Writes the error on the row and decides when it is tried again."""
    handoff = Handoff.objects.get(pk=claim.handoff_id)
    attempt = max(claim.attempt, 1)  # none has been claimed of what is fresh
    counted = attempt - min(handoff.attempts_forgiven, attempt - 1)
    policy = retry_policy_of(claim.destination)
    dead = isinstance(error, PermanentError) or counted >= policy.attempts
    text = describe(error, handoff)
    with connection.cursor() as cursor:
        backoff = backoff_seconds(counted, policy)
        cursor.execute(
            "SELECT handoff_fail_v1(%s, %s, %s, %s, %s)",
            [claim.handoff_id, claim.attempt, text, dead, backoff],
        )
    log.log(
        logging.ERROR if dead else logging.WARNING,
        "handoff.dead" if dead else "handoff.failed",
        handoff=claim.handoff_id,
        contract=handoff.contract,
        attempt=attempt,
        error=text,
    )


def backoff_seconds(attempt: int, policy: RetryPolicy | None = None) -> float:
    """Exponential with jitter: attempt 1 waits 1 to 2 s by default, doubling to the limit."""
    how = policy or retry_policy_of("")
    longest = min(how.backoff_seconds * 2 ** (attempt - 1), how.longest_seconds)
    return longest * random.uniform(0.5, 1.0)  # noqa: S311 (spreads work, guards nothing)


def advance(stream_id: int, sequence: int) -> None:
    """Moves the stream's head past `sequence`; the next one, if any, may be claimed at once."""
    Stream.objects.filter(pk=stream_id, head=sequence).update(head=F("head") + 1)
    Handoff.objects.filter(
        stream_id=stream_id, sequence=sequence + 1, state=HandoffState.WAITING
    ).update(is_head=True)


def apply_due(destination: str, *, seconds: float = SESSION_SECONDS) -> int:
    """Applies what waits for a destination until nothing is claimable or the time is up.

    Returns how many took effect. When time is up while work may be left, the workers are
    notified again, so that one destination does not keep a process from the others.
    """
    deadline = time.monotonic() + seconds
    session = ApplySession(destination)
    while session.run_once():
        if time.monotonic() >= deadline:
            session.claims_more = False
            while session.claims:
                session.run_once()
            notify_after_commit({destination})
            break
    return session.applied


def drain(destinations: Iterable[str] = Destination.values) -> int:
    """Applies, in this process, until no destination has anything claimable.

    Hand-offs that back off are left for later. Returns how many took effect.
    """
    names = list(destinations)
    total = 0
    while claimable := _claimable(names):
        claims = (claim_next(name) for name, count in claimable for _ in range(count))
        applied = sum(apply(claim) for claim in claims if claim is not None)
        if not applied:
            break
        total += applied
    return total


def drain_counted(written: Counter[str], since: datetime) -> int:
    """Applies what `count_written` counted, and what comes of it, without looking for anything.

    For one long transaction, whose table and indexes keep all that has gone: it looks only at
    what was posted since a moment. Returns how many took effect.
    """
    total, start = 0, str(since)
    while counts := [(name, written.pop(name)) for name in Destination.values if written[name]]:
        claims = (claim_next(name, since=start) for name, count in counts for _ in range(count))
        total += sum(apply(claim) for claim in claims if claim is not None)
    return total


def _claimable(names: list[str]) -> list[tuple[str, int]]:
    """Which of the destinations have something to claim now, and how much, in their own order."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT destination, count(*) FROM handoff_handoff
            WHERE destination = ANY(%s) AND state = 'waiting' AND is_head
              AND (due_at <= office_clock() OR attempts = 0)
            GROUP BY destination
            ORDER BY array_position(%s::text[], destination::text)
            """,
            [names, names],
        )
        return cursor.fetchall()
