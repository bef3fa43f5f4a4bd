"""Records a backup or restore in the audit trail; `make backup` and `make restore` call it."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand

from officeflow.audit.actions import record


class Command(BaseCommand):
    help = "Records a backup in the audit trail, or migrates a restored office and records that."

    def add_arguments(self, parser: ArgumentParser) -> None:
        event = parser.add_mutually_exclusive_group(required=True)
        event.add_argument("--made", metavar="NAME", help="a backup of this name was made")
        event.add_argument("--restored", metavar="NAME", help="a backup of this name was restored")

    def handle(self, *args: Any, **options: Any) -> None:
        made, restored = options["made"], options["restored"]
        if restored:
            call_command("migrate", interactive=False, verbosity=0)
        record(
            actor=None,
            action="make_backup" if made else "restore_backup",
            subject_kind="backup",
            subject=(made or restored)[:60],
        )
