"""Claiming and applying: each hand-off has its effect exactly once.

The claim commits on its own (attempt number and lease), so that a hand-off which kills its
worker still counts. Then one transaction inserts the receipt, runs the consumer and marks the
row applied. Every write after the claim names the attempt; when a later attempt has begun, the
earlier one changes nothing.
"""

from __future__ import annotations

import random
import time
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

import msgspec
import structlog
from django.conf import settings
from django.db import connection, transaction
from django.db.models import F

from officeflow.handoff import fault_points
from officeflow.handoff.contracts import CONTRACTS, Contract
from officeflow.handoff.models import Destination, Handoff, HandoffState, Stream
from officeflow.handoff.outbox import hold_letters, nudge_after_commit, write
from officeflow.handoff.registry import NoConsumer, Patience, consumer_of, patience_of
from officeflow.handoff.troubles import describe

log = structlog.get_logger(__name__)


# Every process runs at most this long for one nudge, and then lets another destination in.
TURN_SECONDS = 5.0
WORKER_DIED = "The process died or hung in the last attempt, so it left no error of its own."


EVER = "-infinity"

# One statement, so that it commits by itself and costs one round trip.
CLAIM = """
UPDATE handoff_handoff SET
    attempts = attempts + CASE WHEN is_spent THEN 0 ELSE 1 END,
    state = CASE WHEN is_spent THEN 'dead' ELSE state END,
    last_error = CASE WHEN is_spent THEN %(died)s ELSE last_error END,
    due_at = office_clock() + make_interval(secs => %(lease)s)
FROM (
    SELECT id AS found, attempts - attempts_forgiven >= %(most)s AS is_spent
    FROM handoff_handoff
    WHERE destination = %(destination)s AND state = 'waiting' AND is_head
      AND due_at >= %(since)s::timestamptz AND (due_at <= office_clock() OR attempts = 0)
    ORDER BY due_at
    LIMIT 1
    FOR UPDATE SKIP LOCKED
) AS next
WHERE id = next.found
RETURNING id, attempts, state, stream_id
"""
# The unique receipt is the last word on "once", whatever else may be wrong. The row stays locked
# to the end: a claim passes over a locked row, so that an apply which lives is not overtaken,
# however long ago its lease ran out. PostgreSQL ends a statement, or a wait for the next one, that
# outlasts the lease: a worker that hangs, or whose machine is gone, must not keep the row locked.
RECEIVE = """
WITH locked AS (
    SELECT * FROM handoff_handoff WHERE id = %(id)s FOR NO KEY UPDATE
), receipt AS (
    INSERT INTO handoff_receipt (handoff_id, attempt, applied_at)
    SELECT id, attempts, office_clock() FROM locked
    WHERE attempts = %(attempt)s AND state = 'waiting'
    RETURNING applied_at
)
SELECT locked.*, receipt.applied_at,
    set_config(
        'statement_timeout', coalesce(%(limit)s, current_setting('statement_timeout')), true
    ),
    set_config(
        'idle_in_transaction_session_timeout',
        coalesce(%(limit)s, current_setting('idle_in_transaction_session_timeout')), true
    )
FROM locked, receipt
"""
# What was sealed has reached its one reader. The next of the stream, if any, may be claimed.
# The stream's head moves in a statement before: it waits for whoever is posting to the stream,
# and only a statement that begins after that sees what they posted. Both go in one round trip.
# `lower` keeps PostgreSQL from the index of what is unfinished: with statistics of a moment at
# which nothing waited, it would read a whole backlog there to find one row.
ADVANCE = """
UPDATE handoff_stream SET head = head + 1 WHERE id = %(stream)s AND head = %(sequence)s;
"""
FINISH = """
WITH next AS (
    UPDATE handoff_handoff SET is_head = true
    WHERE stream_id = %(stream)s AND sequence = %(sequence)s + 1 AND lower(state) = 'waiting'
)
UPDATE handoff_handoff SET
    state = 'applied', is_head = false, delivered_at = %(now)s, last_error = '',
    payload = CASE WHEN is_sealed THEN '{}' ELSE payload END
WHERE id = %(id)s AND attempts = %(attempt)s AND lower(state) = 'waiting'
"""


class PermanentError(Exception):
    """Raised by a consumer when trying again cannot help: the hand-off is dead at once."""


class StaleAttempt(Exception):
    """A later attempt has begun: this one must change nothing."""


@dataclass(frozen=True)
class Claim:
    """A hand-off leased to this process for one attempt."""

    handoff_id: int
    attempt: int
    destination: str
    stream_id: int


def claim_next(destination: str, *, since: str = EVER) -> Claim | None:
    """Leases the most overdue hand-off at the head of its stream, fresh ones included.

    One that has used up its attempts (its workers died) is marked dead here. Commits. A row
    that is being applied just now is locked, and passed over. `since` leaves out what was due
    before a moment.
    """
    while True:
        with connection.cursor() as cursor:
            cursor.execute(
                CLAIM,
                {
                    "lease": settings.HANDOFF_LEASE_SECONDS,
                    "most": patience_of(destination).attempts,
                    "died": WORKER_DIED,
                    "destination": destination,
                    "since": since,
                },
            )
            row = cursor.fetchone()
        if row is None:
            return None
        handoff_id, attempt, state, stream_id = row
        if state == HandoffState.WAITING:
            return Claim(handoff_id, attempt, destination, stream_id)
        log.error("handoff.dead", handoff=handoff_id, destination=destination)


