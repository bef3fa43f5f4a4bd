"""Resets the password of a person who forgot it or was locked out."""

from __future__ import annotations

from argparse import ArgumentParser
from getpass import getpass
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from officeflow.errors import Refused
from officeflow.staff import resets
from officeflow.staff.actions import ONE_TIME_PASSWORD_LIFETIME, change_password, unlock
from officeflow.staff.addresses import office_address
from officeflow.staff.management import needs_tables, person_named


class Command(BaseCommand):
    help = "Prints a one-time link for a new password, and clears failed sign-ins."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("username", metavar="NAME", help="the user name")
        parser.add_argument(
            "--password", action="store_true", help="read a new password from the terminal"
        )
        parser.add_argument(
            "--address", default="", help="the office's address, such as https://office.example"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        needs_tables()
        user = person_named(options["username"])
        if not user.is_active:
            raise CommandError(f"The account of {user.username} is deactivated.")
        unlock(actor=None, user=user)
        if not options["password"]:
            self.stdout.write(office_address(options["address"]) + resets.reset_path(user))
            hours = resets.LINK_LIFETIME.total_seconds() / 3600
            self.stderr.write(f"The link works once, within {hours:.0f} hours.")
            return
        password = getpass("New password: ")
        if password != getpass("Repeat the password: "):
            raise CommandError("The two passwords are not the same. Nothing was changed.")
        try:
            change_password(actor=None, user=user, password=password)
        except Refused as refused:
            raise CommandError(str(refused.message)) from refused
        hours = ONE_TIME_PASSWORD_LIFETIME.total_seconds() / 3600
        self.stderr.write(
            f"The password of {user.username} is changed; their sessions have ended. It works for "
            f"one sign-in, within {hours:.0f} hours."
        )
