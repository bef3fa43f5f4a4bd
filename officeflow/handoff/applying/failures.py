"""What becomes of a failed attempt: its error is kept, and the hand-off backs off or is dead.

One that came too early (`NotYet`) only waits.
"""

from __future__ import annotations

import logging
import random

import structlog
from django.db import connection

from officeflow.handoff.applying.claims import Claim
from officeflow.handoff.applying.error_redaction import describe
from officeflow.handoff.models import Handoff
from officeflow.handoff.registry import NotYet, PermanentError, RetryPolicy, retry_policy_of

log = structlog.get_logger(__name__)

POSTPONED_SECONDS = 5.0


def write_failure(claim: Claim, error: Exception) -> None:
    """Writes the error on the hand-off, with when it is tried again or that it is dead.

    After `NotYet` the attempt does not count. It is dead after a `PermanentError` and when the
    attempts of its retry policy are used up. Changes nothing when a later attempt has begun.
    """
    handoff = Handoff.objects.get(pk=claim.handoff_id)
    if isinstance(error, NotYet):
        _postpone(claim, describe(error, handoff))
        return
    attempt = max(claim.attempt, 1)  # a fresh hand-off is applied without a claim, as attempt 0
    counted = attempt - min(handoff.attempts_forgiven, attempt - 1)
    policy = retry_policy_of(claim.destination)
    dead = isinstance(error, PermanentError) or counted >= policy.attempts
    text = describe(error, handoff)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT handoff_fail_v1(%s, %s, %s, %s, %s)",
            [claim.handoff_id, claim.attempt, text, dead, backoff_seconds(counted, policy)],
        )
    log.log(
        logging.ERROR if dead else logging.WARNING,
        "handoff.dead" if dead else "handoff.failed",
        handoff=claim.handoff_id,
        contract=handoff.contract,
        attempt=attempt,
        error=text,
    )


def _postpone(claim: Claim, why: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT handoff_postpone_v1(%s, %s, %s, %s)",
            [claim.handoff_id, claim.attempt, why, POSTPONED_SECONDS],
        )
    log.info("handoff.postponed", handoff=claim.handoff_id, why=why)


def backoff_seconds(attempt: int, policy: RetryPolicy) -> float:
    """Returns the wait after a failed attempt (1 is the first): exponential, with jitter.

    It is half to all of the policy's first wait, doubled with each attempt up to its longest.
    """
    longest = min(policy.backoff_seconds * 2 ** (attempt - 1), policy.longest_seconds)
    return longest * random.uniform(0.5, 1.0)  # noqa: S311 (spreads work, guards nothing)
