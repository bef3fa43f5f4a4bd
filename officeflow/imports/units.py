"""Reads stored units with their rows, a batch at a time, and stores the outcomes of rows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import connection
from django.db.models import Count, IntegerField, OuterRef, QuerySet, Subquery
from django.utils.translation import gettext as _

from officeflow.imports.actions import MAX_REASON_LENGTH
from officeflow.imports.models import ImportFile, ImportRow, ImportUnit
from officeflow.imports.registry import (
    FileRow,
    FileUnit,
    Importer,
    RowResult,
    UnitResult,
    refuse_all,
)
from officeflow.imports.states import RowOutcome

UNITS_AT_ONCE = 200
ROWS_AT_ONCE = 1000  # of more than one unit
MOST_ROWS = 5000  # of one unit


@dataclass(frozen=True, kw_only=True)
class StoredUnit:
    """A unit with its rows. `attempts` are those before this one.

    `refusal` is the result of a unit that no importer needs to look at, else None.
    """

    pk: int
    position: int
    attempts: int
    file_unit: FileUnit
    refusal: UnitResult | None


def next_units(
    units: QuerySet[ImportUnit], *, after: int, most: int | None = None
) -> list[StoredUnit]:
    """Returns the next units behind a position with their rows, at least one if there is any.

    There are at most `most` and `UNITS_AT_ONCE`, with `ROWS_AT_ONCE` rows together. The cells of a
    unit with more than `MOST_ROWS` rows are not read, and it is refused.
    """
    counted = (
        ImportRow.objects.filter(unit=OuterRef("pk"))
        .order_by()
        .values("unit")
        .annotate(n=Count("id"))
    )
    found = list(
        units.filter(position__gt=after)
        .annotate(size=Subquery(counted.values("n"), output_field=IntegerField()))
        .order_by("position")[: min(most or UNITS_AT_ONCE, UNITS_AT_ONCE)]
    )
    batch: list[ImportUnit] = []
    rows = 0
    for unit in found:
        rows += unit.size
        if batch and rows > ROWS_AT_ONCE:
            break
        batch.append(unit)
    return _with_rows(batch)


def _with_rows(units: Sequence[ImportUnit]) -> list[StoredUnit]:
    large = {unit.pk for unit in units if unit.size > MOST_ROWS}  # type: ignore[attr-defined]
    rows: dict[int, list[FileRow]] = {unit.pk: [] for unit in units}
    stored = ImportRow.objects.filter(unit__in=units).order_by("number")
    fields = ["unit_id", "number", "fault"]
    if not large:
        fields.append("cells")
    for unit_id, number, fault, *cells in stored.values_list(*fields):
        rows[unit_id].append(
            FileRow(number=number, cells=(cells[0] if cells else None) or {}, fault=fault)
        )
    return [_stored(unit, rows[unit.pk], is_large=unit.pk in large) for unit in units]


def _stored(unit: ImportUnit, rows: Sequence[FileRow], *, is_large: bool) -> StoredUnit:
    file_unit = FileUnit(reference=unit.reference, rows=tuple(rows))
    refusal = None
    if is_large:
        reason = _("At most %(most)d rows can belong together.") % {"most": MOST_ROWS}
        refusal = refuse_all(file_unit, reason)
    elif all(row.fault for row in rows):
        refusal = UnitResult(
            rows=[
                RowResult(number=row.number, outcome=RowOutcome.REFUSED, reason=row.fault)
                for row in rows
            ]
        )
    return StoredUnit(
        pk=unit.pk,
        position=unit.position,
        attempts=unit.attempts,
        file_unit=file_unit,
        refusal=refusal,
    )


def check_rows(importer: Importer, unit: FileUnit, result: UnitResult) -> None:
    """Raises an error when an importer forgot a row of a unit."""
    if sorted(each.number for each in result.rows) != sorted(row.number for row in unit.rows):
        raise AssertionError(f"{type(importer).__name__} lost a row of {unit.reference}")


def write_outcomes(import_file: ImportFile, results: Sequence[RowResult], *, is_done: bool) -> None:
    """Stores outcomes of rows in one statement: final ones, or previewed ones."""
    if not results:
        return
    with connection.cursor() as cursor:
        cursor.execute(
            """
            UPDATE imports_importrow AS row
            SET outcome = found.outcome, reason = found.reason, reference = found.reference,
                is_warning = found.is_warning, is_done = %s
            FROM unnest(%s::int[], %s::text[], %s::text[], %s::text[], %s::bool[])
                AS found(number, outcome, reason, reference, is_warning)
            WHERE row.import_file_id = %s AND row.number = found.number
            """,
            [
                is_done,
                [each.number for each in results],
                [each.outcome.value for each in results],
                [each.reason[:MAX_REASON_LENGTH] for each in results],
                [each.reference for each in results],
                [each.is_warning for each in results],
                import_file.pk,
            ],
        )
