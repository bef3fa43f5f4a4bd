"""Claiming: a hand-off is leased to one process for one attempt, before anything is done with it.

A claim is committed before its attempt begins, so that a hand-off which kills its worker still
counts. Several may be claimed to be applied in one transaction. That attempt is forgiven in
advance: should the worker die in it, nobody knows which of them killed it, so each is claimed
again by itself, and from then on its attempts count.

While an office is brought up to date, workers of before and after run beside each other. One that
meets a contract which it does not consume, or a later version of one, would make it dead or drop
what is new in it. It leaves it alone instead, and does not count that as an attempt. When nobody
has come to know it for `HANDOFF_LEFT_SECONDS`, it is dead, and an operator decides.
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
    contracts_together,
    is_consumed,
    retry_policy_of,
)

log = structlog.get_logger(__name__)

MOST_TOGETHER = 20
WORKER_DIED = "The process died or hung in the last attempt, so it left no error of its own."
EVER = "-infinity"
CLAIM = """
SELECT * FROM handoff_claim_v1(%(destination)s, %(since)s::timestamptz, %(several)s,
    %(together)s::text[], %(most)s, %(died)s, %(lease)s)
"""
# For how long one that nobody knows is left before somebody looks at it again: as long as it has
# been left already, within these. A newer worker finds it after the longer one at most.
SHORTEST_SECONDS, LONGEST_SECONDS = 2, 10


@dataclass(frozen=True)
class Claim:
    """A hand-off leased to this process for one attempt, perhaps together with others."""

    handoff_id: int
    attempt: int
    destination: str
    stream_id: int
    is_shared: bool = False


def claim_next(destination: str, *, since: str = EVER) -> Claim | None:
    """Leases the most overdue hand-off at the head of its stream, fresh ones included.

    One that has used up its attempts (its workers died) is marked dead here. Commits, unless
    within a transaction. `since` leaves out what was due before a moment.
    """
    return next(iter(_claim(destination, since=since, several=1, together=[])), None)


def claim_several(destination: str) -> list[Claim]:
    """As `claim_next`; and with it others, when all of them may share a transaction."""
    together = contracts_together(destination)
    several = MOST_TOGETHER if together else 1
    return _claim(destination, since=EVER, several=several, together=together)


def _claim(destination: str, **asked: Any) -> list[Claim]:
    while True:
        with connection.cursor() as cursor:
            cursor.execute(
                CLAIM,
                {
                    "lease": settings.HANDOFF_LEASE_SECONDS,
                    "most": retry_policy_of(destination).attempts,
                    "died": WORKER_DIED,
                    "destination": destination,
                    **asked,
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
    """Whether this version consumes a contract there, and knows all that it may say."""
    return is_consumed(destination, contract) and CONTRACTS[contract].version >= version


def leave(destination: str, *, claimed: Sequence[int] = (), counted: Sequence[int] = ()) -> int:
    """Leaves what this version does not know of what a destination could begin now.

    `claimed` are those that this process has claimed just now, and `counted` those of them whose
    attempt counts. Returns how many were left or, having been left for too long, are dead.
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
                SHORTEST_SECONDS,
                LONGEST_SECONDS,
            ],
        )
        rows = cursor.fetchall()
    for handoff_id, state in rows:
        if state == HandoffState.DEAD:
            log.error("handoff.dead", handoff=handoff_id, destination=destination)
    log.warning("handoff.left", destination=destination, count=len(rows))
    return len(rows)
