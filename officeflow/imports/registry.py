"""What can be imported. An app registers an importer for its kind of file in `AppConfig.ready()`.

class ProductFile(Importer):
    kind = "products"
    ...

register(ProductFile())
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar

from officeflow.imports.states import Outcome
from officeflow.permissions import Permission

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

    from officeflow.staff.models import User


@dataclass(frozen=True, kw_only=True)
class Column:
    """A column of the file. `name` is the heading of the template and the key of the cell.

    Headings are compared without case, spaces and signs, with `name` and with each of `aliases`.
    """

    name: str
    meaning: StrOrPromise
    required: bool = False
    aliases: tuple[str, ...] = ()
    example: str = ""


@dataclass(frozen=True, kw_only=True)
class Row:
    """One row as it stands in the file. `number` counts from 1 with the headings, as a
    spreadsheet does; `cells` has each column of the importer, empty where the file has none.

    `fault` says why the machinery itself refuses the row; importers never see such a row.
    """

    number: int
    cells: Mapping[str, str]
    fault: str = ""

    def __getitem__(self, column: str) -> str:
        return self.cells[column]


@dataclass(frozen=True, kw_only=True)
class Unit:
    """Rows that are taken together, in one transaction: an order with its lines, or one row.

    `reference` names it in its file, such as the order's number there.
    """

    reference: str
    rows: tuple[Row, ...]


@dataclass(frozen=True, kw_only=True)
class RowResult:
    """What became of a row, or would. `reason` says in words why, or what was made of it;
    `reference` is the number of the record that it went into (`SO-000123`).
    """

    number: int
    outcome: Outcome
    reason: str = ""
    reference: str = ""


@dataclass(frozen=True, kw_only=True)
class Result:
    """What became of a unit: one result for each of its rows, and how many records of what kind
    were made (`{"orders": 1, "products": 3}`), by the names of `Importer.made_labels`.
    """

    rows: Sequence[RowResult]
    made: Mapping[str, int] = field(default_factory=dict)


def refuse_all(unit: Unit, reason: str) -> Result:
    """Every row of the unit refused for one reason."""
    return Result(
        rows=[
            RowResult(number=row.number, outcome=Outcome.REFUSED, reason=reason)
            for row in unit.rows
        ]
    )


@dataclass(kw_only=True)
class Job:
    """Who reads what from where: given to each call of an importer.

    `facts` is what `Importer.facts` found in the whole file. `memory` is the importer's own, for
    what it need not ask twice; it is emptied whenever a unit is rolled back, so that it never
    holds what did not happen.
    """

    actor: User
    source: str
    facts: Mapping[str, Any]
    memory: dict[str, Any] = field(default_factory=dict)


class Importer(ABC):
    """Turns rows of one kind of file into calls of the actions that the pages use too."""

    kind: ClassVar[str]  # stands in addresses
    label: ClassVar[StrOrPromise]  # "Orders"
    explanation: ClassVar[StrOrPromise]  # one or two sentences for the upload page
    permission: ClassVar[Permission]
    columns: ClassVar[tuple[Column, ...]]
    # What one needs to open the records that rows went into; nothing more when it is None.
    link_permission: ClassVar[Permission | None] = None
    icon: ClassVar[str] = "external"
    # Where the file comes from: what was taken is remembered by source and reference. An
    # importer whose records have keys of their own leaves it empty, and nobody is asked.
    default_source: ClassVar[str] = ""
    # Words for the counts in `Result.made`, in the order in which they are shown.
    made_labels: ClassVar[Mapping[str, StrOrPromise]] = {}

    def group(self, rows: Sequence[Row]) -> Iterable[Unit]:
        """The units in the order in which they are to be taken; each row by itself unless
        an importer says otherwise. Every row stands in exactly one unit.
        """
        return [Unit(reference=str(row.number), rows=(row,)) for row in rows]

    def facts(self, rows: Sequence[Row]) -> dict[str, Any]:
        """What a unit must know of the whole file, as JSON; kept with the import_file."""
        return {}

    def remarks(self, job: Job) -> list[str]:
        """What a person should know before the file is taken, such as how prices are read."""
        return []

    @abstractmethod
    def preview(self, units: Sequence[Unit], job: Job) -> list[Result]:
        """What `take` would do with each unit as things stand. Writes nothing.

        All units of a file come in one call, so ask the database for all of them at once.
        """

    @abstractmethod
    def take(self, unit: Unit, job: Job) -> Result:
        """Takes one unit, inside its own transaction, through the actions of its app.

        Gives a result for each row. `Refused` or `Conflict` rolls the unit back and refuses all
        of its rows in the exception's words. A unit that was taken before (by its reference, by
        the record's own key) is answered with `Outcome.THERE`, whoever took it.
        """

    def link(self, reference: str) -> str:
        """The address of a record that a row went into; empty when there is no page."""
        return ""


IMPORTERS: dict[str, Importer] = {}


def register(importer: Importer) -> None:
    """Makes a kind of file known; once a kind."""
    IMPORTERS[importer.kind] = importer


def importer_of(kind: str) -> Importer:
    """The importer of a kind. Raises `KeyError`."""
    return IMPORTERS[kind]


def importers_for(user: Any) -> list[Importer]:
    """What somebody may read in, by label."""
    allowed = [each for each in IMPORTERS.values() if user.may(each.permission)]
    return sorted(allowed, key=lambda each: str(each.label))


def permissions() -> tuple[Permission, ...]:
    """The permissions any one of which opens the pages."""
    return tuple(dict.fromkeys(each.permission for each in IMPORTERS.values()))


def counted(results: Iterable[Result]) -> Counter[str]:
    """How many records of each kind the results made."""
    made: Counter[str] = Counter()
    for result in results:
        made.update(result.made)
    return made
