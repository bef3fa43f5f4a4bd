"""The importers, one for each kind of file; apps register theirs in `AppConfig.ready()`.

class ProductFile(Importer):
    kind = "products"
    ...

register(ProductFile())
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING, Any, ClassVar

from officeflow.imports.states import RowOutcome
from officeflow.permissions import Permission

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

    from officeflow.imports.mapping import ColumnMapping
    from officeflow.imports.reading import Sample
    from officeflow.staff.models import User


@dataclass(frozen=True, kw_only=True)
class ImportColumn:
    """A column that an importer reads; `name` is the template's heading and the cells' key.

    A heading of a file matches `name` or one of `aliases`, without regard to case, spaces and
    punctuation; of several headings that match, the one whose alias comes first is proposed.
    `meaning` explains the column on the upload page. A column with `joined_by` can be read from
    several columns of the file, and all headings that match `parts` are proposed for it when no
    alias does. `pattern` is a regular expression by which a column is recognised by its content.
    `fits` says by its cells whether a heading is to be believed. One of the columns `instead`
    stands in for a required one. In files with a certain heading others mean this column before any
    other: `names_beside` maps that heading to them. A heading in `shared` means this column when
    `recognises` says so by its cells; without it another column may have the heading as an alias.
    The headings of a column with `is_price` may have words about tax: `Price ex VAT`.
    """

    name: str
    meaning: StrOrPromise
    required: bool = False
    aliases: tuple[str, ...] = ()
    example: str = ""
    is_number: bool = False
    is_date: bool = False
    joined_by: str = ""
    parts: tuple[str, ...] = ()
    pattern: str = ""
    fits: Callable[[Sequence[str]], bool] | None = None
    instead: tuple[str, ...] = ()
    names_beside: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    shared: tuple[str, ...] = ()
    recognises: Callable[[Sequence[str]], bool] | None = None
    is_price: bool = False


@dataclass(frozen=True, kw_only=True)
class FileRow:
    """A row of a file. `number` is its line, from 1 with the headings, as in a spreadsheet.

    `cells` maps each column of the importer to its text, empty when the file lacks the column. A
    row with a `fault` is refused for that reason. It is a unit of its own, so that the importer
    never sees it, unless the importer `keeps_faults` and the row is not `is_apart`: a total,
    repeated headings, or a row without any value.
    """

    number: int
    cells: Mapping[str, str]
    fault: str = ""
    is_apart: bool = False

    def __getitem__(self, column: str) -> str:
        return self.cells.get(column, "")


@dataclass(frozen=True, kw_only=True)
class FileUnit:
    """Rows that are imported together or not at all: an order with its lines, or one row.

    `reference` names the unit in its file, such as an order's number there.
    """

    reference: str
    rows: tuple[FileRow, ...]


@dataclass(frozen=True, kw_only=True)
class RowResult:
    """The outcome of a row, or its preview. `reason` says why, or what was created.

    `reference` is the number of the record that the row became part of (`SO-000123`). With
    `is_warning` the reason is something that the person has to look at.
    """

    number: int
    outcome: RowOutcome
    reason: str = ""
    reference: str = ""
    is_warning: bool = False


@dataclass(frozen=True, kw_only=True)
class UnitResult:
    """The outcome of a unit: a result for each of its rows, and the counts of created records.

    `made` maps names of `Importer.made_labels` to counts: `{"orders": 1, "products": 3}`. `sums`
    are numbers that the preview adds up over the whole file, for `Importer.totals`.
    """

    rows: Sequence[RowResult]
    made: Mapping[str, int] = field(default_factory=dict)
    sums: Mapping[str, Decimal] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Totals:
    """Totals of the file compared with those of the records to be made, as formatted amounts.

    `compared` counts the records whose total the file has, `different` those with another one.
    """

    in_file: str
    here: str
    compared: int
    different: int


@dataclass(frozen=True, kw_only=True)
class Question:
    """A choice about rows that a check has found. `option` of the import holds the chosen one."""

    option: str
    text: str
    choices: Mapping[str, StrOrPromise]
    chosen: str


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

    `facts` is the result of `Importer.facts` for the whole file, `options` what was chosen with
    the columns, `columns` the importer's columns that the file or a value for all rows fills.
    `memory` is a cache for the importer. While units are imported it lasts for one transaction, and
    is cleared when a unit is rolled back; while they are previewed it lasts for the whole check.
    """

    actor: User
    source: str
    facts: Mapping[str, Any]
    options: Mapping[str, Any] = field(default_factory=dict)
    columns: frozenset[str] = frozenset()
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
    # The names of programs by a heading that only their files have; proposed as the source.
    sources: ClassVar[Mapping[str, str]] = {}
    # Columns whose empty cells repeat the row above while the column `repeats_within` does.
    repeats_within: ClassVar[str] = ""
    repeated: ClassVar[tuple[str, ...]] = ()
    # Headings that are ignored in a file with a certain other heading.
    ignored_beside: ClassVar[Mapping[str, tuple[str, ...]]] = {}
    # Whether a row with a fault stays in its unit, which the importer then holds back as a whole.
    keeps_faults: ClassVar[bool] = False
    # Whether `import_units` needs fewer statements than importing the units one by one.
    imports_many: ClassVar[bool] = False
    # Whether records of the file can be done already: then the person chooses which.
    has_history: ClassVar[bool] = False

    def settled(self, sample: Sample, mapping: ColumnMapping) -> ColumnMapping:
        """Returns a proposed mapping with what the columns show together; by default as it is."""
        return mapping

    def proposed_options(self, sample: Sample, mapping: ColumnMapping) -> dict[str, Any]:
        """Returns the options that the content of a file suggests."""
        return {}

    def history_note(self, sample: Sample, mapping: ColumnMapping) -> str:
        """Returns what a file says of which of its records are done; empty when it does not."""
        return ""

    def checked_options(self, options: Mapping[str, Any]) -> dict[str, Any]:
        """Returns what was chosen with the columns, as JSON. Raises `Refused` (field `options`)."""
        return {}

    def own_prices_have_tax(self) -> bool | None:
        """Returns whether the office's own prices include tax; None when the kind has no prices."""
        return None

    def price_samples(self, sample: Sample, mapping: ColumnMapping) -> dict[str, list[str]]:
        """Returns samples of a file by the choices of `prices`: what each makes of its prices."""
        return {}

    def reference_of(self, row: FileRow) -> str:
        """Returns the reference of the unit that a row belongs to, such as its order's number.

        Empty for a row that is a unit of its own.
        """
        return ""

    def comes_last(self, reference: str) -> bool:
        """Returns whether a unit is imported after all others."""
        return False

    def facts(self, rows: Iterable[FileRow], job: ImportJob) -> dict[str, Any]:
        """Returns what units need to know about the whole file, as JSON; stored with the file.

        `rows` are read as they are iterated over, because a file can have many.
        """
        return {}

    def remarks(self, job: ImportJob) -> list[str]:
        """Returns notes for the preview, such as how prices are read."""
        return []

    def totals(self, sums: Mapping[str, Decimal]) -> Totals | None:
        """Returns the compared totals by the sums of a preview; None when there is no total."""
        return None

    def question(self, sums: Mapping[str, Decimal], options: Mapping[str, Any]) -> Question | None:
        """Returns what the person is asked after a check, by the sums of its previews; or None."""
        return None

    @abstractmethod
    def preview(self, units: Sequence[FileUnit], job: ImportJob) -> list[UnitResult]:
        """Returns what `import_unit` would do with each unit now. Writes nothing.

        Called with some hundred units of a file at a time, in their order. `job.memory` is kept
        between the calls, so that a unit can be compared with those before it.
        """

    def prepare(self, units: Sequence[FileUnit], job: ImportJob) -> None:  # noqa: B027  # optional
        """Reads into `job.memory` what the units need, for all of them at once.

        Called in the transaction that imports them, before the first one and again after one was
        rolled back, so that `import_unit` finds its unit prepared. Locks that units take are taken
        here, in sorted order, so that two imports and people at the counter cannot deadlock.
        """

    @abstractmethod
    def import_unit(self, unit: FileUnit, job: ImportJob) -> UnitResult:
        """Imports one unit, in a savepoint of its own, by calling actions.

        Returns a result for each row. `Refused` or `Conflict` rolls the unit back and refuses all
        of its rows with the exception's message. A unit that was imported before (by its
        reference or the record's own key) gives `RowOutcome.EXISTING`.
        """

    def import_units(self, units: Sequence[FileUnit], job: ImportJob) -> list[UnitResult]:
        """Imports several units in one savepoint; with any exception they are imported singly."""
        return [self.import_unit(unit, job) for unit in units]

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
