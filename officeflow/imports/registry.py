"""The importers, one for each kind of file; apps register theirs in `AppConfig.ready()`.

class ProductFile(Importer):
    kind = "products"
    ...

register(ProductFile())
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar

from officeflow.imports.states import RowOutcome
from officeflow.permissions import Permission

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

    from officeflow.staff.models import User


@dataclass(frozen=True, kw_only=True)
class ImportColumn:
    """A column that an importer reads; `name` is the template's heading and the cells' key.

    A heading of a file matches `name` or one of `aliases`, without regard to case, spaces and
    punctuation. `meaning` explains the column on the upload page. `is_number` marks a column whose
    cells are read as numbers when the file is read; importers get them with a decimal point.
    """

    name: str
    meaning: StrOrPromise
    required: bool = False
    aliases: tuple[str, ...] = ()
    example: str = ""
    is_number: bool = False


@dataclass(frozen=True, kw_only=True)
class FileRow:
    """A row of a file. `number` is its line, from 1 with the headings, as in a spreadsheet.

    `cells` maps each column of the importer to its text, empty when the file lacks the column. A
    row with a `fault` is refused for that reason without the importer.
    """

    number: int
    cells: Mapping[str, str]
    fault: str = ""

    def __getitem__(self, column: str) -> str:
        return self.cells[column]


@dataclass(frozen=True, kw_only=True)
class FileUnit:
    """Rows that are imported together in one transaction: an order with its lines, or one row.

    `reference` names the unit in its file, such as an order's number there.
    """

    reference: str
    rows: tuple[FileRow, ...]


@dataclass(frozen=True, kw_only=True)
class RowResult:
    """The outcome of a row, or its preview. `reason` says why, or what was created.

    `reference` is the number of the record that the row became part of (`SO-000123`).
    """

    number: int
    outcome: RowOutcome
    reason: str = ""
    reference: str = ""


@dataclass(frozen=True, kw_only=True)
class UnitResult:
    """The outcome of a unit: a result for each of its rows, and the counts of created records.

    `made` maps names of `Importer.made_labels` to counts: `{"orders": 1, "products": 3}`.
    """

    rows: Sequence[RowResult]
    made: Mapping[str, int] = field(default_factory=dict)


def refuse_all(unit: FileUnit, reason: str) -> UnitResult:
    """Returns a result that refuses every row of the unit for one reason."""
    return UnitResult(
        rows=[
            RowResult(number=row.number, outcome=RowOutcome.REFUSED, reason=reason)
            for row in unit.rows
        ]
    )


@dataclass(kw_only=True)
class ImportJob:
    """The context of an import, passed to each call of an importer.

    `facts` is the result of `Importer.facts` for the whole file. `memory` is a cache for the
    importer, which is cleared whenever a unit is rolled back.
    """

    actor: User
    source: str
    facts: Mapping[str, Any]
    memory: dict[str, Any] = field(default_factory=dict)


class Importer(ABC):
    """Imports one kind of file by calling actions."""

    kind: ClassVar[str]  # part of URLs
    label: ClassVar[StrOrPromise]  # "Orders"
    explanation: ClassVar[StrOrPromise]  # one or two sentences for the upload page
    permission: ClassVar[Permission]
    columns: ClassVar[tuple[ImportColumn, ...]]
    # The permission to open the records that rows became; None when no further one is needed.
    link_permission: ClassVar[Permission | None] = None
    icon: ClassVar[str] = "external"
    # The default source: units are recognised by source and reference. Empty for records with keys
    # of their own; then the form has no field for the source.
    default_source: ClassVar[str] = ""
    # Labels of the counts in `UnitResult.made`, in display order.
    made_labels: ClassVar[Mapping[str, StrOrPromise]] = {}

    def group(self, rows: Sequence[FileRow]) -> Iterable[FileUnit]:
        """Returns the units in the order of the import, by default one for each row.

        Every row must be in exactly one unit.
        """
        return [FileUnit(reference=str(row.number), rows=(row,)) for row in rows]

    def facts(self, rows: Sequence[FileRow]) -> dict[str, Any]:
        """Returns what units need to know about the whole file, as JSON; stored with the file."""
        return {}

    def remarks(self, job: ImportJob) -> list[str]:
        """Returns notes for the preview, such as how prices are read."""
        return []

    @abstractmethod
    def preview(self, units: Sequence[FileUnit], job: ImportJob) -> list[UnitResult]:
        """Returns what `import_unit` would do with each unit now. Writes nothing.

        Called once with all units of a file, so that an importer can query all of them at once.
        """

    @abstractmethod
    def import_unit(self, unit: FileUnit, job: ImportJob) -> UnitResult:
        """Imports one unit, in its own transaction, by calling actions.

        Returns a result for each row. `Refused` or `Conflict` rolls the unit back and refuses all
        of its rows with the exception's message. A unit that was imported before (by its
        reference or the record's own key) gives `RowOutcome.EXISTING`.
        """

    def link(self, reference: str) -> str:
        """Returns the URL of the record with this reference; empty when it has no page."""
        return ""


IMPORTERS: dict[str, Importer] = {}


def register(importer: Importer) -> None:
    """Registers the importer of a kind of file."""
    IMPORTERS[importer.kind] = importer


def importer_of(kind: str) -> Importer:
    """Returns the importer of a kind. Raises `KeyError`."""
    return IMPORTERS[kind]


def importers_for(user: Any) -> list[Importer]:
    """Returns the importers that a person may use, by label."""
    allowed = [each for each in IMPORTERS.values() if user.may(each.permission)]
    return sorted(allowed, key=lambda each: str(each.label))
