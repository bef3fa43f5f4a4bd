"""Posting: the fact and its hand-offs are written in one transaction, or not at all."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

import msgspec
from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser
from django.db import connection, transaction

from officeflow.handoff import fault_points
from officeflow.handoff.contracts import Contract
from officeflow.handoff.models import Destination


class PostedOutsideTransaction(Exception):
    """A hand-off must be posted in the transaction that writes the fact it tells of."""


@dataclass(frozen=True)
class Letter:
    """What is posted, before it has its place in a stream."""

    contract: Contract
    destination: Destination
    subject: str
    actor_id: int | None
    is_sealed: bool
    mark: Mark | None = None

    @property
    def stream_key(self) -> tuple[str, str]:
        """Which stream it joins; streams are locked in the order of these."""
        return (self.destination.value, self.subject)


class Mark:
    """Shows whether the savepoint in which a letter was posted is still part of the transaction.

    Django forgets what a rolled back savepoint wanted done after the commit; a letter whose
    mark is forgotten tells of something that did not happen.
    """

    def __call__(self) -> None:
        """Nothing is to be done: being remembered is the whole purpose."""

    def stands(self) -> bool:
        """Whether the mark is still remembered."""
        return any(entry[1] is self for entry in connection.run_on_commit)

    @staticmethod
    def forget() -> None:
        """Drops all marks, which have said what they had to: a long transaction makes many."""
        connection.run_on_commit = [
            entry for entry in connection.run_on_commit if not isinstance(entry[1], Mark)
        ]


# While a hand-off is being applied, what its consumer posts is kept here and written at the
# end together with the stream's own advance, so that all streams are locked in one order.
_held: ContextVar[list[Letter] | None] = ContextVar("officeflow_held_letters", default=None)
# What was written while somebody counts along, by destination.
_counted: ContextVar[Counter[str] | None] = ContextVar("officeflow_counted", default=None)


def post(
    contract: Contract,
    *,
    to: Sequence[Destination],
    subject: str,
    actor: AbstractBaseUser | None,
    is_sealed: bool = False,
) -> None:
    """Posts one hand-off for each destination, in the caller's transaction.

    `subject` is the reference number whose stream keeps the order. The nudge to the workers
    leaves after the commit and can fail without harm. Raises `PostedOutsideTransaction`.
    """
    if not connection.in_atomic_block:
        raise PostedOutsideTransaction(type(contract).__name__)
    held = _held.get()
    mark = None
    if held is not None:
        mark = Mark()
        transaction.on_commit(mark)
    letters = [
        Letter(contract, destination, subject, actor.pk if actor else None, is_sealed, mark)
        for destination in to
    ]
    if held is not None:
        held.extend(letters)
    else:
        write(letters)
        fault_points.reach("posted")


@contextmanager
def hold_letters() -> Iterator[list[Letter]]:
    """Collects what is posted inside instead of writing it.

    What was posted in a savepoint that the consumer rolled back is dropped at the end.
    """
    letters: list[Letter] = []
    token = _held.set(letters)
    try:
        yield letters
    finally:
        _held.reset(token)
    letters[:] = [letter for letter in letters if letter.mark is None or letter.mark.stands()]
    Mark.forget()


@contextmanager
def count_written() -> Iterator[Counter[str]]:
    """Counts what is written inside, by destination: whoever drains it need not look for it."""
    counted: Counter[str] = Counter()
    token = _counted.set(counted)
    try:
        yield counted
    finally:
        _counted.reset(token)


Key = tuple[str, str]
# One statement: it locks the streams in their order, makes room in each, and fills it.
WRITE = """
WITH asked AS (
    SELECT * FROM unnest(%s::text[], %s::text[], %s::bigint[])
        WITH ORDINALITY AS asked (destination, subject, more, place)
), stream AS (
    INSERT INTO handoff_stream (destination, subject, posted, head)
    SELECT destination, subject, more, 1 FROM asked ORDER BY place
    ON CONFLICT (destination, subject)
    DO UPDATE SET posted = handoff_stream.posted + EXCLUDED.posted, is_tallied = false
    RETURNING id, destination, subject, posted, head, office_clock() AS locked_at
), clock AS (
    SELECT max(locked_at) AS now FROM stream
), letter AS (
    SELECT * FROM unnest(%s::text[], %s::text[], %s::bigint[], %s::text[], %s::int[],
            %s::jsonb[], %s::boolean[], %s::bigint[])
        WITH ORDINALITY AS letter (destination, subject, nth, contract, contract_version,
            payload, is_sealed, posted_by_id, place)
)
INSERT INTO handoff_handoff (stream_id, sequence, destination, subject, contract,
    contract_version, payload, is_sealed, state, is_head, attempts, attempts_forgiven, due_at,
    posted_at, posted_by_id, last_error)
SELECT stream.id, stream.posted - more + nth, destination, subject, contract, contract_version,
    payload, is_sealed, 'waiting', stream.posted - more + nth = stream.head, 0, 0,
    now + make_interval(secs => %s), now, posted_by_id, ''
FROM letter JOIN asked USING (destination, subject) JOIN stream USING (destination, subject), clock
ORDER BY letter.place
"""


def write(letters: Sequence[Letter]) -> None:
    """Writes letters as hand-offs, each at the end of its stream, and nudges after the commit."""
    if not letters:
        return
    counts = Counter(letter.stream_key for letter in letters)
    keys = sorted(counts)  # the streams are locked in this order, by everybody
    nth: Counter[Key] = Counter()
    rows = []
    for letter in letters:
        nth[letter.stream_key] += 1
        rows.append(
            (
                letter.destination.value,
                letter.subject,
                nth[letter.stream_key],
                type(letter.contract).__name__,
                letter.contract.version,
                msgspec.json.encode(letter.contract.to_payload()).decode(),
                letter.is_sealed,
                letter.actor_id,
            )
        )
    with connection.cursor() as cursor:
        cursor.execute(
            WRITE,
            [
                [destination for destination, _subject in keys],
                [subject for _destination, subject in keys],
                [counts[key] for key in keys],
                *(list(column) for column in zip(*rows, strict=True)),
                settings.HANDOFF_FRESH_SECONDS,
            ],
        )
    counted = _counted.get()
    if counted is not None:
        counted.update(letter.destination.value for letter in letters)
    nudge_after_commit({letter.destination.value for letter in letters})


def nudge_after_commit(destinations: Iterable[str]) -> None:
    """Sends the destinations a nudge when the transaction has committed."""
    Nudge(frozenset(destinations)).after_commit()


def _nudged_already() -> set[str]:
    """Which destinations the transaction will nudge anyway.

    What is remembered was asked for in this savepoint, in one around it or in one that is
    already part of them, so it leaves whenever a nudge asked for now would leave.
    """
    asked = (getattr(entry[1], "__self__", None) for entry in connection.run_on_commit)
    return {name for nudge in asked if isinstance(nudge, Nudge) for name in nudge.destinations}


@dataclass(frozen=True)
class Nudge:
    """A wake-up call for the workers of some destinations, in one message to the broker."""

    destinations: frozenset[str]

    def after_commit(self) -> None:
        """Leaves when the transaction has committed, once for each destination."""
        missing = self.destinations - _nudged_already()
        if missing:
            transaction.on_commit(Nudge(missing).send, robust=True)

    def send(self) -> None:
        """Publishes; an error is logged by the publisher and never reaches the person."""
        from officeflow.handoff.publisher import nudge

        fault_points.reach("before_publish")
        nudge(*sorted(self.destinations))
        fault_points.reach("after_publish")
