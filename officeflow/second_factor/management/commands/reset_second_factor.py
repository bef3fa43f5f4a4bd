"""Removes a second factor, for an administrator whom no other administrator can help."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from officeflow.errors import Conflict
from officeflow.second_factor.actions import reset_second_factor
from officeflow.staff.management import needs_tables, person_named


class Command(BaseCommand):
    help = "Removes a person's second factor, who is told."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("username", metavar="NAME", help="the user name")

    def handle(self, *args: Any, **options: Any) -> None:
        needs_tables()
        user = person_named(options["username"])
        try:
            reset_second_factor(actor=None, user=user)
        except Conflict as conflict:
            raise CommandError(conflict.message) from conflict
        self.stderr.write(f"The second factor of {user.username} is removed.")
