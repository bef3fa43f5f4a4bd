"""Doing a thing once, however often it is submitted."""

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
    """The same key came with another body."""


@dataclass(frozen=True)
class Outcome:
    """What the call answered: `result` is JSON, `replayed` tells a repeat from the first time."""

    result: dict[str, Any]
    replayed: bool


def body_hash(body: Any) -> str:
    """SHA-256 of a body in canonical JSON: key order and white space do not matter."""
    text = json.dumps(body, sort_keys=True, separators=(",", ":"), cls=DjangoJSONEncoder)
    return hashlib.sha256(text.encode()).hexdigest()


def once(
    *,
    actor: AbstractBaseUser,
    endpoint: str,
    key: str,
    body: Any,
    effect: Callable[[], dict[str, Any]],
) -> Outcome:
    """Runs `effect` in one transaction with the record that it ran, or answers as it did before.

    `effect` returns the JSON to answer with; it must hold no free text that a person typed.
    Two calls with one key at once: the second waits for the first and then answers like it.
    When `effect` raises, nothing is stored and the key can be used again. Raises `KeyReused`
    when the key was used with another body.
    """
    digest = body_hash(body)
    lookup = {"actor_id": actor.pk, "endpoint": endpoint, "key": key}
    before = Submission.objects.filter(**lookup).first()
    if before is None:
        try:
            with transaction.atomic():
                # Inserted first: a second submission waits here, on the unique key.
                submission = Submission.objects.create(body_hash=digest, **lookup)
                submission.result = effect()
                submission.save(update_fields=["result"])
                return Outcome(result=submission.result, replayed=False)
        except IntegrityError as error:
            constraint = getattr(getattr(error.__cause__, "diag", None), "constraint_name", "")
            if constraint != "submission_once_by_actor_endpoint_key":
                raise
        before = Submission.objects.get(**lookup)
    if before.body_hash != digest:
        raise KeyReused
    return Outcome(result=before.result, replayed=True)
