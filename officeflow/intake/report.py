"""The report of a file: each row as it stood, what became of it, why, and where it went."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from decimal import Decimal
from pathlib import Path

from django.utils.translation import gettext_lazy as _

from officeflow.intake.models import Intake, IntakeRow
from officeflow.intake.queries import rows_of
from officeflow.intake.registry import importer_of
from officeflow.intake.states import Outcome
from officeflow.ui import export

CHUNK = 2000
# A quantity below 0, which as a text would look like the beginning of a formula.
SIGNED = re.compile(r"[-+]\d{1,12}(\.\d{1,6})?")


def columns_of(intake: Intake) -> list[export.Column[IntakeRow]]:
    """The report's own columns, and then those of the file."""
    own: list[export.Column[IntakeRow]] = [
        export.Column(_("Row"), lambda row: row.number, width=8),
        export.Column(_("Outcome"), lambda row: str(Outcome(row.outcome).label), width=14),
        export.Column(_("Reason"), lambda row: row.reason, width=48),
        export.Column(_("Went into"), lambda row: row.reference, width=14),
    ]
    columns = importer_of(intake.kind).columns
    return own + [export.Column(each.name, _cell(each.name), width=18) for each in columns]


def _cell(name: str) -> Callable[[IntakeRow], str | Decimal]:
    def value(row: IntakeRow) -> str | Decimal:
        text = (row.cells or {}).get(name, "")
        return Decimal(text) if SIGNED.fullmatch(text) else text

    return value


def lines(intake: Intake) -> Iterator[IntakeRow]:
    """Every row in the order of the file, some thousand in memory."""
    return export.in_chunks(rows_of(intake), ("number",), size=CHUNK)


def write_report(intake: Intake, path: Path) -> None:
    """Writes the report as CSV, for whoever reads in from the command line."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        export.write_csv(file, columns_of(intake), lines(intake))
