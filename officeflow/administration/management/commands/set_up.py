"""Sets up an office: its settings and its first administrator."""

from __future__ import annotations

from argparse import ArgumentParser, ArgumentTypeError
from decimal import Decimal, InvalidOperation
from getpass import getpass
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from officeflow.administration.actions import NewOffice, NewRate, Owner, set_up_with_owner
from officeflow.company.actions import OfficeSettings
from officeflow.errors import Conflict, Refused
from officeflow.staff.management import needs_tables


def rate(text: str) -> NewRate:
    """Parses a rate such as `Standard=20`."""
    name, _, percent = text.rpartition("=")
    try:
        return NewRate(name.strip(), Decimal(percent.strip().rstrip("%")) / 100)
    except InvalidOperation as error:
        raise ArgumentTypeError(f"{text!r} is not a rate; write Standard=20") from error


class Command(BaseCommand):
    help = "Sets up the office with its first administrator."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--name", required=True, help="the office's name")
        parser.add_argument("--time-zone", required=True, help="such as Europe/London")
        parser.add_argument("--currency", required=True, help="such as EUR (ISO 4217)")
        parser.add_argument("--language", default="en", help="such as en-gb or en-de")
        parser.add_argument("--site", help="the first site's name; by default the office's")
        parser.add_argument("--address", default="", help="the first site's address")
        parser.add_argument("--phone", default="")
        parser.add_argument("--office-email", default="", help="the office's e-mail address")
        parser.add_argument("--tax-number", default="")
        parser.add_argument(
            "--tax",
            action="append",
            default=[],
            type=rate,
            metavar="NAME=PERCENT",
            help="a tax rate such as Standard=20; repeatable, the first is the standard rate",
        )
        parser.add_argument(
            "--prices-without-tax", action="store_true", help="prices do not include tax"
        )
        parser.add_argument("--username", required=True, help="the first administrator's user name")
        parser.add_argument("--full-name", required=True, help="the first administrator's name")
        parser.add_argument("--email", default="")
        parser.add_argument("--password", help="read from the terminal when not given")

    def handle(self, *args: Any, **options: Any) -> None:
        needs_tables()
        password = options["password"] or getpass("Password of the first administrator: ")
        try:
            set_up_with_owner(
                owner=Owner(
                    username=options["username"],
                    full_name=options["full_name"],
                    email=options["email"],
                    password=password,
                ),
                new=NewOffice(
                    settings=OfficeSettings(
                        name=options["name"],
                        time_zone=options["time_zone"],
                        currency=options["currency"],
                        language=options["language"],
                        site_name=options["site"] or options["name"],
                        site_address=options["address"],
                        phone=options.get("phone") or "",
                        email=options.get("office_email") or "",
                        tax_number=options.get("tax_number") or "",
                    ),
                    rates=tuple(options.get("tax") or ()),
                    prices_include_tax=not options.get("prices_without_tax"),
                ),
            )
        except (Refused, Conflict) as refused:
            raise CommandError(str(refused.message)) from refused
        self.stderr.write(f"{options['name']} is set up; {options['username']} can sign in")
