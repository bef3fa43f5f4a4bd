"""Prints the address at which an empty office is set up in the browser."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.urls import reverse

from officeflow.administration.actions import issue_set_up_token
from officeflow.staff.addresses import office_address
from officeflow.staff.management import needs_tables
from officeflow.staff.tokens import new_token


class Command(BaseCommand):
    help = "Prints a new one-time address for setting up an empty office."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--address", default="", help="the office's address, such as https://office.example"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        needs_tables()
        token = new_token()
        if issue_set_up_token(token=token) is None:
            raise CommandError("This office is already set up.")
        self.stdout.write(office_address(options["address"]) + reverse("set-up", args=[token]))
        self.stderr.write(
            "The address works once, within 24 hours. Earlier addresses no longer work."
        )
