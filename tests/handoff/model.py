"""Hand-offs in plain Python: what may become of a hand-off, for the tests to compare with.

It knows no table and no clock. A hand-off is due when a test says that time has passed.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum

MOST = 3  # attempts
# How often a worker that dies may take one with it without an attempt being counted: once, when it
# had claimed several. What is tried without a claim is left as if nothing had been.
UNCOUNTED = 1

Key = tuple[str, str]  # destination and subject: a stream


class End(StrEnum):
    """What comes of running the consumer."""

    WELL = "well"
    POSTS = "posts"  # and so does what it tells to two destinations
    UNDOES = "undoes"  # posts in a savepoint that it rolls back
    ERROR = "error"
    PERMANENT = "permanent"
    DIES = "dies"  # the process is gone in the middle of it


TAKES_EFFECT = (End.WELL, End.POSTS, End.UNDOES)


@dataclass
class ModelHandoff:
    """One hand-off as the model sees it. `tried` counts since the last replay."""

    pk: int
    key: Key
    sequence: int
    is_reply: bool = False  # posted by a consumer: it posts nothing itself
    is_unknown: bool = False  # to the workers there are: they leave it to newer ones
    state: str = "waiting"
    tried: int = 0
    attempt: int = 0  # the number of the latest attempt; it never goes back
    is_due: bool = False
    is_forgiven: bool = False  # the latest attempt does not count, unless it fails by itself
    uncounted: int = 0

    @property
    def may_be_claimed(self) -> bool:
        """Whether its hour has come; a fresh one need not wait for it."""
        has_come = self.is_due or self.attempt == 0
        return self.state == "waiting" and has_come and not self.is_unknown

    @property
    def is_spent(self) -> bool:
        """Whether the next to claim it finds its attempts used up."""
        return self.may_be_claimed and self.tried >= MOST


@dataclass
class Model:
    """All hand-offs, each in its stream."""

    handoffs: dict[int, ModelHandoff] = field(default_factory=dict)
    streams: dict[Key, list[ModelHandoff]] = field(default_factory=dict)
    effects: list[int] = field(default_factory=list)

    def post(self, pk: int, key: Key, sequence: int, *, is_reply: bool = False) -> None:
        """A new one at the end of its stream."""
        stream = self.streams.setdefault(key, [])
        assert sequence == len(stream) + 1, "a place in the stream is missing or taken twice"
        self.handoffs[pk] = ModelHandoff(pk, key, sequence, is_reply)
        stream.append(self.handoffs[pk])

    def head(self, key: Key) -> ModelHandoff | None:
        """The first of a stream that is neither applied nor discarded."""
        settled = ("applied", "discarded")
        return next((each for each in self.streams[key] if each.state not in settled), None)

    def heads(self, destination: str) -> Iterator[ModelHandoff]:
        """The heads of a destination's streams that still wait."""
        for key in self.streams:
            head = self.head(key) if key[0] == destination else None
            if head is not None and head.state == "waiting":
                yield head

    def claimable(self, destination: str) -> set[int]:
        """What a worker may get now."""
        return {
            each.pk for each in self.heads(destination) if each.may_be_claimed and not each.is_spent
        }

    def spent(self, destination: str) -> set[int]:
        """What a worker finds dead by the attempts that its predecessors did not survive."""
        return {each.pk for each in self.heads(destination) if each.is_spent}

    def due(self, destination: str) -> int:
        """How many the sweeper sees."""
        return sum(each.is_due for each in self.heads(destination))

    def leave(self, pk: int, became: tuple[str, int, int], *, is_due: bool) -> None:
        """A worker may have looked at one that it does not know: that is no attempt."""
        handoff = self.handoffs[pk]
        state, attempt, tried = became
        assert (state, tried) == (handoff.state, handoff.tried) == ("waiting", 0)
        assert attempt >= handoff.attempt
        handoff.attempt, handoff.is_due = attempt, is_due

    def claim(self, pk: int, attempt: int, *, counts: bool = True) -> None:
        """A worker has it for an attempt, which counts at once unless it has others with it."""
        handoff = self.handoffs[pk]
        assert attempt == handoff.attempt + 1, "an attempt's number was skipped or used twice"
        handoff.tried += counts
        handoff.uncounted += not counts
        handoff.is_forgiven = not counts
        handoff.attempt = attempt
        handoff.is_due = False

    def is_current(self, pk: int, attempt: int) -> bool:
        """Whether an attempt may still change anything."""
        handoff = self.handoffs[pk]
        return handoff.state == "waiting" and handoff.attempt == attempt

    def finish(self, pk: int, end: End) -> None:
        """The latest attempt ended so; one that failed counts, if it was not counted before."""
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
        """An operator sends a dead one again, with all its attempts."""
        handoff = self.handoffs[pk]
        handoff.state, handoff.tried, handoff.is_due = "waiting", 0, True
        handoff.is_forgiven = False
        handoff.attempt += 1

    def see(self, pk: int, end: End, became: tuple[str, int, int], *, has_died: bool) -> None:
        """What became of one while a worker took all it could: only what may become of it.

        `became` is its state, its latest attempt's number and how often it was tried; `end` is
        what its consumer does now; `has_died` says that the worker did, over this one or another.
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
