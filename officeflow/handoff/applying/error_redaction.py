"""Error texts for operators, without the words of a payload."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from django.db import DatabaseError

from officeflow.handoff.models import Handoff

MAX_LENGTH = 500
WORD = re.compile(r"\w{3,}")
# A reference number such as SO-000123 or INV-2026-000001 says nothing about a person.
REFERENCE = re.compile(r"\b[A-Z]{2,4}(?:-\d{2,})+\b")


def describe(error: Exception, handoff: Handoff) -> str:
    """Returns the error's type and message, with every word of the payload masked.

    For a sealed hand-off it returns the type alone. PostgreSQL quotes the failing row in an error's
    detail, so that only its primary message is kept.
    """
    name = type(error).__name__
    if handoff.is_sealed:
        return name
    message = str(error)
    if isinstance(error, DatabaseError):
        diagnosis = getattr(error.__cause__, "diag", None)
        message = getattr(diagnosis, "message_primary", None) or ""
    message = mask(message, handoff.payload)
    return f"{name}: {message}"[:MAX_LENGTH] if message else name


def mask(text: str, payload: Any) -> str:
    """Returns `text` with `…` for each word of three letters or more that `payload` has as a value.

    Words are compared, not whole values, because an error may quote half a note, or quote it with
    line ends written as `\\n`. Reference numbers stay.
    """
    secret = {word.casefold() for value in _texts(payload) for word in WORD.findall(value)}
    if not secret:
        return text

    def masked(match: re.Match[str]) -> str:
        return "…" if _is_secret(match.group(), secret) else match.group()

    kept: list[str] = []
    end = 0
    for reference in REFERENCE.finditer(text):
        kept += [WORD.sub(masked, text[end : reference.start()]), reference.group()]
        end = reference.end()
    return "".join([*kept, WORD.sub(masked, text[end:])])


def _is_secret(word: str, secret: set[str]) -> bool:
    """Returns whether a word is secret, also after the `n` of an escaped line end (`\\nhello`)."""
    folded = word.casefold()
    return folded in secret or (folded[0] in "nrt" and folded[1:] in secret)


def _texts(value: Any) -> Iterator[str]:
    """Yields every text that a payload holds as a value, at any depth."""
    if isinstance(value, str):
        yield REFERENCE.sub(" ", value)
    elif isinstance(value, dict):
        for inner in value.values():
            yield from _texts(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _texts(inner)
