"""`manage.py rebuild_rollups`: makes all roll-ups anew from the rows."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand
from django.db import connection

from officeflow.rollups import filling


class Command(BaseCommand):
    help = "Makes all roll-ups anew from the rows. Pages are correct meanwhile, and slower."

    def handle(self, *args: Any, **options: Any) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SET statement_timeout = 0")
        filling.forget()
        self.stdout.write(f"{filling.fill()} hours and days made")
