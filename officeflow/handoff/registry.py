"""The consumers and retry policies, which apps register from `AppConfig.ready()`."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any

from django.conf import settings

from officeflow.handoff.contracts import Contract
from officeflow.handoff.models import Destination, Handoff

# A consumer is called with the contract and the hand-off that carried it, inside the transaction
# that applies it. It may post further hand-offs.
Consumer = Callable[[Any, Handoff], None]
# What a batch consumer is called with: each contract with the hand-off that carried it.
Batch = Sequence[tuple[Any, Handoff]]


@dataclass(frozen=True)
class BatchConsumer:
    """A consumer that is called once for several hand-offs; a single one is a batch of one."""

    consume_batch: Callable[[Batch], None]

    def __call__(self, contract: Any, handoff: Handoff) -> None:
        """Consumes one hand-off."""
        self.consume_batch([(contract, handoff)])


@dataclass(frozen=True, kw_only=True)
class Registration:
    """A consumer, and how its hand-offs may be applied (see `consumes`)."""

    consumer: Consumer
    may_share_transaction: bool | Callable[[], bool]
    has_outside_effect: bool

    @property
    def shares_transaction(self) -> bool:
        """Whether several hand-offs may share a transaction now."""
        may = self.may_share_transaction
        return may() if callable(may) else may


# By (destination, name of the contract).
_registrations: dict[tuple[str, str], Registration] = {}


class PermanentError(Exception):
    """Trying again cannot help: the hand-off is dead at once.

    An action's final refusals derive from it, so that a consumer only calls the action.
    """


class NotYet(Exception):
    """The time of a hand-off has not come. It waits some seconds; the attempt does not count."""


def consumes(
    contract: type[Contract],
    *destinations: Destination,
    may_share_transaction: bool | Callable[[], bool] = False,
    has_outside_effect: bool = False,
) -> Callable[[Consumer], Consumer]:
    """Registers a function as the consumer of a contract at the destinations.

    `may_share_transaction` lets several hand-offs of a backlog share a transaction. Only for a
    consumer that is quick and locks nothing that the consumer of another subject could lock too (no
    stock, no account): its locks last until the last of them is applied, and two processes could
    wait for each other. A function decides it when hand-offs are claimed, by the settings.

    `has_outside_effect` says that the consumer reaches beyond PostgreSQL, so that an attempt that
    failed may have had an effect. Its hand-offs are always claimed first, so that each attempt
    counts.

    Raises `ValueError` when the contract has another consumer at a destination.
    """

    def register(function: Consumer) -> Consumer:
        registration = Registration(
            consumer=function,
            may_share_transaction=may_share_transaction,
            has_outside_effect=has_outside_effect,
        )
        for destination in destinations:
            key = (destination.value, contract.__name__)
            if _registrations.get(key, registration) != registration:
                raise ValueError(f"{key} has a consumer already")
            _registrations[key] = registration
        return function

    return register


def consumes_batch(
    contract: type[Contract],
    *destinations: Destination,
    may_share_transaction: bool | Callable[[], bool] = True,
    has_outside_effect: bool = False,
) -> Callable[[Callable[[Batch], None]], Callable[[Batch], None]]:
    """Registers as `consumes`, for a consumer of a whole batch.

    When it raises, none of the batch has had its effect, and each is consumed again by itself, in a
    transaction of its own.
    """

    def register(function: Callable[[Batch], None]) -> Callable[[Batch], None]:
        consumes(
            contract,
            *destinations,
            may_share_transaction=may_share_transaction,
            has_outside_effect=has_outside_effect,
        )(BatchConsumer(function))
        return function

    return register


def replace_consumer(destination: str, contract: str, consumer: Consumer) -> Consumer:
    """Replaces a registered consumer and returns the one before, for tests and measurements."""
    registration = _registrations[destination, contract]
    _registrations[destination, contract] = replace(registration, consumer=consumer)
    return registration.consumer


@contextmanager
def without_consumers() -> Iterator[None]:
    """Removes all consumers, and restores them at the end of the block, for tests."""
    before = dict(_registrations)
    _registrations.clear()
    try:
        yield
    finally:
        _registrations.clear()
        _registrations.update(before)


def is_consumed(destination: str, contract: str) -> bool:
    """Returns whether this version consumes a contract at a destination."""
    return (destination, contract) in _registrations


def consumer_of(destination: str, contract: str) -> Consumer:
    """Returns the consumer. Raises `KeyError` unless the contract `is_consumed` there."""
    return _registrations[destination, contract].consumer


def contracts_consumed(destination: str) -> list[str]:
    """Returns the contracts that this version consumes at a destination."""
    return [contract for contract, _registration in _registered_at(destination)]


def contracts_sharing_transaction(destination: str) -> list[str]:
    """Returns the contracts of a destination of which several may share a transaction."""
    return [
        contract
        for contract, registration in _registered_at(destination)
        if registration.shares_transaction
    ]


def contracts_with_outside_effect(destination: str) -> list[str]:
    """Returns the contracts of a destination whose consumers reach beyond PostgreSQL."""
    return [
        contract
        for contract, registration in _registered_at(destination)
        if registration.has_outside_effect
    ]


def _registered_at(destination: str) -> list[tuple[str, Registration]]:
    return [
        (contract, registration)
        for (where, contract), registration in _registrations.items()
        if where == destination
    ]


@dataclass(frozen=True)
class RetryPolicy:
    """How often a destination's hand-offs are tried, and the wait after each failure.

    The wait after the first failure is half to all of `backoff_seconds`; it doubles with each
    further one, up to `longest_seconds`.
    """

    attempts: int
    backoff_seconds: float
    longest_seconds: float


_retry_policies: dict[str, Callable[[], RetryPolicy]] = {}


def register_retry_policy(destination: Destination, policy: Callable[[], RetryPolicy]) -> None:
    """Gives a destination its own policy, such as mail, whose server may be away for hours."""
    _retry_policies[destination.value] = policy


def retry_policy_of(destination: str) -> RetryPolicy:
    """Returns the destination's own policy, or the one of the settings."""
    if policy := _retry_policies.get(destination):
        return policy()
    return RetryPolicy(
        attempts=settings.HANDOFF_MAX_ATTEMPTS,
        backoff_seconds=settings.HANDOFF_BACKOFF_SECONDS,
        longest_seconds=settings.HANDOFF_BACKOFF_MAX_SECONDS,
    )
