"""What backup and restore ask of the office; people call `make backup` and `make restore`."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand

from officeflow.audit.actions import record


class Command(BaseCommand):
    help = "Records a backup in the audit trail, or brings a restored office up to date."

    def add_arguments(self, parser: ArgumentParser) -> None:
        what = parser.add_mutually_exclusive_group(required=True)
        what.add_argument("--made", metavar="NAME", help="a backup of this name was made")
        what.add_argument("--restored", metavar="NAME", help="a backup of this name was restored")

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
