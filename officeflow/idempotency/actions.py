"""Running an effect once for each idempotency key."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import AbstractBaseUser
from django.core.serializers.json import DjangoJSONEncoder
from django.db import IntegrityError, transaction

from officeflow.idempotency.models import Submission


class KeyReused(Exception):
    """The key was used with another body."""


@dataclass(frozen=True)
class OnceResult:
    """The effect's JSON result; `replayed` is True when it was stored by an earlier call."""

    result: dict[str, Any]
    replayed: bool


def body_hash(body: Any) -> str:
    """Returns the SHA-256 of a body in canonical JSON, as 64 hexadecimal digits."""
    text = json.dumps(body, sort_keys=True, separators=(",", ":"), cls=DjangoJSONEncoder)
    return hashlib.sha256(text.encode()).hexdigest()


def run_once(
    *,
    actor: AbstractBaseUser,
    endpoint: str,
    key: str,
    body: Any,
    effect: Callable[[], dict[str, Any]],
) -> OnceResult:
    """Runs `effect` and stores its result in one transaction, or returns the stored result.

    The result is stored as JSON and must not contain free text. Of two concurrent calls with one
    key the second waits and returns the result of the first. When `effect` raises, nothing is
    stored and the key can be used again. Raises `KeyReused` when the key was used with another
    body.
    """
    digest = body_hash(body)
    lookup = {"actor_id": actor.pk, "endpoint": endpoint, "key": key}
    before = Submission.objects.filter(**lookup).first()
    if before is None:
        try:
            with transaction.atomic():
                # Inserted first, so that a concurrent call waits here on the unique key.
                submission = Submission.objects.create(body_hash=digest, **lookup)
                submission.result = effect()
                submission.save(update_fields=["result"])
                return OnceResult(result=submission.result, replayed=False)
        except IntegrityError as error:
            constraint = getattr(getattr(error.__cause__, "diag", None), "constraint_name", "")
            if constraint != "submission_once_by_actor_endpoint_key":
                raise
        before = Submission.objects.get(**lookup)
    if before.body_hash != digest:
        raise KeyReused
    return OnceResult(result=before.result, replayed=True)
