"""The report of an import: each row with its outcome, reason and record."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from decimal import Decimal
from pathlib import Path

from django.utils.translation import gettext_lazy as _

from officeflow.imports.models import ImportFile, ImportRow
from officeflow.imports.queries import rows_of
from officeflow.imports.registry import importer_of
from officeflow.imports.states import RowOutcome
from officeflow.ui import export

CHUNK = 2000
# A signed number, which is exported as a number, because as text it would look like a formula.
SIGNED_NUMBER = re.compile(r"[-+]\d{1,12}(\.\d{1,6})?")


def columns_of(import_file: ImportFile) -> list[export.ExportColumn[ImportRow]]:
    """Returns the columns of the report, followed by those of the file."""
    own: list[export.ExportColumn[ImportRow]] = [
        export.ExportColumn(_("Row"), lambda row: row.number, width=8),
        export.ExportColumn(_("Outcome"), lambda row: str(RowOutcome(row.outcome).label), width=14),
        export.ExportColumn(_("Reason"), lambda row: row.reason, width=48),
        export.ExportColumn(_("Record"), lambda row: row.reference, width=14),
    ]
    columns = importer_of(import_file.kind).columns
    return own + [export.ExportColumn(each.name, _cell(each.name), width=18) for each in columns]


def _cell(name: str) -> Callable[[ImportRow], str | Decimal]:
    def value(row: ImportRow) -> str | Decimal:
        text = (row.cells or {}).get(name, "")
        return Decimal(text) if SIGNED_NUMBER.fullmatch(text) else text

    return value


def lines(import_file: ImportFile, show: str = "") -> Iterator[ImportRow]:
    """Yields the rows that `rows_of` gives, in the order of the file, read in chunks."""
    return export.in_chunks(rows_of(import_file, show), ("number",), size=CHUNK)


def write_report(import_file: ImportFile, path: Path) -> None:
    """Writes the report as CSV, for its owner alone to read; used by the import command."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.touch(mode=0o600)
    path.chmod(0o600)
    with path.open("wb") as file:
        export.write_csv(file, columns_of(import_file), lines(import_file))
