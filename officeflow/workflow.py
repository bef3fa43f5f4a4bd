"""States and the moves allowed between them: one enum with label and tone, one table beside it.

A department writes

    class TicketState(State):
        WAITING = "waiting", "neutral", _("Waiting")
        TAKEN = "taken", "progress", _("In work")

    TICKET_MOVES = Moves({TicketState.WAITING: {TicketState.TAKEN}, ...})

and its actions ask `TICKET_MOVES.check(old, new)` before they write.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Generic, TypeVar

from django.db import models

TONES = ("neutral", "info", "progress", "good", "warn", "bad")
TONE_ICONS = {
    "neutral": "dot",
    "info": "info",
    "progress": "progress",
    "good": "check",
    "warn": "alert",
    "bad": "cross",
}


class State(models.TextChoices):
    """A status: `value` in the database, `label` for people, `tone` for the badge.

    Members are written `NAME = "value", "tone", _("Label")`: Django takes the label last.
    """

    tone: str

    def __new__(cls, value: str, tone: str = "neutral") -> State:
        """Makes a member with its tone. Raises `ValueError` for an unknown tone."""
        member = str.__new__(cls, value)
        member._value_ = value
        if tone not in TONES:
            raise ValueError(f"{tone!r} is not a tone; choose one of {TONES}")
        member.tone = tone
        return member

    @property
    def icon(self) -> str:
        """The icon shown with the label, so that a status is never shown by colour alone.

        A clock is for what waits; other neutral states may be final, such as a withdrawn message.
        """
        is_waiting = self.tone == "neutral" and self.value == "waiting"
        return "clock" if is_waiting else TONE_ICONS[self.tone]


class IllegalMove(Exception):
    """A state change that the table of moves does not allow."""

    def __init__(self, old: State, new: State) -> None:
        self.old, self.new = old, new
        super().__init__(f"{old.value} → {new.value} is not an allowed move")


S = TypeVar("S", bound=State)


class Moves(Generic[S]):
    """The allowed moves of one kind of record. A state that is not a key is final."""

    def __init__(self, table: Mapping[S, Iterable[S]]) -> None:
        self.table: dict[S, frozenset[S]] = {old: frozenset(new) for old, new in table.items()}

    def allows(self, old: S, new: S) -> bool:
        """Returns whether `old → new` is in the table."""
        return new in self.table.get(old, frozenset())

    def check(self, old: S, new: S) -> None:
        """Raises `IllegalMove` unless `old → new` is in the table."""
        if not self.allows(old, new):
            raise IllegalMove(old, new)

    def sources(self, new: S) -> list[S]:
        """Returns the states with a move to `new`, for guarded updates."""
        return [old for old, targets in self.table.items() if new in targets]


def choices(enum: type[State]) -> list[tuple[str, Any]]:
    """Returns the enum's choices for a model field, with lazy labels."""
    return [(member.value, member.label) for member in enum]
