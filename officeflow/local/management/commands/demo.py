"""Creates the demo company, or prints its sign-ins."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from officeflow.company.queries import find_office
from officeflow.local.demo.demo_company import DemoIncomplete, create_demo_company
from officeflow.local.demo.people import sign_ins
from officeflow.local.run_options import DEMO_DAYS, MAX_DEMO_DAYS
from officeflow.staff.management import needs_tables


class Command(BaseCommand):
    help = "Fills an empty office with a demo company; does nothing when an office is set up."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--sign-ins",
            action="store_true",
            help="only print one line for each role: role, user and password",
        )
        parser.add_argument(
            "--days",
            type=int,
            default=DEMO_DAYS,
            help=f"the days of the company's history ({DEMO_DAYS})",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        needs_tables()
        if options["sign_ins"]:
            self._print_sign_ins()
            return
        if not 1 <= options["days"] <= MAX_DEMO_DAYS:
            raise CommandError(f"--days is a number from 1 to {MAX_DEMO_DAYS}")
        try:
            made = create_demo_company(
                lambda step: self.stderr.write(f"demo: {step}"), days=options["days"]
            )
        except DemoIncomplete as error:
            raise CommandError(f"the demo company could not be created: {error}") from error
        self.stderr.write(
            "demo: the demo company is ready" if made else "demo: this office is already set up"
        )

    def _print_sign_ins(self) -> None:
        office = find_office()
        if office is None or not office.is_demo:
            self.stderr.write("demo: this office is not the demo company")
            return
        for each in sign_ins():
            self.stdout.write(f"{each.role.value}\t{each.username}\t{each.password}")
