"""Puts itself before fulfilment's consumer of placed orders, in real workers and sweepers."""

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


def is_mended() -> bool:
    """Whether nothing fails on purpose any more: a test can mend it while all goes on."""
    return Path(os.environ.get("MENDED_FILE", "/nowhere")).exists()


def note_down(what: str) -> None:
    """One line for each failure, which the test counts."""
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
            failing = [] if is_mended() else [(contract.note, each.pk) for contract, each in placed]
            for note, handoff_id in failing:
                if note == TAKES_LONG:
                    note_down(f"{TAKES_LONG} {handoff_id}")
                    time.sleep(LONG_SECONDS)
                if note == HANGS:
                    note_down(HANGS)
                    threading.Event().wait()
            real.consume_batch(placed)  # so that there is an effect to take back
            for note, _handoff_id in failing:
                if note == RAISES:
                    note_down(RAISES)
                    raise RuntimeError("fulfilment cannot take this one")
                if note == KILLS:
                    note_down(KILLS)
                    os.kill(os.getpid(), signal.SIGKILL)

        registry.replace_consumer(*key, registry.BatchConsumer(consume))
