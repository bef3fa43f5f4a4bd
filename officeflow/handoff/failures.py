"""What becomes of a hand-off whose attempt failed: it backs off, or is dead."""

from __future__ import annotations

import logging
import random

import structlog
from django.db import connection

from officeflow.handoff.claims import Claim
from officeflow.handoff.models import Handoff
from officeflow.handoff.registry import Patience, PermanentError, patience_of
from officeflow.handoff.statements import FAIL
from officeflow.handoff.troubles import describe

log = structlog.get_logger(__name__)


def write_failure(claim: Claim, error: Exception) -> None:
    """Writes the error on the row and decides when it is tried again."""
    handoff = Handoff.objects.get(pk=claim.handoff_id)
    attempt = max(claim.attempt, 1)  # none has been claimed of what is fresh
    counted = attempt - min(handoff.attempts_forgiven, attempt - 1)
    patience = patience_of(claim.destination)
    dead = isinstance(error, PermanentError) or counted >= patience.attempts
    text = describe(error, handoff)
    with connection.cursor() as cursor:
        cursor.execute(
            FAIL,
            {
                "error": text,
                "dead": dead,
                "backoff": backoff_seconds(counted, patience),
                "id": claim.handoff_id,
                "attempt": claim.attempt,
            },
        )
    log.log(
        logging.ERROR if dead else logging.WARNING,
        "handoff.dead" if dead else "handoff.failed",
        handoff=claim.handoff_id,
        contract=handoff.contract,
        attempt=attempt,
        error=text,
    )


def backoff_seconds(attempt: int, patience: Patience | None = None) -> float:
    """Exponential with jitter: attempt 1 waits 1 to 2 s by default, doubling to the limit."""
    how = patience or patience_of("")
    longest = min(how.backoff_seconds * 2 ** (attempt - 1), how.longest_seconds)
    return longest * random.uniform(0.5, 1.0)  # noqa: S311 (spreads work, guards nothing)
