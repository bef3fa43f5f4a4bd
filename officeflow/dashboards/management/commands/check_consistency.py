"""`manage.py check_consistency`: checks every hand-off, order, complaint and roll-up."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import connection

from backoffice.tickets.reports import count_stranded
from officeflow.dashboards.consistency import (
    effect_inconsistencies,
    handoff_inconsistencies,
    stranded_tickets,
)
from officeflow.handoff.equation import balance
from officeflow.handoff.models import Destination
from officeflow.rollups import checking


class Command(BaseCommand):
    help = "Checks all hand-offs, orders, complaints and roll-ups, and lists what is inconsistent."

    def handle(self, *args: Any, **options: Any) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SET statement_timeout = 0")  # years of records take a while
        now = balance()
        self.stdout.write(
            f"posted {now.posted}: applied {now.applied}, waiting {now.waiting}, "
            f"dead {now.dead}, discarded {now.discarded}"
        )
        self.stdout.write(f"open tickets whose assignee may not work on them: {count_stranded()}")
        inconsistencies = [
            *handoff_inconsistencies(),
            *effect_inconsistencies(),
            *stranded_tickets(),
        ]
        for each in inconsistencies:
            # Subjects of HR are confidential, also to those with a shell.
            subject = "" if each.destination is Destination.HR else f" {each.subject}"
            self.stdout.write(f"{each.destination.value}{subject}: {each.problem}")
        differences = list(checking.differences())
        differences = list(checking.differences())
        for found in differences:
            self.stdout.write(
                f"roll-up {found.rollup}: {found.family} from {found.starts_at:%Y-%m-%d %H:%M} to"
                f" {found.ends_at:%Y-%m-%d %H:%M} UTC differs from its rows"
            )
        if differences:
            self.stdout.write("`manage.py rebuild_rollups` makes the roll-ups anew")
        problems = len(inconsistencies) + len(differences)
        if problems or not now.balanced:
            raise CommandError(f"inconsistent: {problems or 1}")
        self.stdout.write("consistent: nothing is lost or duplicated")
