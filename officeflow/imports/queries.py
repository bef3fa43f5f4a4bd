"""Queries of the import pages: files, rows and counts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import connection
from django.db.models import Count, QuerySet, Sum
from django.db.models.functions import Length

from officeflow.imports.mapping import headings_digest
from officeflow.imports.models import ImportFile, ImportRow, RememberedMapping
from officeflow.imports.prices import OPTION
from officeflow.imports.registry import Question, importer_of, importers_for
from officeflow.imports.states import ImportState, RowOutcome

PREVIEW_SIZE = 20
WARNINGS = "warnings"  # what `rows_of` shows beside the outcomes
MOST_REASONS = 8
LEAST_FOR_ESTIMATE = 50  # rows done, before the time left is estimated
MAX_RECENT = 20  # files that `imported_since` considers


def import_files_for(user: Any) -> QuerySet[ImportFile]:
    """Returns the files of the kinds that a person may import."""
    kinds = [each.kind for each in importers_for(user)]
    # The facts of a long file are long too, and no page lists them.
    files = ImportFile.objects.filter(kind__in=kinds).select_related("uploaded_by")
    return files.defer("facts")


def remembered_mapping(import_file: ImportFile) -> RememberedMapping | None:
    """Returns the choices for the last file of the kind with the same headings, or None."""
    return (
        RememberedMapping.objects.select_related("import_file")
        .filter(kind=import_file.kind, headings_digest=headings_digest(import_file.headings))
        .first()
    )


def remembered_prices(import_file: ImportFile) -> str:
    """Returns the choice of prices for the last file of the same kind and source, or empty.

    The default name of a source can stand for several programs.
    """
    if import_file.source == importer_of(import_file.kind).default_source:
        return ""
    last = (
        RememberedMapping.objects.filter(kind=import_file.kind, source=import_file.source)
        .order_by("-import_file_id")
        .first()
    )
    return str(last.options.get(OPTION, "")) if last is not None else ""


def new_columns(import_file: ImportFile, remembered: RememberedMapping | None) -> list[str]:
    """Returns the proposed columns that were unknown when a mapping was remembered."""
    if remembered is None:
        return []
    known = {*remembered.known_columns, *remembered.mapping["columns"]}
    return [name for name in import_file.mapping.get("columns", ()) if name not in known]


def unfinished(*, kind: str, source: str, digest: str) -> ImportFile | None:
    """Returns the latest import of the same file that can be started or continued, or None.

    An empty source finds the file of any source.
    """
    same = ImportFile.objects.filter(source=source) if source else ImportFile.objects.all()
    return (
        same.filter(
            kind=kind,
            file_digest=digest,
            state__in=[
                ImportState.CHECKING,
                ImportState.READY,
                ImportState.RUNNING,
                ImportState.STOPPED,
            ],
        )
        .order_by("-id")
        .first()
    )


def earlier_import_file(import_file: ImportFile) -> ImportFile | None:
    """Returns the latest finished import of the same file, or None."""
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
class RowCounts:
    """The number of rows by outcome; `rows` is the number of rows of the file.

    `warnings` counts the imported rows that the person has to look at.
    """

    imported: int
    refused: int
    existing: int
    rows: int
    warnings: int

    @property
    def is_complete(self) -> bool:
        """Whether every row has an outcome."""
        return self.imported + self.refused + self.existing == self.rows


def question_of(import_file: ImportFile) -> Question | None:
    """Returns what the person is asked about a checked file, or None."""
    if import_file.state != ImportState.READY:
        return None
    sums = {name: Decimal(number) for name, number in import_file.sums.items()}
    return importer_of(import_file.kind).question(sums, import_file.options)


def content_size(import_file: ImportFile) -> int:
    """Returns the bytes of the uploaded file that are stored."""
    return import_file.contents.aggregate(bytes=Sum(Length("data")))["bytes"] or 0


def count_rows(import_file: ImportFile) -> RowCounts:
    """Counts the rows by outcome, of a finished file or of a preview."""
    counted = dict(
        ImportRow.objects.filter(import_file=import_file)
        .values_list("outcome")
        .annotate(Count("id"))
    )
    return RowCounts(
        imported=counted.get(RowOutcome.IMPORTED, 0),
        refused=counted.get(RowOutcome.REFUSED, 0),
        existing=counted.get(RowOutcome.EXISTING, 0),
        rows=import_file.rows_total,
        warnings=rows_of(import_file, WARNINGS).count(),
    )


def rows_of(import_file: ImportFile, show: str = "") -> QuerySet[ImportRow]:
    """Returns the rows in the order of the file: all, those of an outcome, or with `WARNINGS`."""
    rows = ImportRow.objects.filter(import_file=import_file).order_by("number")
    if show == WARNINGS:
        return rows.filter(is_warning=True)
    return rows.filter(outcome=show) if show else rows


@dataclass(frozen=True, kw_only=True)
class ReasonCount:
    """How many rows are refused for one reason, as the first of them says it."""

    reason: str
    rows: int
    first_row: int


def refused_reasons(import_file: ImportFile) -> list[ReasonCount]:
    """Returns the reasons for which rows are refused, the commonest `MOST_REASONS` first.

    Reasons that differ only in what they quote from the cells are one.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT (array_agg(reason ORDER BY number))[1], count(*), min(number)
            FROM imports_importrow WHERE import_file_id = %s AND outcome = 'refused'
            GROUP BY regexp_replace(reason, '“[^”]*”|[0-9]+', '', 'g')
            ORDER BY count(*) DESC, min(number) LIMIT %s
            """,
            [import_file.pk, MOST_REASONS],
        )
        return [
            ReasonCount(reason=reason, rows=rows, first_row=first)
            for reason, rows, first in cursor.fetchall()
        ]


def check_progress(import_file: ImportFile) -> tuple[int, int]:
    """Returns how far the present step of a check is, and its end; 0 when that is not known."""
    if import_file.is_read:
        return import_file.units_checked, import_file.units_total
    if import_file.rows_gathered:
        return import_file.rows_gathered, import_file.rows_total
    expected = import_file.lines_expected  # one less without a line break at the end
    return import_file.lines_read, expected and max(expected, import_file.lines_read)


def minutes_left(import_file: ImportFile, now: datetime) -> int | None:
    """Returns the minutes that a running import still takes, at least 1; None when unknown."""
    done = import_file.rows_done - import_file.rows_done_before
    if import_file.resumed_at is None or done < LEAST_FOR_ESTIMATE:
        return None
    seconds = (now - import_file.resumed_at).total_seconds() / done
    return max(1, round(seconds * (import_file.rows_total - import_file.rows_done) / 60))


@dataclass(frozen=True, kw_only=True)
class RecentImport:
    """What an import created, and the first and last day of its records.

    The days are None when the importer does not record them in `facts["days"]`.
    """

    number: str
    made: dict[str, int]
    first_day: date | None
    last_day: date | None


def imported_since(kind: str, start: datetime) -> list[RecentImport]:
    """Returns the imports of a kind that were started or finished since `start`, newest first.

    At most `MAX_RECENT` files are considered.
    """
    latest = (
        ImportFile.objects.filter(kind=kind)
        .order_by("-id")
        .values("number", "made", "started_at", "finished_at", "facts__days")[:MAX_RECENT]
    )
    found = []
    for each in latest:
        moments = [at for at in (each["started_at"], each["finished_at"]) if at is not None]
        if not moments or max(moments) < start:
            continue
        days = [date.fromisoformat(day) for day in each["facts__days"] or ()]
        found.append(
            RecentImport(
                number=each["number"],
                made=each["made"],
                first_day=days[0] if days else None,
                last_day=days[-1] if days else None,
            )
        )
    return found


@dataclass(frozen=True, kw_only=True)
class CreatedCount:
    """The number of records of a kind that an import created."""

    label: Any
    count: int


def created_counts(import_file: ImportFile) -> list[CreatedCount]:
    """Returns the counts of records created so far, in the order of the importer's labels."""
    labels = importer_of(import_file.kind).made_labels
    return [
        CreatedCount(label=label, count=import_file.made[name])
        for name, label in labels.items()
        if import_file.made.get(name)
    ]
