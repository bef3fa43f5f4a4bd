"""Two versions of the house at once: what this one does not know is left to a newer one.

While an office is brought up to date, workers of before and after run beside each other. One that
meets a contract which it does not consume, or a later version of one, would make it dead or drop
what is new in it. It leaves it alone instead, and does not count that as an attempt. When nobody
has come to know it for `HANDOFF_LEFT_SECONDS`, it is dead, and an operator decides.
"""

from __future__ import annotations

import json
from collections.abc import Sequence

import structlog
from django.conf import settings
from django.db import connection

from officeflow.handoff.contracts import CONTRACTS
from officeflow.handoff.models import HandoffState
from officeflow.handoff.registry import contracts_consumed, is_consumed

log = structlog.get_logger(__name__)

# For how long one is left before somebody looks at it again: as long as it has been left already,
# within these. A newer worker finds it after the longer one at most.
SHORTEST_SECONDS, LONGEST_SECONDS = 2, 10

# All of the destination that this version does not know, in one statement, so that a queue full
# of them costs little. What nobody has begun yet may be begun whatever its hour, so that it gets
# an attempt, forgiven at once; so is a counted one with which it was claimed just now.
LEAVE = """
WITH found AS (
    SELECT id AS found, coalesce(left_at, office_clock()) AS since
    FROM handoff_handoff
    WHERE destination = %(destination)s AND state = 'waiting' AND is_head
      AND (due_at <= office_clock() OR attempts = 0 OR id = ANY(%(claimed)s::bigint[]))
      AND contract_version > coalesce((%(known)s::jsonb ->> contract)::int, 0)
    FOR NO KEY UPDATE SKIP LOCKED
)
UPDATE handoff_handoff SET
    attempts = GREATEST(attempts, 1),
    attempts_forgiven = attempts_forgiven
        + CASE WHEN attempts = 0 OR id = ANY(%(counted)s::bigint[]) THEN 1 ELSE 0 END,
    left_at = since,
    state = CASE
        WHEN since < office_clock() - make_interval(secs => %(longest)s) THEN 'dead' ELSE state END,
    due_at = office_clock() + make_interval(secs => least(%(wait_most)s,
        greatest(%(wait_least)s, extract(epoch FROM office_clock() - since)::float))),
    last_error = 'Left for a newer version: nothing here knows version '
        || contract_version || ' of ' || contract
FROM found WHERE id = found
RETURNING id, state
"""


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
            LEAVE,
            {
                "destination": destination,
                "claimed": list(claimed),
                "counted": list(counted),
                "known": json.dumps(known),
                "longest": settings.HANDOFF_LEFT_SECONDS,
                "wait_least": SHORTEST_SECONDS,
                "wait_most": LONGEST_SECONDS,
            },
        )
        rows = cursor.fetchall()
    for handoff_id, state in rows:
        if state == HandoffState.DEAD:
            log.error("handoff.dead", handoff=handoff_id, destination=destination)
    log.warning("handoff.left", destination=destination, count=len(rows))
    return len(rows)
