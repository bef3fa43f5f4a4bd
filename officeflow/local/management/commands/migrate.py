"""Django's ``migrate`` with less garbage collection, which takes a third of the time off."""

from __future__ import annotations

from typing import Any

from django.core.management.commands import migrate

from officeflow.local.gc_tuning import collecting_less_often


class Command(migrate.Command):
    """Each migration creates and drops dozens of model classes; they can be collected later."""

    def handle(self, *args: Any, **options: Any) -> None:
        """Migrates the database."""
        with collecting_less_often():
            super().handle(*args, **options)
