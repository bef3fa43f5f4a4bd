"""Puts itself before fulfilment's consumer of placed orders, in real workers and sweepers."""

from __future__ import annotations

import os
import signal
import threading
import time
from pathlib import Path
from typing import Any

from django.apps import AppConfig

RAISES, KILLS, HANGS = "[raises]", "[kills its worker]", "[hangs]"
TAKES_LONG = "[takes long]"
LONG_SECONDS = 1.5


def is_mended() -> bool:
    """Whether nothing makes trouble any more: a test can mend it while all goes on."""
    return Path(os.environ.get("MENDED_FILE", "/nowhere")).exists()


def note_down(what: str) -> None:
    """One line for each time that trouble was made, which the test counts."""
    with Path(os.environ["TROUBLE_FILE"]).open("a") as file:
        file.write(f"{what} {os.getpid()}\n")


class TroubleConfig(AppConfig):
    name = "tests.faults.trouble"
    label = "trouble"

    def ready(self) -> None:
        from officeflow.handoff import registry

        key = ("fulfilment", "OrderPlaced")
        real = registry._consumers[key]

        def consume(contract: Any, handoff: Any) -> None:
            if is_mended():
                real(contract, handoff)
                return
            if contract.note == TAKES_LONG:
                note_down(f"{TAKES_LONG} {handoff.pk}")
                time.sleep(LONG_SECONDS)
            if contract.note == RAISES:
                real(contract, handoff)  # so that there is an effect to take back
                note_down(RAISES)
                raise RuntimeError("fulfilment cannot take this one")
            if contract.note == KILLS:
                real(contract, handoff)
                note_down(KILLS)
                os.kill(os.getpid(), signal.SIGKILL)
            if contract.note == HANGS:
                note_down(HANGS)
                threading.Event().wait()
            real(contract, handoff)

        registry._consumers[key] = consume
