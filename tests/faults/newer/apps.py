"""Turns a process into one of the next version, whose `OrderPlaced` has the field `wrapped_in`."""

from __future__ import annotations

import json
import os
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

from django.apps import AppConfig

from officeflow.handoff import contracts

Older = contracts.OrderPlaced


@dataclass(frozen=True, kw_only=True)
class OrderPlaced(Older):
    """The contract of the version before with one more field."""

    version: ClassVar[int] = Older.version + 1

    wrapped_in: str = "nothing"

    def to_json(self) -> str:
        return json.dumps(json.loads(super().to_json()) | {"wrapped_in": "paper"})


class NewerConfig(AppConfig):
    name = "tests.faults.newer"
    label = "newer"

    def ready(self) -> None:
        """Replaces the contract in every module; this app is the last to be ready."""
        from officeflow.handoff import registry

        contracts.CONTRACTS["OrderPlaced"] = OrderPlaced
        for module in list(sys.modules.values()):
            if vars(module).get("OrderPlaced") is Older:
                vars(module)["OrderPlaced"] = OrderPlaced
        key = ("fulfilment", "OrderPlaced")
        real = registry.consumer_of(*key)
        assert isinstance(real, registry.BatchConsumer)

        def consume(placed: registry.Batch) -> None:
            real.consume_batch(placed)
            with Path(os.environ["WRAPPED_FILE"]).open("a") as file:
                for contract, handoff in placed:
                    file.write(f"{contract.wrapped_in} {handoff.pk}\n")

        registry.replace_consumer(*key, registry.BatchConsumer(consume))
