"""Prepares the database for the start of the office, in one process to start Django once."""

from __future__ import annotations

import os
from argparse import ArgumentParser
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand

from officeflow.administration.actions import issue_set_up_token

# The supervisor creates the owner's token and prints it, so that no log contains it.
OWNER_TOKEN = "OFFICEFLOW_OWNER_TOKEN"
OWNER_AWAITED = "waiting for the owner to set it up"


class Command(BaseCommand):
    help = "Migrates the database, and prepares the demo company or the owner's address."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--demo",
            type=int,
            metavar="DAYS",
            help="prepare the demo company with this many days of history",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Prints the demo's sign-ins, or that the office is not set up yet."""
        call_command("migrate", interactive=False, stdout=self.stdout, stderr=self.stderr)
        if options["demo"]:
            call_command("demo", days=options["demo"], stdout=self.stdout, stderr=self.stderr)
            call_command("demo", sign_ins=True, stdout=self.stdout, stderr=self.stderr)
        token = os.environ.get(OWNER_TOKEN, "")
        if token and issue_set_up_token(token=token) is not None:
            self.stdout.write(OWNER_AWAITED)
