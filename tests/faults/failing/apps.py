"""Wraps fulfilment's consumer of placed orders, in real workers and sweepers."""

from __future__ import annotations

import os
import signal
import threading
import time
from pathlib import Path

from django.apps import AppConfig

RAISES, KILLS, HANGS = "[raises]", "[kills its worker]", "[hangs]"
TAKES_LONG = "[takes long]"
LONG_SECONDS = 1.5


def is_repaired() -> bool:
    """Returns whether the failures are switched off, which a test does by creating a file."""
    return Path(os.environ.get("REPAIRED_FILE", "/nowhere")).exists()


def record_failure(what: str) -> None:
    """Appends a line to the file of failures, which tests count."""
    with Path(os.environ["FAILURE_FILE"]).open("a") as file:
        file.write(f"{what} {os.getpid()}\n")


class FailingConfig(AppConfig):
    name = "tests.faults.failing"
    label = "failing"

    def ready(self) -> None:
        from officeflow.handoff import registry

        key = ("fulfilment", "OrderPlaced")
        real = registry.consumer_of(*key)
        assert isinstance(real, registry.BatchConsumer)

        def consume(placed: registry.Batch) -> None:
            failing = (
                [] if is_repaired() else [(contract.note, each.pk) for contract, each in placed]
            )
            for note, handoff_id in failing:
                if note == TAKES_LONG:
                    record_failure(f"{TAKES_LONG} {handoff_id}")
                    time.sleep(LONG_SECONDS)
                if note == HANGS:
                    record_failure(HANGS)
                    threading.Event().wait()
            real.consume_batch(placed)  # so that an effect has to be rolled back
            for note, _handoff_id in failing:
                if note == RAISES:
                    record_failure(RAISES)
                    raise RuntimeError("fulfilment cannot take this one")
                if note == KILLS:
                    record_failure(KILLS)
                    os.kill(os.getpid(), signal.SIGKILL)

        registry.replace_consumer(*key, registry.BatchConsumer(consume))
