"""Hand-offs without departments: a consumer that records what it was called with."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime

import pytest
from django.db import transaction

from officeflow.handoff import registry
from officeflow.handoff.contracts import GoodsHandedOver, OrderCancelled
from officeflow.handoff.models import Destination, Handoff
from officeflow.handoff.monitoring.heartbeat import broker_client
from officeflow.handoff.notifier import queue_of
from officeflow.handoff.outbox import post
from officeflow.handoff.registry import Consumer

WHEN = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)


@dataclass
class Recorder:
    """A consumer that records what is applied, unless `failure` raises."""

    applied: list[tuple[str, str]] = field(default_factory=list)
    failure: Callable[[Handoff], None] = lambda handoff: None

    def __call__(self, contract: GoodsHandedOver | OrderCancelled, handoff: Handoff) -> None:
        self.failure(handoff)
        self.applied.append((handoff.destination, contract.order_number))

    @staticmethod
    def contract(order: str) -> GoodsHandedOver:
        """Returns a contract that it consumes."""
        return GoodsHandedOver(order_number=order, handed_over_at=WHEN)


@pytest.fixture
def recorder() -> Iterator[Recorder]:
    """The only consumer of the two contracts below at every destination."""
    recorder = Recorder()
    with only_consumer(recorder):
        yield recorder


@contextmanager
def only_consumer(consumer: Consumer, **options: bool) -> Iterator[None]:
    """Registers one consumer of two contracts at every destination, in place of all others."""
    with registry.without_consumers():
        for contract in (GoodsHandedOver, OrderCancelled):
            registry.consumes(contract, *Destination, **options)(consumer)
        yield


def post_handed_over(order: str, *destinations: Destination, subject: str | None = None) -> None:
    """Posts that an order's goods were handed over."""
    with transaction.atomic():
        post(
            GoodsHandedOver(order_number=order, handed_over_at=WHEN),
            to=destinations or (Destination.FULFILMENT,),
            subject=subject or order,
            actor=None,
        )


def note(order: str, reason: str, *, is_sealed: bool = False) -> None:
    """Posts a contract with a text that a person wrote."""
    with transaction.atomic():
        post(
            OrderCancelled(order_number=order, cancelled_at=WHEN, reason=reason),
            to=[Destination.FULFILMENT],
            subject=order,
            actor=None,
            is_sealed=is_sealed,
        )


def clear_notifications() -> None:
    """Empties the queues on the real broker."""
    broker_client().delete(*map(queue_of, Destination.values))
