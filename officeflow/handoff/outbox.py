"""Posting: the fact and its hand-offs are written in one transaction, or not at all."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser
from django.db import connection, transaction

from officeflow.handoff import fault_points
from officeflow.handoff.contracts import Contract
from officeflow.handoff.models import Destination

POST = "SELECT handoff_post_v1(%s::text[], %s, %s, %s, %s::jsonb, %s, %s, %s);"


class PostedOutsideTransaction(Exception):
    """A hand-off must be posted in the transaction that writes the fact it tells of."""


@dataclass(frozen=True)
class PendingHandoff:
    """What is posted, before it has its place in a stream."""

    contract: Contract
    destination: Destination
    subject: str
    actor_id: int | None
    is_sealed: bool
    mark: Mark

    @property
    def stream_key(self) -> tuple[str, str]:
        """Which stream it joins; streams are locked in the order of these."""
        return (self.destination.value, self.subject)

    def says_the_same(self, other: PendingHandoff) -> bool:
        """Whether they differ in their destination alone."""
        return (
            self.contract is other.contract
            and self.subject == other.subject
            and self.actor_id == other.actor_id
            and self.is_sealed == other.is_sealed
        )


class Mark:
    """Shows whether the savepoint in which a hand-off was posted is still part of the transaction.

    Django forgets what a rolled back savepoint wanted done after the commit; a hand-off whose
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


# While a hand-off is being applied, what its consumer posts is deferred here and written at the
# end together with the stream's own advance, so that all streams are locked in one order.
_deferred: ContextVar[list[PendingHandoff] | None] = ContextVar(
    "officeflow_deferred_posts", default=None
)
# What was written while somebody counts along, by destination.
_counted: ContextVar[Counter[str] | None] = ContextVar("counted_posts", default=None)


def post(
    contract: Contract,
    *,
    to: Sequence[Destination],
    subject: str,
    actor: AbstractBaseUser | None,
    is_sealed: bool = False,
) -> None:
    """Posts one hand-off for each destination, in the caller's transaction.

    `subject` is the reference number whose stream keeps the order. The notification of the
    workers leaves after the commit and can fail without harm. Raises `PostedOutsideTransaction`.
    """
    if not connection.in_atomic_block:
        raise PostedOutsideTransaction(type(contract).__name__)
    actor_id = actor.pk if actor else None
    deferred = _deferred.get()
    if deferred is None:
        names = sorted(destination.value for destination in to)
        _write([_values(contract, names, subject, actor_id, is_sealed)], names)
        fault_points.reach("posted")
        return
    mark = Mark()
    transaction.on_commit(mark)
    deferred.extend(
        PendingHandoff(contract, destination, subject, actor_id, is_sealed, mark)
        for destination in to
    )


@contextmanager
def defer_posts() -> Iterator[list[PendingHandoff]]:
    """Collects what is posted inside instead of writing it.

    What was posted in a savepoint that the consumer rolled back is dropped at the end.
    """
    pending: list[PendingHandoff] = []
    token = _deferred.set(pending)
    try:
        yield pending
    finally:
        _deferred.reset(token)
    pending[:] = [handoff for handoff in pending if handoff.mark.stands()]
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


def write(pending: Sequence[PendingHandoff]) -> None:
    """Writes hand-offs, each at the end of its stream, and notifies after the commit.

    The streams are locked in sorted order, by everybody. What tells the same to several
    destinations is one statement; all statements are one round trip.
    """
    if not pending:
        return
    runs: list[list[PendingHandoff]] = []
    for handoff in sorted(pending, key=lambda handoff: handoff.stream_key):
        before = runs[-1][-1] if runs else None
        if before and before.says_the_same(handoff) and before.stream_key != handoff.stream_key:
            runs[-1].append(handoff)
        else:
            runs.append([handoff])
    _write(
        [
            _values(
                run[0].contract,
                [handoff.destination.value for handoff in run],
                run[0].subject,
                run[0].actor_id,
                run[0].is_sealed,
            )
            for run in runs
        ],
        [handoff.destination.value for handoff in pending],
    )


def _values(
    contract: Contract,
    destinations: Sequence[str],
    subject: str,
    actor_id: int | None,
    is_sealed: bool,
) -> tuple[Any, ...]:
    """What `POST` asks for; `destinations` differ, and stand in the order of their names."""
    return (
        "{" + ",".join(destinations) + "}",
        subject,
        type(contract).__name__,
        contract.version,
        contract.to_json(),
        is_sealed,
        actor_id,
        settings.HANDOFF_FRESH_SECONDS,
    )


def _write(rows: Sequence[tuple[Any, ...]], destinations: Sequence[str]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(POST * len(rows), [value for row in rows for value in row])
    counted = _counted.get()
    if counted is not None:
        counted.update(destinations)
    notify_after_commit(destinations)


def notify_after_commit(destinations: Iterable[str]) -> None:
    """Notifies the destinations' workers when the transaction has committed."""
    Notification(frozenset(destinations)).after_commit()


def _notified_already() -> set[str]:
    """Which destinations the transaction will notify anyway.

    What is remembered was asked for in this savepoint, in one around it or in one that is
    already part of them, so it leaves whenever one asked for now would leave.
    """
    asked = (getattr(entry[1], "__self__", None) for entry in connection.run_on_commit)
    return {name for each in asked if isinstance(each, Notification) for name in each.destinations}


@dataclass(frozen=True)
class Notification:
    """A wake-up call for the workers of some destinations."""

    destinations: frozenset[str]

    def after_commit(self) -> None:
        """Leaves when the transaction has committed, once for each destination."""
        missing = self.destinations - _notified_already()
        if missing:
            transaction.on_commit(Notification(missing).send, robust=True)

    def send(self) -> None:
        """Has it sent; an error is logged and never reaches the person."""
        from officeflow.handoff.notifier import flush, notify_soon

        fault_points.reach("before_publish")
        notify_soon(*self.destinations)
        if fault_points.may_fire():
            flush()
        fault_points.reach("after_publish")
