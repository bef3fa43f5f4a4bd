"""Puts itself before fulfilment's consumer of placed orders, in real workers and sweepers."""

from __future__ import annotations

import os
import signal
import threading
from pathlib import Path
from typing import Any

from django.apps import AppConfig

RAISES, KILLS, HANGS = "[raises]", "[kills its worker]", "[hangs]"


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
