"""Registers the consumers of the benchmark."""

from __future__ import annotations

import os
from dataclasses import dataclass

from django.apps import AppConfig


class HandoffBenchmark(AppConfig):
    name = "benchmarks.handoffs"
    label = "bench"

    def ready(self) -> None:
        """Adds a contract with its consumer, and records the time of each order's ticket."""
        from benchmarks.handoffs import steps, tasks  # noqa: F401 (Celery learns its tasks)
        from benchmarks.handoffs.effects import insert, notes
        from officeflow.handoff import contracts, registry
        from officeflow.handoff.models import Destination

        @dataclass(frozen=True, kw_only=True)
        class Parcel(contracts.Contract):
            reference: str

        contracts.CONTRACTS["Parcel"] = Parcel
        registry.consumes(Parcel, Destination.MANAGEMENT, may_share_transaction=True)(
            lambda contract, handoff: insert(contract.reference)
        )
        key = (Destination.FULFILMENT.value, "OrderPlaced")
        real = registry.consumer_of(*key)
        assert isinstance(real, registry.BatchConsumer)

        def noted(placed: registry.Batch) -> None:
            real.consume_batch(placed)
            for contract, _handoff in placed:
                notes().note_after_commit(contract.order_number)

        registry.replace_consumer(*key, registry.BatchConsumer(noted))
        steps.install()
        if os.environ.get("BENCH_PLAIN"):
            from celery.signals import task_postrun, task_prerun

            # Plain Celery runs without the office's handlers for restarts and hanging tasks.
            task_prerun.disconnect(dispatch_uid="officeflow.begin_task")
            task_postrun.disconnect(dispatch_uid="officeflow.end_task")
