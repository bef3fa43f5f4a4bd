"""`manage.py sweep`: runs the sweeper until SIGTERM or SIGINT."""

from __future__ import annotations

import signal
from typing import Any

from django.core.management.base import BaseCommand

from officeflow.handoff.maintenance.sweeper import Sweeper


class Command(BaseCommand):
    help = "Finds hand-offs that are due and notifies the workers, until SIGTERM."

    def handle(self, *args: Any, **options: Any) -> None:
        sweeper = Sweeper()
        for signum in (signal.SIGTERM, signal.SIGINT):
            signal.signal(signum, lambda *_: sweeper.stopping.set())
        sweeper.run()
