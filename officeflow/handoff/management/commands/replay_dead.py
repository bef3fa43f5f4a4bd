"""`manage.py replay_dead`: sends dead hand-offs again, many at a time."""

from __future__ import annotations

from argparse import ArgumentParser, ArgumentTypeError
from datetime import date, datetime
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

from officeflow.company.models import Office
from officeflow.company.queries import day_bounds
from officeflow.errors import Refused
from officeflow.handoff.actions import AT_A_TIME, replay_some
from officeflow.handoff.clock import office_now
from officeflow.handoff.contracts import CONTRACTS
from officeflow.handoff.dead_letters import dead_kinds, hidden_from, replayable
from officeflow.handoff.models import Destination
from officeflow.handoff.statistics import Asked
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
        parser.add_argument("--batch", type=int, default=AT_A_TIME, help="how many at a time")
        parser.add_argument(
            "--dry-run",
            action="store_true",
            help="show what would be replayed without replaying anything",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        actor = self.actor(options["by"])
        asked, hidden = self.asked(options), hidden_from(actor)
        since = office_now()
        rows = replayable(asked, hidden=hidden)
        kinds = dead_kinds(rows, hidden=hidden)
        for kind in kinds:
            what = kind.contract or "(HR's)"
            self.stdout.write(f"{kind.count:>7}  {kind.destination:<12} {what}")
        total = sum(kind.count for kind in kinds)
        if options["dry_run"]:
            self.stdout.write(f"{total} dead, none replayed: this was a dry run")
            return
        if options["batch"] < 1:
            raise CommandError("--batch: at least 1 at a time")
        done = self.replay(actor, asked, options["reason"], since, total, options["batch"])
        self.stdout.write(f"{done} replayed")

    def replay(
        self, actor: User, asked: Asked, reason: str, since: datetime, total: int, most: int
    ) -> int:
        """Batch after batch, each a transaction of its own: what was done stays done."""
        columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
        done = 0
        with Progress(*columns, console=Console(stderr=True)) as progress:
            task = progress.add_task("replayed", total=total)
            while True:
                try:
                    sent = replay_some(
                        actor=actor, asked=asked, reason=reason, since=since, most=most
                    )
                except Refused as refused:
                    raise CommandError(f"--reason: {refused.message}") from refused
                if not sent:
                    return done
                done += sent
                progress.update(task, completed=done, total=max(total, done))

    def asked(self, options: dict[str, Any]) -> Asked:
        """Which of them; days are the office's."""
        office = Office.objects.first()
        if office is None:
            raise CommandError("there is no office yet: set one up first")
        first, last = options["first"], options["last"]
        return Asked(
            destination=options["destination"],
            contract=options["contract"],
            error=options["error"],
            start=day_bounds(first, office)[0] if first else None,
            end=day_bounds(last, office)[1] if last else None,
        )

    def actor(self, username: str) -> User:
        """Who does it. Raises `CommandError`."""
        able = User.objects.holding(Permission.OPERATE_HANDOFFS).order_by("pk")
        actor = able.filter(username=username).first() if username else able.first()
        if actor is None:
            raise CommandError(
                f"{username} may not operate hand-offs"
                if username
                else "nobody here may operate hand-offs"
            )
        return actor
