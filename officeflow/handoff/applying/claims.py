"""Claiming: a hand-off is leased to one process for one attempt before the attempt begins.

The claim is committed first, so that an attempt that kills its worker counts. Several hand-offs may
be claimed to be applied in one transaction. That attempt is forgiven in advance: if the worker dies
in it, nobody knows which of them killed it, so each is claimed again by itself, and from then on
its attempts count.

While an office is upgraded, workers of two versions run beside each other. A worker that meets a
contract that it does not consume, or a later version than it knows, would make the hand-off dead or
drop its new fields. It leaves the hand-off to a newer worker instead, which does not count as an
attempt. A hand-off that was left for `HANDOFF_LEFT_SECONDS` is dead, and an operator decides.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import structlog
from django.conf import settings
from django.db import connection

from officeflow.handoff.contracts import CONTRACTS
from officeflow.handoff.models import HandoffState
from officeflow.handoff.registry import (
    contracts_consumed,
    contracts_sharing_transaction,
    is_consumed,
    retry_policy_of,
)

log = structlog.get_logger(__name__)

MAX_CLAIMED = 20
WORKER_DIED = "The process died or hung in the last attempt, so it left no error of its own."
EVER = "-infinity"
CLAIM = """
SELECT * FROM handoff_claim_v1(%(destination)s, %(since)s::timestamptz, %(several)s,
    %(together)s::text[], %(max_attempts)s, %(died)s, %(lease)s)
"""
# A hand-off that was left is due again after as long as it has been left already, within these.
MIN_LEFT_SECONDS, MAX_LEFT_SECONDS = 2, 10


@dataclass(frozen=True)
class Claim:
    """A hand-off leased to this process for one attempt. `is_shared`: together with others."""

    handoff_id: int
    attempt: int
    destination: str
    stream_id: int
    is_shared: bool = False


def claim_next(destination: str, *, since: str = EVER) -> Claim | None:
    """Claims the most overdue head of a stream, or a fresh one; returns None when there is none.

    A hand-off that has used up its attempts (its workers died) is marked dead and passed over. The
    claim commits by itself unless in a transaction. `since` passes over what was due before.
    """
    return next(iter(_claim(destination, since=since, several=1, together=[])), None)


def claim_several(destination: str) -> list[Claim]:
    """Claims as `claim_next`, and up to `MAX_CLAIMED` when all of them may share a transaction."""
    together = contracts_sharing_transaction(destination)
    several = MAX_CLAIMED if together else 1
    return _claim(destination, since=EVER, several=several, together=together)


def _claim(destination: str, **parameters: Any) -> list[Claim]:
    while True:
        with connection.cursor() as cursor:
            cursor.execute(
                CLAIM,
                {
                    "lease": settings.HANDOFF_LEASE_SECONDS,
                    "max_attempts": retry_policy_of(destination).attempts,
                    "died": WORKER_DIED,
                    "destination": destination,
                    **parameters,
                },
            )
            rows = cursor.fetchall()
        claims, unknown = [], []
        for handoff_id, attempt, state, stream_id, is_shared, *contract in rows:
            claim = Claim(handoff_id, attempt, destination, stream_id, is_shared)
            if state != HandoffState.WAITING:
                log.error("handoff.dead", handoff=handoff_id, destination=destination)
            elif knows(destination, *contract):
                claims.append(claim)
            else:
                unknown.append(claim)
        if unknown:
            leave(
                destination,
                claimed=[claim.handoff_id for claim in unknown],
                counted=[claim.handoff_id for claim in unknown if not claim.is_shared],
            )
        if claims or not rows:
            return claims


def knows(destination: str, contract: str, version: int) -> bool:
    """Returns whether this process consumes the contract there and knows this version of it."""
    return is_consumed(destination, contract) and CONTRACTS[contract].version >= version


def leave(destination: str, *, claimed: Sequence[int] = (), counted: Sequence[int] = ()) -> int:
    """Leaves a destination's due hand-offs that this process does not know to a newer version.

    `claimed` are the ids of those that this process has just claimed, `counted` the ids of those
    among them whose attempt counts. Returns how many were left, or are dead because they had been
    left for too long.
    """
    known = {name: CONTRACTS[name].version for name in contracts_consumed(destination)}
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT * FROM handoff_leave_v1(%s, %s::jsonb, %s::bigint[], %s::bigint[], %s, %s, %s)",
            [
                destination,
                json.dumps(known),
                list(claimed),
                list(counted),
                settings.HANDOFF_LEFT_SECONDS,
                MIN_LEFT_SECONDS,
                MAX_LEFT_SECONDS,
            ],
        )
        rows = cursor.fetchall()
    for handoff_id, state in rows:
        if state == HandoffState.DEAD:
            log.error("handoff.dead", handoff=handoff_id, destination=destination)
    log.warning("handoff.left", destination=destination, count=len(rows))
    return len(rows)
