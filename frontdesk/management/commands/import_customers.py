"""`manage.py import_customers FILE`: imports customers."""

from officeflow.imports.command import ImportCommand


class Command(ImportCommand):
    kind = "customers"
    help = "Imports customers (CSV or XLSX): one row for each, without duplicates."
