"""Consumers that tests put in place of the departments' own."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from officeflow.handoff import registry
from officeflow.handoff.models import Handoff
from officeflow.handoff.registry import PermanentError


@contextmanager
def refusing_consumer(destination: str, contract: str, reason: str) -> Iterator[None]:
    """Makes hand-offs of a contract that are applied in the block dead, with a reason."""

    def refuse(contract: object, handoff: Handoff) -> None:
        raise PermanentError(reason.format(subject=handoff.subject))

    before = registry.replace_consumer(destination, contract, refuse)
    try:
        yield
    finally:
        registry.replace_consumer(destination, contract, before)
