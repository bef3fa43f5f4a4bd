"""Applying: each hand-off has its effect exactly once.

One transaction locks the row, runs the consumer, inserts the receipt and marks the row applied.
It names its attempt, and changes nothing when a later attempt has begun.

A session applies in one of three ways:

- A fresh hand-off (posted within `FRESH_SECONDS`, never begun) is applied at once, without a
  claim, together with others that may share a transaction. If it kills its worker, its row is
  unlocked, and soon no longer fresh. A process younger than `FRESH_SECONDS` claims it
  instead, because it may replace a process that it killed.
- Any other hand-off is claimed first (`claims`).
- After applying claimed hand-offs the session claims the next ones in the same transaction, so
  that a backlog costs one commit for each transaction's hand-offs.
"""

from __future__ import annotations

import json
import os
import time
from collections import deque
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any

import msgspec
import structlog
from django.conf import settings
from django.db import connection, transaction

from officeflow.handoff import fault_points
from officeflow.handoff.applying.claims import (
    MAX_CLAIMED,
    Claim,
    claim_several,
    knows,
    leave,
)
from officeflow.handoff.applying.failures import write_failure
from officeflow.handoff.contracts import CONTRACTS, Contract
from officeflow.handoff.models import Handoff
from officeflow.handoff.outbox import PendingHandoff, defer_posts, notify_after_commit, write
from officeflow.handoff.registry import (
    BatchConsumer,
    PermanentError,
    consumer_of,
    contracts_sharing_transaction,
    contracts_with_outside_effect,
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
FROM handoff_find_v2(%(destination)s, %(limit)s, %(fresh)s, %(several)s, %(together)s::text[])
"""  # noqa: S608 (nothing in it comes from outside)
RECEIVE = f"""
SELECT {COLUMNS} FROM handoff_receive_v1(%(ids)s::bigint[], %(attempts)s::int[], %(limit)s)
"""  # noqa: S608 (nothing in it comes from outside)
FINISH = """
SELECT id, handoff_finish_v1(id, stream, place) FROM
    unnest(%(ids)s::bigint[], %(streams)s::bigint[], %(places)s::bigint[]) AS one(id, stream, place)
"""


# A process applies at most this long for one notification, so that other destinations get a turn.
SESSION_SECONDS = 5.0
# A transaction that several hand-offs share begins no further one after this long.
SHARED_SECONDS = 0.1
# Up to this age a hand-off is applied without a claim, by processes that are older than this. So
# one that kills its worker kills each process once at most before its attempts count.
FRESH_SECONDS = 1.0

process_started_at = time.monotonic()


def _note_start_of_fork() -> None:
    global process_started_at
    process_started_at = time.monotonic()


os.register_at_fork(after_in_child=_note_start_of_fork)


class HeadMismatch(Exception):
    """A hand-off that was applied is not the head of its stream: somebody changed rows by hand."""


def apply(claim: Claim) -> bool:
    """Applies a claimed hand-off and returns whether it took effect.

    A failure is written on the row (`failures`), not raised.
    """
    session = ApplySession(claim.destination, claims=[claim], claims_more=False)
    session.run_once()
    return bool(session.applied)


@dataclass
class ApplySession:
    """One process applying hand-offs of one destination."""

    destination: str
    # What the next transaction applies.
    claims: list[Claim] = field(default_factory=list)
    # Whether each transaction claims the next hand-offs before it commits.
    claims_more: bool = True
    # How many hand-offs have taken effect.
    applied: int = 0

    def run_once(self) -> bool:
        """Runs one transaction; when it fails, writes the failures. Returns whether there was work.

        Raises the consumer's error when a transaction around this one is lost with it.
        """
        if not self.claims:
            return self._begin()
        claims, self.claims = self.claims, []
        for claim in claims:
            fault_points.reach("after_claim", claim.handoff_id)
        try:
            with transaction.atomic():
                done, remaining = self._apply_claimed(claims)
                if not remaining and self.claims_more:
                    remaining = claim_several(self.destination)
                _reach_all("before_commit", done)
        except Exception as error:
            if connection.needs_rollback:
                raise
            self._fail(claims, error)
            return True
        self.claims = remaining
        self._count(done)
        return True

    def _begin(self) -> bool:
        """Applies what is most overdue if it is fresh, else claims. Returns whether any is."""
        begun: list[Claim] = []
        try:
            with transaction.atomic():
                found = self._find()
                if not found:
                    return False
                first = found[0]
                if not knows(first.destination, first.contract, first.contract_version):
                    return leave(self.destination) > 0
                if not first.is_fresh:
                    self.claims = claim_several(self.destination)
                    return bool(self.claims)
                begun = [Claim(each.pk, 0, self.destination, each.stream_id) for each in found]
                _reach_all("after_claim", found)
                done, _later = self._apply_received(begun, found)
                _reach_all("before_commit", done)
        except Exception as error:
            self.claims = []
            # A claim that failed is not an attempt.
            if not begun or connection.needs_rollback:
                raise
            self._fail(begun, error)
            return True
        self._count(done)
        return True

    def _fail(self, claims: list[Claim], error: Exception) -> None:
        """Writes the failure of a transaction that was rolled back.

        Of several nobody knows which of them failed: each is applied by itself, as the same
        attempt.
        """
        if len(claims) == 1:
            write_failure(claims[0], error)
            return
        log.warning("handoff.together_failed", error=type(error).__name__)
        for claim in claims:
            self.applied += apply(claim)

    def _find(self) -> list[Handoff]:
        """Returns the most overdue head of a stream, locked; fresh ones that may share with it too.

        Without those of the others that only a newer version knows.
        """
        is_young = time.monotonic() - process_started_at < FRESH_SECONDS
        outside = contracts_with_outside_effect(self.destination)
        together = set(contracts_sharing_transaction(self.destination)) - set(outside)
        parameters = {
            "destination": self.destination,
            "outside": outside,
            "fresh": 0 if is_young else FRESH_SECONDS,
            "limit": _time_limit(),
            "several": MAX_CLAIMED,
            "together": list(together),
        }
        found = _select(FIND, parameters)
        return found[:1] + [
            each
            for each in found[1:]
            if knows(each.destination, each.contract, each.contract_version)
        ]

    def _apply_claimed(self, claims: list[Claim]) -> tuple[list[Handoff], list[Claim]]:
        """Applies in the current transaction; returns what was applied, and the claims not begun.

        A single claim raises its consumer's error; of several, each failure is written on its row.
        """
        parameters = {
            "ids": [claim.handoff_id for claim in claims],
            "attempts": [claim.attempt for claim in claims],
            "limit": _time_limit(),
        }
        received = _select(RECEIVE, parameters)
        known = {handoff.pk for handoff in received}
        for claim in claims:
            if claim.handoff_id not in known:  # a later attempt has begun
                log.info("handoff.stale_attempt", handoff=claim.handoff_id, attempt=claim.attempt)
        return self._apply_received(claims, received)

    def _apply_received(
        self, claims: list[Claim], received: list[Handoff]
    ) -> tuple[list[Handoff], list[Claim]]:
        """Applies the hand-offs of these claims that were received, as `_apply_claimed` does."""
        if len(claims) == 1:
            for handoff in received:
                _consume_and_finish(handoff)
            return received, []
        by_id = {handoff.pk: handoff for handoff in received}
        return self._apply_together([claim for claim in claims if claim.handoff_id in by_id], by_id)

    def _apply_together(
        self, claims: list[Claim], by_id: dict[int, Handoff]
    ) -> tuple[list[Handoff], list[Claim]]:
        """Applies several until `SHARED_SECONDS` have passed.

        One alone has a savepoint, so that its failure leaves the others of the transaction as they
        are. The failure of a batch is that of the transaction.
        """
        deadline = time.monotonic() + SHARED_SECONDS
        done: list[Handoff] = []
        pending: list[PendingHandoff] = []
        batches = _batches(claims, by_id)
        while batches:
            batch = batches.popleft()
            handoffs = [by_id[claim.handoff_id] for claim in batch]
            if len(batch) > 1:  # a failure has `run_once` apply each of the transaction by itself
                pending += consume(handoffs)
                done += handoffs
            else:
                try:
                    with transaction.atomic():
                        pending += consume(handoffs)
                    done += handoffs
                except Exception as error:
                    if connection.needs_rollback:
                        raise
                    write_failure(batch[0], error)
            if time.monotonic() >= deadline:
                break
        _finish(done, pending)
        return done, [claim for batch in batches for claim in batch]

    def _count(self, done: list[Handoff]) -> None:
        _reach_all("after_commit", done)
        self.applied += len(done)


def _reach_all(point: str, handoffs: Iterable[Handoff]) -> None:
    for handoff in handoffs:
        fault_points.reach(point, handoff.pk)


def _consume_and_finish(handoff: Handoff) -> None:
    """Applies one hand-off in the current transaction."""
    _finish([handoff], consume([handoff]))


def _batches(claims: list[Claim], by_id: dict[int, Handoff]) -> deque[list[Claim]]:
    """Returns the claims in batches: those of a `BatchConsumer` together, any other alone."""
    batches: dict[str | int, list[Claim]] = {}
    for claim in claims:
        handoff = by_id[claim.handoff_id]
        consumer = consumer_of(handoff.destination, handoff.contract)
        key = handoff.contract if isinstance(consumer, BatchConsumer) else handoff.pk
        batches.setdefault(key, []).append(claim)
    return deque(batches.values())


def consume(handoffs: list[Handoff]) -> list[PendingHandoff]:
    """Runs the consumer that all of them have; returns what it posted, not yet written."""
    consumer = consumer_of(handoffs[0].destination, handoffs[0].contract)
    received = [(_read_contract(handoff), handoff) for handoff in handoffs]
    with defer_posts() as pending:
        if isinstance(consumer, BatchConsumer):
            consumer.consume_batch(received)
        else:
            for contract, handoff in received:
                consumer(contract, handoff)
    return pending


def _finish(handoffs: Sequence[Handoff], pending: Sequence[PendingHandoff]) -> None:
    """Moves the heads, marks the rows applied, and writes what their consumers posted.

    All streams are locked in sorted order, the hand-offs' own among them, so that two applies that
    post to each other's streams cannot wait for each other.
    """
    own = [((handoff.destination, handoff.subject), 0, handoff) for handoff in handoffs]
    posted = [(each.stream_key, 1, each) for each in pending]
    by_stream = sorted([*own, *posted], key=lambda entry: entry[:2])
    for is_posted, group in groupby(by_stream, key=lambda entry: entry[1]):
        entries = [entry for _key, _kind, entry in group]
        if is_posted:
            write([entry for entry in entries if isinstance(entry, PendingHandoff)])
        else:
            _mark_applied([entry for entry in entries if isinstance(entry, Handoff)])


def _mark_applied(handoffs: list[Handoff]) -> None:
    """Writes state, receipt and head of each, in their order, by one statement.

    Raises `HeadMismatch`.
    """
    with connection.cursor() as cursor:
        parameters = {
            "ids": [handoff.pk for handoff in handoffs],
            "streams": [handoff.stream_id for handoff in handoffs],
            "places": [handoff.sequence for handoff in handoffs],
        }
        cursor.execute(FINISH, parameters)
        mismatched = [handoff_id for handoff_id, posted in cursor.fetchall() if posted is None]
    for handoff in handoffs:
        if handoff.pk in mismatched:
            raise HeadMismatch(f"{handoff.subject} is not at {handoff.sequence}")


def _time_limit() -> int | None:
    """Returns the limit of a statement in milliseconds: one lease.

    None within another transaction, for whose later statements the limit would hold too.
    """
    return None if connection.savepoint_ids else int(settings.HANDOFF_LEASE_SECONDS * 1000)


def _select(statement: str, parameters: dict[str, Any]) -> list[Handoff]:
    """Returns the hand-offs that FIND or RECEIVE selects.

    Without Django's raw queries, which take longer to make an object of a row than PostgreSQL takes
    to find it.
    """
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
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


def _read_contract(handoff: Handoff) -> Contract:
    """Returns the contract in the payload. Raises `PermanentError` when it cannot be read."""
    try:
        return CONTRACTS[handoff.contract].from_payload(handoff.payload)
    except msgspec.ValidationError as error:
        raise PermanentError(f"the payload is not a {handoff.contract}: {error}") from error


def apply_due(destination: str, *, seconds: float = SESSION_SECONDS) -> int:
    """Applies until nothing is claimable or the time is up; returns how many took effect.

    When the time is up, what is claimed is still applied, and the destination is notified again.
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
