"""`manage.py work`: runs Celery workers of one process each, and replaces those that die."""

from __future__ import annotations

import os
import signal
import time
from argparse import ArgumentParser
from typing import Any, NoReturn

from celery.signals import heartbeat_sent
from django.core.management.base import BaseCommand
from django.db import connections

from officeflow.celery import app
from officeflow.handoff.models import Destination

# A process that ended within this of its start is replaced only after this pause.
RESTART_PAUSE_SECONDS = 1.0


class Command(BaseCommand):
    help = "Runs Celery workers of one process each until SIGTERM; replaces those that die."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--processes", type=int, default=2, help="how many (default: 2)")
        parser.add_argument(
            "--queues", default=",".join(Destination.values), help="default: all destinations"
        )
        parser.add_argument("--name", default="worker", help="start of the workers' names")

    def handle(self, *args: Any, **options: Any) -> None:
        self.options = options
        self.running: dict[int, tuple[int, float]] = {}  # process id → (number, start)
        self.is_stopping = False
        connections.close_all()  # the children must not share the parent's connections
        for signum in (signal.SIGTERM, signal.SIGINT):
            signal.signal(signum, self._stop)
        for number in range(options["processes"]):
            self._start(number)
        while self.running:
            pid, _status = os.waitpid(-1, 0)
            number, started_at = self.running.pop(pid)
            if not self.is_stopping and time.monotonic() - started_at < RESTART_PAUSE_SECONDS:
                time.sleep(RESTART_PAUSE_SECONDS)
            if not self.is_stopping:
                self._start(number)

    def _start(self, number: int) -> None:
        parent = os.getpid()
        pid = os.fork()
        if pid == 0:
            self._work(number, parent)
        self.running[pid] = (number, time.monotonic())
        if self.is_stopping:  # the signal came before the fork was registered
            os.kill(pid, signal.SIGTERM)

    def _work(self, number: int, parent: int) -> NoReturn:
        for signum in (signal.SIGTERM, signal.SIGINT):
            signal.signal(signum, signal.SIG_DFL)

        @heartbeat_sent.connect(weak=False)
        def end_without_parent(**kwargs: Any) -> None:
            if os.getppid() != parent:  # the parent was killed without sending a signal
                os.kill(os.getpid(), signal.SIGTERM)

        exit_code = 1
        try:
            app.worker_main(
                [
                    *("--quiet", "worker", "-P", "solo", "-Q", self.options["queues"]),
                    *("-n", f"{self.options['name']}-{number}@%h", "--loglevel", "WARNING"),
                    *("--without-gossip", "--without-mingle"),
                ]
            )
            exit_code = 0
        except SystemExit as leaving:
            exit_code = leaving.code if isinstance(leaving.code, int) else 1
        finally:
            os._exit(exit_code)

    def _stop(self, *_: object) -> None:
        self.is_stopping = True
        for pid in self.running:
            os.kill(pid, signal.SIGTERM)
