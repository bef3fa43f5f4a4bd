"""Claiming: a hand-off is leased to one process for one attempt, before anything is done with it.

A claim is committed before its attempt begins, so that a hand-off which kills its worker still
counts. Several may be claimed to be applied in one transaction. That attempt is forgiven in
advance: should the worker die in it, nobody knows which of them killed it, so each is claimed
again by itself, and from then on its attempts count.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import structlog
from django.conf import settings
from django.db import connection

from officeflow.handoff.models import HandoffState
from officeflow.handoff.registry import contracts_together, patience_of
from officeflow.handoff.statements import CLAIM
from officeflow.handoff.versions import knows, leave

log = structlog.get_logger(__name__)

MOST_TOGETHER = 20
WORKER_DIED = "The process died or hung in the last attempt, so it left no error of its own."
EVER = "-infinity"


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
                    "most": patience_of(destination).attempts,
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
