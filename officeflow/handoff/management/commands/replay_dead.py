"""`manage.py replay_dead`: replays dead hand-offs in batches."""

from __future__ import annotations

from argparse import ArgumentParser, ArgumentTypeError
from collections.abc import Callable
from datetime import date
from functools import partial
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

from officeflow.company.models import Office
from officeflow.company.queries import day_bounds
from officeflow.errors import Refused
from officeflow.handoff.actions import REPLAY_BATCH, replay_some
from officeflow.handoff.clock import office_now
from officeflow.handoff.contracts import CONTRACTS
from officeflow.handoff.models import Destination
from officeflow.handoff.queries import (
    HandoffCriteria,
    count_dead_by_contract,
    hidden_from,
    replayable,
)
from officeflow.permissions import Permission
from officeflow.staff.models import User


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise ArgumentTypeError(f"{text} is not a day such as 2026-11-22") from error


class Command(BaseCommand):
    help = "Replays dead hand-offs once the cause is fixed, and prints how many."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--destination", default="", choices=Destination.values)
        parser.add_argument("--contract", default="", choices=sorted(CONTRACTS))
        parser.add_argument("--error", default="", help="a part of the last error")
        parser.add_argument("--from", dest="first", type=_day, help="posted on this day or later")
        parser.add_argument("--to", dest="last", type=_day, help="posted on this day or earlier")
        parser.add_argument("--reason", default="", help="the reason, for the record")
        parser.add_argument(
            "--by",
            default="",
            metavar="USERNAME",
            help="the person who replays (default: the first who may operate hand-offs)",
        )
        parser.add_argument("--batch", type=int, default=REPLAY_BATCH, help="how many at a time")
        parser.add_argument(
            "--dry-run",
            action="store_true",
            help="show what would be replayed without replaying anything",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        actor = self.actor(options["by"])
        criteria, hidden = self.criteria(options), hidden_from(actor)
        since = office_now()
        dead = count_dead_by_contract(replayable(criteria, hidden=hidden), hidden=hidden)
        for each in dead:
            contract = each.contract or "(HR's)"
            self.stdout.write(f"{each.count:>7}  {each.destination:<12} {contract}")
        total = sum(each.count for each in dead)
        if options["dry_run"]:
            self.stdout.write(f"{total} dead, none replayed: this was a dry run")
            return
        if options["batch"] < 1:
            raise CommandError("--batch: at least 1 at a time")
        replay_batch = partial(
            replay_some,
            actor=actor,
            criteria=criteria,
            reason=options["reason"],
            since=since,
            limit=options["batch"],
        )
        self.stdout.write(f"{self.replay(replay_batch, total)} replayed")

    def replay(self, replay_batch: Callable[[], int], total: int) -> int:
        """Replays batch after batch, each in a transaction of its own; returns how many."""
        columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
        done = 0
        with Progress(*columns, console=Console(stderr=True)) as progress:
            task = progress.add_task("replayed", total=total)
            while True:
                try:
                    replayed = replay_batch()
                except Refused as refused:
                    raise CommandError(f"--reason: {refused.message}") from refused
                if not replayed:
                    return done
                done += replayed
                progress.update(task, completed=done, total=max(total, done))

    def criteria(self, options: dict[str, Any]) -> HandoffCriteria:
        """Returns the criteria of the options; their days are in the office's time zone."""
        office = Office.objects.first()
        if office is None:
            raise CommandError("there is no office yet: set one up first")
        first, last = options["first"], options["last"]
        return HandoffCriteria(
            destination=options["destination"],
            contract=options["contract"],
            error=options["error"],
            start=day_bounds(first, office)[0] if first else None,
            end=day_bounds(last, office)[1] if last else None,
        )

    def actor(self, username: str) -> User:
        """Returns the user who replays. Raises `CommandError`."""
        operators = User.objects.holding(Permission.OPERATE_HANDOFFS).order_by("pk")
        actor = operators.filter(username=username).first() if username else operators.first()
        if actor is None:
            raise CommandError(
                f"{username} may not operate hand-offs"
                if username
                else "nobody here may operate hand-offs"
            )
        return actor
