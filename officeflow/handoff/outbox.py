"""Posting: an action writes its records and their hand-offs in one transaction."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser
from django.db import connection, transaction

from officeflow.handoff import fault_points
from officeflow.handoff.clock import OfficeClock
from officeflow.handoff.contracts import Contract
from officeflow.handoff.models import Destination, Handoff, HandoffState, Stream

POST = "SELECT handoff_post_v2(%s::text[], %s, %s, %s, %s::jsonb, %s, %s, %s, %s);"


class PostedOutsideTransaction(Exception):
    """A hand-off must be posted in the transaction that writes its event."""


@dataclass(frozen=True)
class PendingHandoff:
    """A posted hand-off that is not written yet, so that it has no place in its stream."""

    contract: Contract
    destination: Destination
    subject: str
    actor_id: int | None
    is_sealed: bool
    wait_seconds: float
    savepoint: SavepointMark

    @property
    def stream_key(self) -> tuple[str, str]:
        """The destination and subject of its stream. Streams are locked in the order of these."""
        return (self.destination.value, self.subject)

    def differs_only_in_destination(self, other: PendingHandoff) -> bool:
        """Returns whether one statement can post both."""
        return (
            self.contract is other.contract
            and self.destination != other.destination
            and self.subject == other.subject
            and self.actor_id == other.actor_id
            and self.is_sealed == other.is_sealed
            and self.wait_seconds == other.wait_seconds
        )


class SavepointMark:
    """An `on_commit` callback that shows whether the savepoint of a post was rolled back.

    Django drops the callbacks of a savepoint that is rolled back, so that a hand-off whose mark is
    gone must not be written.
    """

    def __call__(self) -> None:
        """Does nothing after the commit."""

    def is_kept(self) -> bool:
        """Returns whether the savepoint is still part of the transaction."""
        return any(entry[1] is self for entry in connection.run_on_commit)

    @staticmethod
    def remove_all() -> None:
        """Removes the callbacks of all marks, of which a long transaction makes many."""
        connection.run_on_commit = [
            entry for entry in connection.run_on_commit if not isinstance(entry[1], SavepointMark)
        ]


# While a hand-off is applied, what its consumer posts is collected here. It is written at the end,
# together with the head of the hand-off's own stream, so that all streams are locked in one order.
_deferred: ContextVar[list[PendingHandoff] | None] = ContextVar(
    "officeflow_deferred_posts", default=None
)
# The counts of `count_written`, by destination.
_counted: ContextVar[Counter[str] | None] = ContextVar("counted_posts", default=None)


def post(
    contract: Contract,
    *,
    to: Sequence[Destination],
    subject: str,
    actor: AbstractBaseUser | None,
    is_sealed: bool = False,
    wait_seconds: float = 0,
) -> None:
    """Posts one hand-off for each destination, in the caller's transaction.

    `subject` is the reference number whose stream keeps the order. The destinations are notified
    after the commit. With `wait_seconds` the hand-off, and all that follow in its stream, are not
    applied before that time has passed. Raises `PostedOutsideTransaction`.
    """
    if not connection.in_atomic_block:
        raise PostedOutsideTransaction(type(contract).__name__)
    actor_id = actor.pk if actor else None
    deferred = _deferred.get()
    if deferred is None:
        names = sorted(destination.value for destination in to)
        _write([_values(contract, names, subject, actor_id, is_sealed, wait_seconds)], names)
        fault_points.reach("posted")
        return
    savepoint = SavepointMark()
    transaction.on_commit(savepoint)
    deferred.extend(
        PendingHandoff(contract, destination, subject, actor_id, is_sealed, wait_seconds, savepoint)
        for destination in to
    )


def post_all(
    contracts: Mapping[str, Contract],
    *,
    to: Sequence[Destination],
    actor: AbstractBaseUser | None,
) -> None:
    """Posts contracts by their subjects as `post` does, in one round trip.

    The subjects are new in this transaction, so that nobody else can lock their streams. Raises
    `PostedOutsideTransaction`.
    """
    if len(contracts) < 2 or _deferred.get() is not None:
        for subject, contract in contracts.items():
            post(contract, to=to, subject=subject, actor=actor)
        return
    if not connection.in_atomic_block:
        raise PostedOutsideTransaction(type(next(iter(contracts.values()))).__name__)
    names = sorted(destination.value for destination in to)
    actor_id = actor.pk if actor else None
    _write(
        [
            _values(contract, names, subject, actor_id, False, 0)
            for subject, contract in sorted(contracts.items())
        ],
        names * len(contracts),
    )
    fault_points.reach("posted")


@contextmanager
def defer_posts() -> Iterator[list[PendingHandoff]]:
    """Collects what is posted in the block instead of writing it.

    At the end it drops what was posted in savepoints that were rolled back.
    """
    pending: list[PendingHandoff] = []
    token = _deferred.set(pending)
    try:
        yield pending
    finally:
        _deferred.reset(token)
    pending[:] = [handoff for handoff in pending if handoff.savepoint.is_kept()]
    SavepointMark.remove_all()


@contextmanager
def count_written() -> Iterator[Counter[str]]:
    """Counts the hand-offs written in the block, by destination, for `drain_counted`."""
    counted: Counter[str] = Counter()
    token = _counted.set(counted)
    try:
        yield counted
    finally:
        _counted.reset(token)


def write(pending: Sequence[PendingHandoff]) -> None:
    """Writes hand-offs, each at the end of its stream, and notifies after the commit.

    Streams are locked in sorted order, as everywhere. Hand-offs that differ only in their
    destination are posted by one statement; all statements are sent in one round trip.
    """
    if not pending:
        return
    posts: list[list[PendingHandoff]] = []
    for handoff in sorted(pending, key=lambda handoff: handoff.stream_key):
        before = posts[-1][-1] if posts else None
        if before and before.differs_only_in_destination(handoff):
            posts[-1].append(handoff)
        else:
            posts.append([handoff])
    _write(
        [
            _values(
                handoffs[0].contract,
                [handoff.destination.value for handoff in handoffs],
                handoffs[0].subject,
                handoffs[0].actor_id,
                handoffs[0].is_sealed,
                handoffs[0].wait_seconds,
            )
            for handoffs in posts
        ],
        [handoff.destination.value for handoff in pending],
    )


def _values(
    contract: Contract,
    destinations: Sequence[str],
    subject: str,
    actor_id: int | None,
    is_sealed: bool,
    wait_seconds: float,
) -> tuple[Any, ...]:
    """Returns the parameters of `POST`; `destinations` are sorted and differ."""
    return (
        "{" + ",".join(destinations) + "}",
        subject,
        type(contract).__name__,
        contract.version,
        contract.to_json(),
        is_sealed,
        actor_id,
        settings.HANDOFF_FRESH_SECONDS,
        wait_seconds,
    )


def is_under_way(
    *contracts: type[Contract],
    to: Destination,
    subject: str,
    locking: Sequence[Destination] = (),
) -> bool:
    """Returns whether one of the contracts about the subject is posted there and not yet applied.

    Nobody posts about the subject to the destinations in `locking` until the transaction ends. So
    of two actions on two sides that exclude each other one wins: one locks both streams, looks and
    posts; the other posts, which waits for that lock, and looks then.
    """
    streams = Stream.objects.filter(subject=subject, destination__in=locking)
    if locking:  # in sorted order, as everywhere
        list(streams.order_by("destination").select_for_update(no_key=True).values_list("pk"))
    return Handoff.objects.filter(
        destination=to,
        subject=subject,
        contract__in=[contract.__name__ for contract in contracts],
        state__in=[HandoffState.WAITING, HandoffState.DEAD],
    ).exists()


def was_posted_within(
    time: timedelta, contract: type[Contract], *, to: Destination, subject: str
) -> bool:
    """Returns whether a contract about the subject was posted there within a time until now.

    By PostgreSQL's clock, so that with the stream locked it decides whether what was reported can
    still be taken back: what waits for as long goes only afterwards (`post(wait_seconds=…)`).
    """
    posted = Handoff.objects.filter(destination=to, subject=subject, contract=contract.__name__)
    return posted.filter(posted_at__gt=OfficeClock() - time).exists()


def _write(rows: Sequence[tuple[Any, ...]], destinations: Sequence[str]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(POST * len(rows), [value for row in rows for value in row])
    counted = _counted.get()
    if counted is not None:
        counted.update(destinations)
    notify_after_commit(destinations)


def notify_after_commit(destinations: Iterable[str]) -> None:
    """Notifies the destinations once each when the transaction has committed."""
    missing = frozenset(destinations) - _notified_already()
    if missing:
        transaction.on_commit(Notification(missing).send, robust=True)


def _notified_already() -> set[str]:
    """Returns the destinations that the transaction notifies already.

    Each callback was added in this savepoint, in one around it, or in one released into them, so
    that it is dropped only when a callback added now would be dropped too.
    """
    callbacks = (getattr(entry[1], "__self__", None) for entry in connection.run_on_commit)
    notifications = (each for each in callbacks if isinstance(each, Notification))
    return {name for each in notifications for name in each.destinations}


@dataclass(frozen=True)
class Notification:
    """A notification of some destinations, as an `on_commit` callback."""

    destinations: frozenset[str]

    def send(self) -> None:
        """Has the notifier thread publish it, so that no error reaches the request."""
        from officeflow.handoff.notifier import flush, notify_soon

        fault_points.reach("before_publish")
        notify_soon(*self.destinations)
        if fault_points.may_fire():
            flush()
        fault_points.reach("after_publish")
