"""`manage.py import_products FILE`: imports products."""

from officeflow.imports.command import ImportCommand


class Command(ImportCommand):
    kind = "products"
    help = "Imports products (CSV or XLSX): a new code adds a product, a known code changes it."
