"""`manage.py look_through`: looks through everything for what breaks the equation."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import connection

from officeflow.dashboards.consistency import corridor_breaks, effect_breaks
from officeflow.handoff.models import Destination
from officeflow.handoff.queries import balance


class Command(BaseCommand):
    help = "Looks through all hand-offs, orders and complaints; names each that does not come out."

    def handle(self, *args: Any, **options: Any) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SET statement_timeout = 0")  # it takes what an office of years takes
        now = balance()
        self.stdout.write(
            f"posted {now.posted}: applied {now.applied}, waiting {now.waiting}, "
            f"dead {now.dead}, set aside {now.set_aside}"
        )
        breaks = [*corridor_breaks(), *effect_breaks()]
        for each in breaks:
            # What is sealed in HR is not told to whoever has a shell.
            subject = "" if each.destination is Destination.HR else f" {each.subject}"
            self.stdout.write(f"{each.destination.value}{subject}: {each.what}")
        if breaks or not now.balanced:
            raise CommandError(f"{len(breaks) or 1} do not come out")
        self.stdout.write("nothing is lost, and nothing is there twice")
