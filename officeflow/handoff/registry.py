"""Who consumes what: filled by the wings from `AppConfig.ready()`: the corridor knows none."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from officeflow.handoff.contracts import Contract
from officeflow.handoff.models import Destination, Handoff

# A consumer gets the contract and the hand-off it came in; it runs inside the apply's
# transaction and may post further hand-offs.
Consumer = Callable[[Any, Handoff], None]

_consumers: dict[tuple[str, str], Consumer] = {}


class NoConsumer(Exception):
    """A hand-off came to a destination that does not know its contract: dead at once."""


def consumes(
    contract: type[Contract], *destinations: Destination
) -> Callable[[Consumer], Consumer]:
    """Registers a function as the consumer of a contract at the destinations."""

    def register(function: Consumer) -> Consumer:
        for destination in destinations:
            key = (destination.value, contract.__name__)
            if _consumers.get(key, function) is not function:
                raise ValueError(f"{key} has a consumer already")
            _consumers[key] = function
        return function

    return register


def consumer_of(destination: str, contract: str) -> Consumer:
    """The consumer of a contract at a destination. Raises `NoConsumer`."""
    try:
        return _consumers[destination, contract]
    except KeyError:
        raise NoConsumer(f"nothing at {destination} consumes {contract}") from None
