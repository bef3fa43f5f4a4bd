"""Opens an office of one's own: its settings and its first administrator."""

from __future__ import annotations

from argparse import ArgumentParser
from getpass import getpass
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from officeflow.company.actions import set_up_office
from officeflow.errors import Conflict, Refused
from officeflow.staff.actions import hire
from officeflow.staff.permissions import Role


class Command(BaseCommand):
    help = "Opens an office in an empty house, with its first administrator."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--name", required=True, help="the office's name")
        parser.add_argument("--time-zone", required=True, help="such as Europe/London")
        parser.add_argument("--currency", required=True, help="such as EUR (ISO 4217)")
        parser.add_argument("--language", default="en", help="such as en or cs")
        parser.add_argument("--site", help="the first site's name; the office's when not given")
        parser.add_argument("--address", default="", help="the first site's address")
        parser.add_argument("--username", required=True, help="the first administrator's sign-in")
        parser.add_argument("--full-name", required=True, help="the first administrator's name")
        parser.add_argument("--email", default="")
        parser.add_argument("--password", help="asked for when it is not given")

    def handle(self, *args: Any, **options: Any) -> None:
        password = options["password"] or getpass("Password of the first administrator: ")
        try:
            # Both or neither: an office without an administrator opens to nobody.
            with transaction.atomic():
                set_up_office(
                    actor=None,
                    name=options["name"],
                    time_zone=options["time_zone"],
                    currency=options["currency"],
                    language=options["language"],
                    site_name=options["site"] or options["name"],
                    site_address=options["address"],
                )
                hire(
                    actor=None,
                    username=options["username"],
                    full_name=options["full_name"],
                    email=options["email"],
                    password=password,
                    roles=[Role.ADMINISTRATOR],
                )
        except (Refused, Conflict) as refused:
            raise CommandError(str(refused.message)) from refused
        self.stderr.write(f"{options['name']} is open; {options['username']} can sign in")
