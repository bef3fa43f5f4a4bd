"""Registers the consumers that are timed, beside the house's own."""

from __future__ import annotations

import os
from dataclasses import dataclass

from django.apps import AppConfig


class CorridorBenchmark(AppConfig):
    name = "benchmarks.corridor"
    label = "bench"

    def ready(self) -> None:
        """A contract of the benchmark's own, and a note of each order's ticket."""
        from benchmarks.corridor import steps, tasks  # noqa: F401 (Celery learns its tasks)
        from benchmarks.corridor.effects import insert, notes
        from officeflow.handoff import contracts, registry
        from officeflow.handoff.models import Destination

        @dataclass(frozen=True, kw_only=True)
        class Parcel(contracts.Contract):
            reference: str

        contracts.CONTRACTS["Parcel"] = Parcel
        registry.consumes(Parcel, Destination.MANAGEMENT, together=True)(
            lambda contract, handoff: insert(contract.reference)
        )
        key = (Destination.FULFILMENT.value, "OrderPlaced")
        real = registry._consumers[key]
        assert isinstance(real, registry.TakesSeveral)

        def noted(placed: registry.Arrived) -> None:
            real.take(placed)
            for contract, _handoff in placed:
                notes().note_after_commit(contract.order_number)

        registry._consumers[key] = registry.TakesSeveral(noted)
        steps.install()
        if os.environ.get("BENCH_PLAIN"):
            from celery.signals import task_prerun

            # Nobody would write this check without the corridor's care for restarts.
            task_prerun.disconnect(dispatch_uid="officeflow.drop_dead_connections")
