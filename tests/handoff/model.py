"""A model of hand-offs in plain Python, which the state machine compares the database with.

It has no tables and no clock: a hand-off is due when a test lets time pass.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum

MOST = 3  # attempts
# How many attempts that kill the worker may stay uncounted: one, in a shared transaction. An
# attempt without a claim leaves no trace.
UNCOUNTED = 1

Key = tuple[str, str]  # destination and subject: a stream


class End(StrEnum):
    """How a run of the consumer ends."""

    WELL = "well"
    POSTS = "posts"  # posts to two destinations
    UNDOES = "undoes"  # posts in a savepoint that it rolls back
    ERROR = "error"
    PERMANENT = "permanent"
    DIES = "dies"  # the process is killed in the middle of it


TAKES_EFFECT = (End.WELL, End.POSTS, End.UNDOES)


@dataclass
class ModelHandoff:
    """One hand-off of the model. `tried` counts attempts since the last replay."""

    pk: int
    key: Key
    sequence: int
    is_reply: bool = False  # posted by a consumer: it posts nothing itself
    is_unknown: bool = False  # the workers leave it to newer ones
    state: str = "waiting"
    tried: int = 0
    attempt: int = 0  # the number of the latest attempt; it never falls
    is_due: bool = False
    is_forgiven: bool = False  # the latest attempt counts only if it fails by itself
    uncounted: int = 0

    @property
    def may_be_claimed(self) -> bool:
        """Whether it is due or was never begun."""
        may_begin = self.is_due or self.attempt == 0
        return self.state == "waiting" and may_begin and not self.is_unknown

    @property
    def is_spent(self) -> bool:
        """Whether its attempts are used up, so that the next claim makes it dead."""
        return self.may_be_claimed and self.tried >= MOST


@dataclass
class Model:
    """All hand-offs, each in its stream."""

    handoffs: dict[int, ModelHandoff] = field(default_factory=dict)
    streams: dict[Key, list[ModelHandoff]] = field(default_factory=dict)
    effects: list[int] = field(default_factory=list)

    def post(self, pk: int, key: Key, sequence: int, *, is_reply: bool = False) -> None:
        """Adds a hand-off at the end of its stream."""
        stream = self.streams.setdefault(key, [])
        assert sequence == len(stream) + 1, "a place in the stream is missing or taken twice"
        self.handoffs[pk] = ModelHandoff(pk, key, sequence, is_reply)
        stream.append(self.handoffs[pk])

    def head(self, key: Key) -> ModelHandoff | None:
        """Returns the first of a stream that is neither applied nor discarded."""
        settled = ("applied", "discarded")
        return next((each for each in self.streams[key] if each.state not in settled), None)

    def heads(self, destination: str) -> Iterator[ModelHandoff]:
        """Yields the waiting heads of a destination's streams."""
        for key in self.streams:
            head = self.head(key) if key[0] == destination else None
            if head is not None and head.state == "waiting":
                yield head

    def claimable(self, destination: str) -> set[int]:
        """Returns what a worker may claim now."""
        return {
            each.pk for each in self.heads(destination) if each.may_be_claimed and not each.is_spent
        }

    def spent(self, destination: str) -> set[int]:
        """Returns what the next claim makes dead."""
        return {each.pk for each in self.heads(destination) if each.is_spent}

    def due(self, destination: str) -> int:
        """Returns how many the sweeper finds."""
        return sum(each.is_due for each in self.heads(destination))

    def leave(self, pk: int, became: tuple[str, int, int], *, is_due: bool) -> None:
        """A worker may have left an unknown hand-off, which does not count as an attempt."""
        handoff = self.handoffs[pk]
        state, attempt, tried = became
        assert (state, tried) == (handoff.state, handoff.tried) == ("waiting", 0)
        assert attempt >= handoff.attempt
        handoff.attempt, handoff.is_due = attempt, is_due

    def claim(self, pk: int, attempt: int, *, counts: bool = True) -> None:
        """A worker claims it; the attempt counts at once unless others share its transaction."""
        handoff = self.handoffs[pk]
        assert attempt == handoff.attempt + 1, "an attempt's number was skipped or used twice"
        handoff.tried += counts
        handoff.uncounted += not counts
        handoff.is_forgiven = not counts
        handoff.attempt = attempt
        handoff.is_due = False

    def is_current(self, pk: int, attempt: int) -> bool:
        """Returns whether an attempt may still change anything."""
        handoff = self.handoffs[pk]
        return handoff.state == "waiting" and handoff.attempt == attempt

    def finish(self, pk: int, end: End) -> None:
        """Ends the latest attempt; a failed one counts, if it was not counted before."""
        handoff = self.handoffs[pk]
        if end in TAKES_EFFECT:
            handoff.state = "applied"
            self.effects.append(pk)
            return
        if end is End.DIES:
            return
        handoff.is_due = False
        if handoff.is_forgiven:
            handoff.tried += 1
            handoff.uncounted -= 1
            handoff.is_forgiven = False
        if end is End.PERMANENT or (end is End.ERROR and handoff.tried >= MOST):
            handoff.state = "dead"

    def replay(self, pk: int) -> None:
        """An operator replays a dead one, with all its attempts."""
        handoff = self.handoffs[pk]
        handoff.state, handoff.tried, handoff.is_due = "waiting", 0, True
        handoff.is_forgiven = False
        handoff.attempt += 1

    def see(self, pk: int, end: End, became: tuple[str, int, int], *, has_died: bool) -> None:
        """Checks what became of a hand-off while a worker applied all that it could.

        `became` is its state, its latest attempt's number and its counted attempts; `end` is how
        its consumer ends now; `has_died` is whether the worker died of this one or another.
        """
        handoff = self.handoffs[pk]
        was = (handoff.state, handoff.attempt, handoff.tried)
        if became == was:
            return
        said = f"{was} became {became}"
        state, attempt, tried = became
        assert handoff.state == "waiting", f"{said}, though it was settled or dead"
        assert self.head(handoff.key) is handoff, f"{said} before its turn"
        assert handoff.may_be_claimed, f"{said} before its hour"
        if state == "applied":
            assert end in TAKES_EFFECT, said
            self.effects.append(pk)
        elif state == "dead":
            assert end is End.PERMANENT or (
                tried == MOST and (end is End.ERROR or handoff.is_spent)
            )
        else:
            assert state == "waiting"
            assert end is End.ERROR or has_died, f"{said} for no reason"
            if tried == handoff.tried:
                handoff.uncounted += 1
                assert handoff.uncounted <= UNCOUNTED, "workers died of it without end"
            else:
                assert tried == handoff.tried + 1, f"{said}: each attempt counts once"
        assert attempt >= handoff.attempt
        handoff.state, handoff.attempt, handoff.tried, handoff.is_due = state, attempt, tried, False