def apply(claim: Claim) -> bool:
    """Applies a claimed hand-off, all or none; says whether it took effect now.

    An error is written on the row: it backs off, or is dead after too many attempts or a
    permanent error.
    """
    fault_points.reach("after_claim", claim.handoff_id)
    try:
        with transaction.atomic():
            _apply_in_transaction(claim)
            fault_points.reach("before_commit", claim.handoff_id)
    except StaleAttempt:
        log.info("handoff.stale_attempt", handoff=claim.handoff_id, attempt=claim.attempt)
        return False
    except Exception as error:
        if connection.needs_rollback:  # a transaction around this one is lost with it
            raise
        _write_failure(claim, error)
        return False
    fault_points.reach("after_commit", claim.handoff_id)
    return True


def _apply_in_transaction(claim: Claim) -> None:
    asked = {"id": claim.handoff_id, "attempt": claim.attempt, "limit": _limit()}
    found = Handoff.objects.raw(RECEIVE, asked)
    handoff = next(iter(found), None)
    if handoff is None:
        raise StaleAttempt
    received_at = handoff.applied_at  # type: ignore[attr-defined]  # of its receipt
    contract = _open(handoff)
    with hold_letters() as letters:
        consumer_of(handoff.destination, handoff.contract)(contract, handoff)
    own_stream = (handoff.destination, handoff.subject)
    # Streams are locked in sorted order, our own among them, so that two applies which post
    # to each other's streams cannot wait for each other.
    write([letter for letter in letters if letter.stream_key < own_stream])
    with connection.cursor() as cursor:
        cursor.execute(
            ADVANCE + FINISH,
            {
                "id": claim.handoff_id,
                "attempt": claim.attempt,
                "stream": claim.stream_id,
                "sequence": handoff.sequence,
                "now": received_at,
            },
        )
        if not cursor.rowcount:
            raise StaleAttempt
    write([letter for letter in letters if letter.stream_key >= own_stream])


def _limit() -> str | None:
    """In milliseconds; none of ours within another transaction, which it would outlast."""
    return None if connection.savepoint_ids else str(int(settings.HANDOFF_LEASE_SECONDS * 1000))


def _open(handoff: Handoff) -> Contract:
    """The contract in the payload. Raises `PermanentError` when it cannot be read."""
    kind = CONTRACTS.get(handoff.contract)
    if kind is None:
        raise PermanentError(f"this version does not know the contract {handoff.contract}")
    try:
        return kind.from_payload(handoff.payload)
    except msgspec.ValidationError as error:
        raise PermanentError(f"the payload is not a {handoff.contract}: {error}") from error


def advance(stream_id: int, sequence: int) -> None:
    """Moves the stream's head past `sequence`; the next one, if any, may be claimed at once."""
    Stream.objects.filter(pk=stream_id, head=sequence).update(head=F("head") + 1)
    Handoff.objects.filter(
        stream_id=stream_id, sequence=sequence + 1, state=HandoffState.WAITING
    ).update(is_head=True)


def _write_failure(claim: Claim, error: Exception) -> None:
    """Writes the error on the row and decides when it is tried again."""
    handoff = Handoff.objects.get(pk=claim.handoff_id)
    counted = claim.attempt - handoff.attempts_forgiven
    permanent = isinstance(error, PermanentError | NoConsumer)
    patience = patience_of(claim.destination)
    dead = permanent or counted >= patience.attempts
    text = describe(error, handoff)
    with connection.cursor() as cursor:
        cursor.execute(
            """
            UPDATE handoff_handoff SET
                last_error = %(error)s,
                state = CASE WHEN %(dead)s THEN 'dead' ELSE state END,
                due_at = office_clock() + make_interval(secs => %(backoff)s)
            WHERE id = %(id)s AND attempts = %(attempt)s AND lower(state) = 'waiting'
            """,
            {
                "error": text,
                "dead": dead,
                "backoff": backoff_seconds(counted, patience),
                "id": claim.handoff_id,
                "attempt": claim.attempt,
            },
        )
    log.log(
        40 if dead else 30,
        "handoff.dead" if dead else "handoff.failed",
        handoff=claim.handoff_id,
        contract=handoff.contract,
        attempt=claim.attempt,
        error=text,
    )


def backoff_seconds(attempt: int, patience: Patience | None = None) -> float:
    """Exponential with jitter: attempt 1 waits 1 to 2 s by default, doubling to the limit."""
    how = patience or patience_of("")
    longest = min(how.backoff_seconds * 2 ** (attempt - 1), how.longest_seconds)
    return longest * random.uniform(0.5, 1.0)  # noqa: S311 (spreads work, guards nothing)


def apply_due(destination: str, *, seconds: float = TURN_SECONDS) -> int:
    """Applies what waits for a destination until nothing is claimable or the time is up.

    Returns how many took effect. When time is up while work is left, the workers are nudged
    again, so that one destination does not keep a process from the others.
    """
    deadline = time.monotonic() + seconds
    applied = 0
    while (claim := claim_next(destination)) is not None:
        applied += apply(claim)
        if time.monotonic() >= deadline:
            nudge_after_commit({destination})
            break
    return applied


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
