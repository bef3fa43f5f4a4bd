"""Posting: the fact and its hand-offs are written in one transaction, or not at all."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser
from django.db import connection, transaction

from officeflow.handoff.contracts import Contract
from officeflow.handoff.models import Destination, Handoff


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


def write(letters: Sequence[Letter]) -> None:
    """Writes letters as hand-offs, each at the end of its stream, and nudges after the commit."""
    if not letters:
        return
    counts: dict[tuple[str, str], int] = {}
    for letter in letters:
        counts[letter.stream_key] = counts.get(letter.stream_key, 0) + 1
    places, now = _lengthen(counts)
    rows = []
    for letter in letters:
        stream_id, sequence, head = places[letter.stream_key]
        places[letter.stream_key] = (stream_id, sequence + 1, head)
        rows.append(
            Handoff(
                stream_id=stream_id,
                sequence=sequence,
                destination=letter.destination,
                subject=letter.subject,
                contract=type(letter.contract).__name__,
                contract_version=letter.contract.version,
                payload=letter.contract.to_payload(),
                is_sealed=letter.is_sealed,
                is_head=sequence == head,
                due_at=now + timedelta(seconds=settings.HANDOFF_FRESH_SECONDS),
                posted_at=now,
                posted_by_id=letter.actor_id,
            )
        )
    Handoff.objects.bulk_create(rows)
    counted = _counted.get()
    if counted is not None:
        counted.update(letter.destination.value for letter in letters)
    nudge_after_commit({letter.destination.value for letter in letters})


Key = tuple[str, str]


def _lengthen(counts: dict[Key, int]) -> tuple[dict[Key, tuple[int, int, int]], datetime]:
    """Locks the streams in sorted order and makes room in each.

    Gives for each its id, the first new sequence and its head; and the moment.
    """
    keys = sorted(counts)
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO handoff_stream (destination, subject, posted, head)
            SELECT destination, subject, more, 1
            FROM unnest(%s::text[], %s::text[], %s::bigint[])
                WITH ORDINALITY AS asked (destination, subject, more, place)
            ORDER BY place
            ON CONFLICT (destination, subject)
            DO UPDATE SET posted = handoff_stream.posted + EXCLUDED.posted
            RETURNING destination, subject, id, posted, head, office_clock()
            """,
            [
                [destination for destination, _subject in keys],
                [subject for _destination, subject in keys],
                [counts[key] for key in keys],
            ],
        )
        rows = cursor.fetchall()
    places = {
        (destination, subject): (stream_id, posted - counts[destination, subject] + 1, head)
        for destination, subject, stream_id, posted, head, _now in rows
    }
    return places, rows[-1][-1]


def nudge_after_commit(destinations: set[str]) -> None:
    """Sends each destination one nudge when the transaction has committed."""
    for destination in sorted(destinations):
        Nudge(destination).after_commit()


def _nudges_already(destination: str) -> bool:
    """Whether the transaction will nudge a destination anyway.

    What is remembered was asked for in this savepoint, in one around it or in one that is
    already part of them, so it leaves whenever a nudge asked for now would leave.
    """
    return any(
        getattr(callback, "__self__", None) == Nudge(destination)
        for _savepoints, callback, *_ in connection.run_on_commit
    )


@dataclass(frozen=True)
class Nudge:
    """A wake-up call for one destination's workers."""

    destination: str

    def after_commit(self) -> None:
        """Leaves when the transaction has committed, once for each transaction."""
        if not _nudges_already(self.destination):
            transaction.on_commit(self.send, robust=True)

    def send(self) -> None:
        """Publishes; an error is logged by the publisher and never reaches the person."""
        from officeflow.handoff.publisher import nudge

        nudge(self.destination)
