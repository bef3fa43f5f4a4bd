"""Running an effect once for each idempotency key."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import AbstractBaseUser
from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection, transaction
from django.utils import timezone

from officeflow.idempotency.models import Submission

INSERT = """
INSERT INTO idempotency_submission (actor_id, endpoint, key, body_hash, result, created_at)
VALUES (%s, %s, %s, %s, '{}', %s)
ON CONFLICT (actor_id, endpoint, key) DO NOTHING
RETURNING id
"""
KEEP = "UPDATE idempotency_submission SET result = %s WHERE id = %s"


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
    with transaction.atomic():
        # Inserted first, so that a concurrent call waits here on the unique key.
        inserted = _insert(actor.pk, endpoint, key, digest)
        if inserted is not None:
            result = effect()
            _keep(inserted, result)
            return OnceResult(result=result, replayed=False)
    before = Submission.objects.get(actor_id=actor.pk, endpoint=endpoint, key=key)
    if before.body_hash != digest:
        raise KeyReused
    return OnceResult(result=before.result, replayed=True)


def _keep(pk: int, result: dict[str, Any]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(KEEP, [json.dumps(result), pk])


def _insert(*values: Any) -> int | None:
    """Returns the id of a new submission; None when there is one with the key."""
    with connection.cursor() as cursor:
        cursor.execute(INSERT, [*values, timezone.now()])
        row = cursor.fetchone()
    return None if row is None else int(row[0])
