"""Errors in words for operators, without anything that a payload said."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from django.db import DatabaseError

from officeflow.handoff.models import Handoff

LONGEST = 500
WORD = re.compile(r"\w{3,}")
# A reference number such as SO-000123 or INV-2026-000001 tells nothing of a person.
REFERENCE = re.compile(r"\b[A-Z]{2,4}(?:-\d{2,})+\b")


def describe(error: Exception, handoff: Handoff) -> str:
    """The kind of error and its message, with every word that the payload holds masked.

    Of a sealed hand-off only the kind of error is kept. A database's error quotes the failing
    row in its detail, so only its first line is kept.
    """
    name = type(error).__name__
    if handoff.is_sealed:
        return name
    message = str(error)
    if isinstance(error, DatabaseError):
        diagnosis = getattr(error.__cause__, "diag", None)
        message = getattr(diagnosis, "message_primary", None) or ""
    message = mask(message, handoff.payload)
    return f"{name}: {message}"[:LONGEST] if message else name


def mask(text: str, payload: Any) -> str:
    """`text` with every word of three pending or more that `payload` holds as a value put as `…`.

    Words are compared, not whole values, because an error may quote half a note or quote it
    with its line ends written as `\\n`. Reference numbers stay.
    """
    secret = {word.casefold() for value in _texts(payload) for word in WORD.findall(value)}
    if not secret:
        return text

    def masked(match: re.Match[str]) -> str:
        return "…" if _told(match.group(), secret) else match.group()

    kept: list[str] = []
    end = 0
    for reference in REFERENCE.finditer(text):
        kept += [WORD.sub(masked, text[end : reference.start()]), reference.group()]
        end = reference.end()
    return "".join([*kept, WORD.sub(masked, text[end:])])


def _told(word: str, secret: set[str]) -> bool:
    """Whether a word is secret, also behind the pending of an escaped line end (`\\nhello`)."""
    folded = word.casefold()
    return folded in secret or (folded[0] in "nrt" and folded[1:] in secret)


def _texts(value: Any) -> Iterator[str]:
    """Every text that a payload holds as a value, however deep."""
    if isinstance(value, str):
        yield REFERENCE.sub(" ", value)
    elif isinstance(value, dict):
        for inner in value.values():
            yield from _texts(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _texts(inner)
