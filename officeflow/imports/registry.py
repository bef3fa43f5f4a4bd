"""The importers, one a kind of file; apps register theirs in `AppConfig.ready()`.

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
    """A column of a file. `name` is the heading in the template and the key of the cell.

    Headings are compared without case, spaces and signs, with `name` and with each of `aliases`.
    """

    name: str
    meaning: StrOrPromise
    required: bool = False
    aliases: tuple[str, ...] = ()
    example: str = ""


@dataclass(frozen=True, kw_only=True)
class FileRow:
    """A row of a file. `number` counts from 1 with the headings, as a
    spreadsheet does; `cells` has each column of the importer, empty where the file has none.

    `fault` says why the row is refused before an importer sees it.
    """

    number: int
    cells: Mapping[str, str]
    fault: str = ""

    def __getitem__(self, column: str) -> str:
        return self.cells[column]


@dataclass(frozen=True, kw_only=True)
class FileUnit:
    """Rows that are imported together, in one transaction: an order with its lines, or one row.

    `reference` names it in its file, such as the order's number there.
    """

    reference: str
    rows: tuple[FileRow, ...]


@dataclass(frozen=True, kw_only=True)
class RowResult:
    """The outcome of a row, or its preview. `reason` says why, or what was created;
    `reference` is the number of the record that it went into (`SO-000123`).
    """

    number: int
    outcome: RowOutcome
    reason: str = ""
    reference: str = ""


@dataclass(frozen=True, kw_only=True)
class UnitResult:
    """The outcome of a unit: one result for each of its rows, and how many records of what kind
    were created (`{"orders": 1, "products": 3}`), by the names of `Importer.made_labels`.
    """

    rows: Sequence[RowResult]
    made: Mapping[str, int] = field(default_factory=dict)


def refuse_all(unit: FileUnit, reason: str) -> UnitResult:
    """A result that refuses every row of the unit for one reason."""
    return UnitResult(
        rows=[
            RowResult(number=row.number, outcome=RowOutcome.REFUSED, reason=reason)
            for row in unit.rows
        ]
    )


@dataclass(kw_only=True)
class ImportJob:
    """The context of an import: passed to each call of an importer.

    `facts` is the result of `Importer.facts` for the whole file. `memory` is a cache for the
    importer; it is cleared whenever a unit is rolled back, so that it never holds what did not
    happen.
    """

    actor: User
    source: str
    facts: Mapping[str, Any]
    memory: dict[str, Any] = field(default_factory=dict)


class Importer(ABC):
    """Imports one kind of file by calling the actions that the pages use too."""

    kind: ClassVar[str]  # stands in addresses
    label: ClassVar[StrOrPromise]  # "Orders"
    explanation: ClassVar[StrOrPromise]  # one or two sentences for the upload page
    permission: ClassVar[Permission]
    columns: ClassVar[tuple[ImportColumn, ...]]
    # The permission to open the records that rows became; None when no further one is needed.
    link_permission: ClassVar[Permission | None] = None
    icon: ClassVar[str] = "external"
    # Where files come from by default: imported units are known by source and reference. Empty
    # for records with keys of their own; then the form has no field for the source.
    default_source: ClassVar[str] = ""
    # Labels of the counts in `UnitResult.made`, in display order.
    made_labels: ClassVar[Mapping[str, StrOrPromise]] = {}

    def group(self, rows: Sequence[FileRow]) -> Iterable[FileUnit]:
        """The units in the order of the import; each row by itself unless
        an importer says otherwise. Every row stands in exactly one unit.
        """
        return [FileUnit(reference=str(row.number), rows=(row,)) for row in rows]

    def facts(self, rows: Sequence[FileRow]) -> dict[str, Any]:
        """What a unit must know of the whole file, as JSON; stored with the file."""
        return {}

    def remarks(self, job: ImportJob) -> list[str]:
        """What a person should know before starting the import, such as how prices are read."""
        return []

    @abstractmethod
    def preview(self, units: Sequence[FileUnit], job: ImportJob) -> list[UnitResult]:
        """What `import_unit` would do with each unit as things stand. Writes nothing.

        All units of a file come in one call, so ask the database for all of them at once.
        """

    @abstractmethod
    def import_unit(self, unit: FileUnit, job: ImportJob) -> UnitResult:
        """Imports one unit, in its own transaction, by calling actions.

        Returns a result for each row. `Refused` or `Conflict` rolls the unit back and refuses all
        of its rows with the exception's message. A unit that was imported before (by its
        reference or the record's own key) gives `RowOutcome.EXISTING`.
        """

    def link(self, reference: str) -> str:
        """The address of the record that a row became; empty when it has no page."""
        return ""


IMPORTERS: dict[str, Importer] = {}


def register(importer: Importer) -> None:
    """Registers the importer of a kind of file."""
    IMPORTERS[importer.kind] = importer


def importer_of(kind: str) -> Importer:
    """The importer of a kind. Raises `KeyError`."""
    return IMPORTERS[kind]


def importers_for(user: Any) -> list[Importer]:
    """The importers a person may use, by label."""
    allowed = [each for each in IMPORTERS.values() if user.may(each.permission)]
    return sorted(allowed, key=lambda each: str(each.label))
