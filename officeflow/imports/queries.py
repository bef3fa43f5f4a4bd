"""What the pages show: the files, their rows, how they add up."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Count, QuerySet

from officeflow.imports.models import ImportFile, ImportRow
from officeflow.imports.registry import importer_of, importers_for
from officeflow.imports.states import ImportState, Outcome

PREVIEWED = 20
LATEST = 20  # files among which those of today are looked for


def import_files_for(user: Any) -> QuerySet[ImportFile]:
    """The files of the kinds that somebody may read in; all others are not there for them."""
    kinds = [each.kind for each in importers_for(user)]
    return ImportFile.objects.filter(kind__in=kinds).select_related("uploaded_by")


def unfinished(*, kind: str, source: str, digest: str) -> ImportFile | None:
    """The latest file of exactly this file that can still be begun or gone on with."""
    return (
        ImportFile.objects.filter(
            kind=kind,
            source=source,
            file_digest=digest,
            state__in=[ImportState.READY, ImportState.RUNNING, ImportState.STOPPED],
        )
        .order_by("-id")
        .first()
    )


def earlier_import_file(import_file: ImportFile) -> ImportFile | None:
    """The latest time that the very same file was read in before, if it was."""
    return (
        ImportFile.objects.filter(
            kind=import_file.kind,
            source=import_file.source,
            file_digest=import_file.file_digest,
            state=ImportState.FINISHED,
            id__lt=import_file.pk,
        )
        .order_by("-id")
        .first()
    )


@dataclass(frozen=True, kw_only=True)
class Tally:
    """The rows of a file by outcome, counted one by one; `rows` is how many the file had."""

    taken: int
    refused: int
    there: int
    rows: int

    @property
    def is_whole(self) -> bool:
        """Whether no row is missing."""
        return self.taken + self.refused + self.there == self.rows


def tally(import_file: ImportFile) -> Tally:
    """Counts the rows themselves, of a finished file as of one that was only looked through."""
    counted = dict(
        ImportRow.objects.filter(import_file=import_file)
        .values_list("outcome")
        .annotate(Count("id"))
    )
    return Tally(
        taken=counted.get(Outcome.TAKEN, 0),
        refused=counted.get(Outcome.REFUSED, 0),
        there=counted.get(Outcome.THERE, 0),
        rows=import_file.rows_total,
    )


def rows_of(import_file: ImportFile, outcome: str = "") -> QuerySet[ImportRow]:
    """The rows in the order of the file, perhaps only those of one outcome."""
    rows = (
        ImportRow.objects.filter(import_file=import_file).select_related("unit").order_by("number")
    )
    return rows.filter(outcome=outcome) if outcome else rows


@dataclass(frozen=True, kw_only=True)
class ReadIn:
    """What one file made since a moment, and of which days it tells, where its importer says so
    (`facts["days"]`, the first and the last).
    """

    number: str
    made: dict[str, int]
    first_day: date | None
    last_day: date | None


def read_in_since(kind: str, start: datetime) -> list[ReadIn]:
    """The latest files of a kind that were begun or finished since a moment, newest first."""
    latest = (
        ImportFile.objects.filter(kind=kind)
        .order_by("-id")
        .values("number", "made", "started_at", "finished_at", "facts__days")[:LATEST]
    )
    found = []
    for each in latest:
        moments = [at for at in (each["started_at"], each["finished_at"]) if at is not None]
        if not moments or max(moments) < start:
            continue
        days = [date.fromisoformat(day) for day in each["facts__days"] or ()]
        found.append(
            ReadIn(
                number=each["number"],
                made=each["made"],
                first_day=days[0] if days else None,
                last_day=days[-1] if days else None,
            )
        )
    return found


@dataclass(frozen=True, kw_only=True)
class Made:
    """How many records of a kind a file made."""

    label: Any
    count: int


def made_by(import_file: ImportFile) -> list[Made]:
    """What the file made so far, in the importer's words and order."""
    labels = importer_of(import_file.kind).made_labels
    return [
        Made(label=label, count=import_file.made[name])
        for name, label in labels.items()
        if import_file.made.get(name)
    ]
