"""Who consumes what: each app registers its own from `AppConfig.ready()`."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.conf import settings

from officeflow.handoff.contracts import Contract
from officeflow.handoff.models import Destination, Handoff

# A consumer gets the contract and the hand-off it came in; it runs inside the apply's
# transaction and may post further hand-offs.
Consumer = Callable[[Any, Handoff], None]
# What reached a consumer that takes several: each contract with the hand-off it came in.
Arrived = Sequence[tuple[Any, Handoff]]


@dataclass(frozen=True)
class TakesSeveral:
    """A consumer that takes several of its hand-offs at once; one by itself is one of several."""

    take: Callable[[Arrived], None]

    def __call__(self, contract: Any, handoff: Handoff) -> None:
        """Takes one."""
        self.take([(contract, handoff)])


consumers: dict[tuple[str, str], Consumer] = {}
# Which contracts of a destination may share a transaction, and which reach out of PostgreSQL.
sharing: dict[str, list[str]] = {}
outsiders: dict[str, list[str]] = {}


class PermanentError(Exception):
    """Trying again cannot help: the hand-off is dead at once.

    What an action refuses for good derives from it, so that a consumer only calls the action.
    """


def consumes(
    contract: type[Contract],
    *destinations: Destination,
    together: bool = False,
    outside: bool = False,
) -> Callable[[Consumer], Consumer]:
    """Registers a function as the consumer of a contract at the destinations.

    `together` lets several of a backlog share a transaction. Only for a consumer that is quick
    and locks nothing which another subject's could lock too (no stock, no account): what it has
    locked stays so until the last of them is done, and two processes could wait for each other.

    `outside` says that it reaches out of PostgreSQL, so that an attempt which came to nothing may
    have had an effect: it never begins without a claim.
    """

    def register(function: Consumer) -> Consumer:
        for destination in destinations:
            key = (destination.value, contract.__name__)
            if consumers.get(key, function) != function:
                raise ValueError(f"{key} has a consumer already")
            consumers[key] = function
            for kinds, is_one in ((sharing, together), (outsiders, outside)):
                names = kinds.setdefault(destination.value, [])
                if is_one and contract.__name__ not in names:
                    names.append(contract.__name__)
        return function

    return register


def consumes_several(
    contract: type[Contract], *destinations: Destination
) -> Callable[[Callable[[Arrived], None]], Callable[[Arrived], None]]:
    """As `consumes(…, together=True)`, for a consumer that takes as many as there are at once.

    When it raises, none of them has had its effect, and it is given each by itself, in a
    transaction of its own.
    """

    def register(function: Callable[[Arrived], None]) -> Callable[[Arrived], None]:
        consumes(contract, *destinations, together=True)(TakesSeveral(function))
        return function

    return register


def contracts_consumed(destination: str) -> list[str]:
    """The contracts that this version consumes at a destination."""
    return [name for where, name in consumers if where == destination]


def is_consumed(destination: str, contract: str) -> bool:
    """Whether this version consumes a contract at a destination."""
    return (destination, contract) in consumers


def contracts_together(destination: str) -> list[str]:
    """The contracts of a destination of which several may share a transaction."""
    return sharing.get(destination, [])


def contracts_outside(destination: str) -> list[str]:
    """The contracts of a destination whose consumers reach out of PostgreSQL."""
    return outsiders.get(destination, [])


def consumer_of(destination: str, contract: str) -> Consumer:
    """The consumer of a contract that `is_consumed` at a destination."""
    return consumers[destination, contract]


@dataclass(frozen=True)
class RetryPolicy:
    """How often a destination's hand-offs are tried, and how long is waited in between.

    The wait after the first failure is half to all of `backoff_seconds`; it doubles with each
    further one, up to `longest_seconds`.
    """

    attempts: int
    backoff_seconds: float
    longest_seconds: float


retry_policies: dict[str, Callable[[], RetryPolicy]] = {}


def register_retry_policy(destination: Destination, how: Callable[[], RetryPolicy]) -> None:
    """Gives a destination its own policy: a mail server may be away for hours."""
    retry_policies[destination.value] = how


def retry_policy_of(destination: str) -> RetryPolicy:
    """A destination's own policy, else the office's."""
    if own := retry_policies.get(destination):
        return own()
    return RetryPolicy(
        attempts=settings.HANDOFF_MAX_ATTEMPTS,
        backoff_seconds=settings.HANDOFF_BACKOFF_SECONDS,
        longest_seconds=settings.HANDOFF_BACKOFF_MAX_SECONDS,
    )
