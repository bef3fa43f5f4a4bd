"""`manage.py import_customers FILE`: imports customers."""

from argparse import ArgumentParser
from typing import Any

from officeflow.imports.command import ImportCommand


class Command(ImportCommand):
    kind = "customers"
    help = "Imports customers (CSV or XLSX): one row for each, without duplicates."

    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        parser.add_argument(
            "--leave-out-shared",
            action="store_true",
            help="refuse rows with the phone of a customer who has another name, e-mail or number "
            "(default: add them)",
        )

    def import_options(self) -> dict[str, Any]:
        """Returns what becomes of customers who share a phone."""
        return {"shared": "leave_out" if self.options["leave_out_shared"] else "add"}
