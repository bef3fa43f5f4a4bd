"""`manage.py import_orders FILE`: imports an order log and applies its hand-offs."""

from __future__ import annotations

import sys
from argparse import ArgumentParser
from collections.abc import Iterator, Mapping
from typing import Any

import redis

from officeflow.handoff.applying.apply import apply
from officeflow.handoff.applying.claims import claim_next
from officeflow.handoff.equation import balance
from officeflow.handoff.models import Destination, Handoff, HandoffState
from officeflow.handoff.monitoring.heartbeat import queues_without_worker
from officeflow.imports.command import INTERRUPTED, ImportCommand


class Command(ImportCommand):
    kind = "orders"
    help = "Imports an order log (CSV or XLSX): each order once, as if placed at the counter."

    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        parser.add_argument(
            "--done",
            action="store_true",
            help="all orders are done: record them without tickets, invoices and commissions",
        )
        parser.add_argument(
            "--open",
            action="store_true",
            help="all orders are new work (default: those that the file does not mark as done)",
        )
        parser.add_argument(
            "--done-before",
            default="",
            metavar="DAY",
            help="the orders before this day (YYYY-MM-DD) are done",
        )

    def import_options(self) -> dict[str, Any]:
        """Returns which orders are done; without an option, those that the file marks so."""
        if before := self.options["done_before"]:
            return {"history": "before", "before": before}
        if self.options["open"]:
            return {"history": "open"}
        return {"history": "done" if self.options["done"] else "marked"}

    def after_import(self) -> None:
        """Applies the waiting hand-offs, unless workers do."""
        waiting = count_waiting()
        if not waiting:
            return
        if not is_worker_missing():
            self.console.print(f"the workers apply {waiting} hand-offs")
            return
        try:
            with self.progress("hand-offs", waiting) as show:
                applied = 0
                for _applied in apply_waiting():
                    applied += 1
                    if applied % 25 == 0:
                        show(applied, applied + count_waiting())
                show(applied, applied)
        except KeyboardInterrupt:
            self.console.print("the other hand-offs wait until workers are started")
            sys.exit(INTERRUPTED)

    def more_figures(self) -> Mapping[str, object]:
        """Returns the hand-offs that are not applied."""
        standing = balance()
        return {"waiting hand-offs": standing.waiting, "dead hand-offs": standing.dead}


def is_worker_missing() -> bool:
    """Returns whether a destination has no live worker, or Redis cannot be asked."""
    try:
        return bool(queues_without_worker(Destination.values))
    except redis.RedisError:
        return True


def count_waiting() -> int:
    """Returns the number of hand-offs that are not applied yet."""
    return Handoff.objects.filter(delivered_at__isnull=True, state=HandoffState.WAITING).count()


def apply_waiting() -> Iterator[None]:
    """Applies hand-offs until none can be claimed, and yields after each."""
    is_any = True
    while is_any:
        is_any = False
        for destination in Destination.values:
            while (claim := claim_next(destination)) is not None:
                apply(claim)
                is_any = True
                yield
