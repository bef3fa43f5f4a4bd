"""Opens, starts, stops and discards imports. `running` imports the rows."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from datetime import timedelta
from uuid import uuid4

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from officeflow.audit.actions import record
from officeflow.errors import Conflict, Refused
from officeflow.imports.models import ImportFile, ImportRow, ImportUnit
from officeflow.imports.reading import Table, read_table
from officeflow.imports.registry import (
    FileRow,
    FileUnit,
    Importer,
    ImportJob,
    RowResult,
    UnitResult,
    importer_of,
)
from officeflow.imports.states import IMPORT_MOVES, ImportState, RowOutcome
from officeflow.numbering import next_number
from officeflow.staff.models import User

MAX_REASON_LENGTH = 300
BATCH = 1000
SIGNS = "decimal_signs"  # the key in an import's facts
# How long the cells of a finished file are stored for its report.
CELL_RETENTION = timedelta(days=90)


@transaction.atomic
def open_import_file(
    *,
    actor: User,
    kind: str,
    file_name: str,
    data: bytes,
    source: str = "",
    decimal_sign: str = "",
) -> ImportFile:
    """Reads a file, previews and stores its rows; nothing is imported yet.

    `source` names where such files come from (by default the importer's): a record of a source
    is imported once, from whichever file. `decimal_sign` is a comma or a point for all numbers of
    the file; empty to find it in each column. Raises `Refused` (field `file` or `source`).
    """
    importer = importer_of(kind)
    source = clean_source(source, importer)
    table = read_table(data, importer.columns, decimal_sign)
    facts = {**importer.facts(valid_rows(table)), SIGNS: table.signs}
    job = ImportJob(actor=actor, source=source, facts=facts)
    units, results = preview_table(table, importer, job)
    now = timezone.now()
    import_file = ImportFile.objects.create(
        number=next_number("IN"),
        kind=kind,
        source=source,
        file_name=file_name[-200:] or kind,
        file_digest=hashlib.sha256(data).hexdigest(),
        headings=table.headings,
        unread_headings=table.unread,
        facts=job.facts,
        uploaded_by=actor,
        uploaded_at=now,
        rows_total=len(table.rows),
        units_total=len(units),
    )
    _store(import_file, units, results)
    record(
        actor=actor,
        action="open_import_file",
        subject_kind="import",
        subject=import_file.number,
        changes={"state": (None, import_file.state), "rows": (None, import_file.rows_total)},
        at=now,
    )
    drop_old_cells()
    return import_file


def clean_source(source: str, importer: Importer) -> str:
    """Returns the source, normalised. Raises `Refused`."""
    if not importer.default_source:
        return ""
    source = " ".join(source.split()) or importer.default_source
    if len(source) > 60:
        raise Refused(_("The name of a source can have at most 60 characters."), "source")
    return source


def valid_rows(table: Table) -> list[FileRow]:
    """Returns the rows without a fault; importers see only these."""
    return [row for row in table.rows if not row.fault]


def preview_table(
    table: Table, importer: Importer, job: ImportJob
) -> tuple[list[FileUnit], list[UnitResult]]:
    """Returns every unit of the file, with those of faulty rows, and the preview of each."""
    units = [_shorten(unit) for unit in importer.group(valid_rows(table))]
    previewed = importer.preview(units, job)
    faulty = [FileUnit(reference=str(row.number), rows=(row,)) for row in table.rows if row.fault]
    refused = [
        UnitResult(
            rows=[RowResult(number=row.number, outcome=RowOutcome.REFUSED, reason=row.fault)]
        )
        for unit in faulty
        for row in unit.rows
    ]
    if sum(len(unit.rows) for unit in (*units, *faulty)) != len(table.rows):
        raise AssertionError(f"{type(importer).__name__} grouped a row twice or not at all")
    return [*units, *faulty], [*previewed, *refused]


def _shorten(unit: FileUnit) -> FileUnit:
    return FileUnit(reference=unit.reference[:100], rows=unit.rows)


def _store(
    import_file: ImportFile, units: Sequence[FileUnit], results: Sequence[UnitResult]
) -> None:
    stored = ImportUnit.objects.bulk_create(
        (
            ImportUnit(import_file=import_file, position=position, reference=unit.reference)
            for position, unit in enumerate(units, start=1)
        ),
        batch_size=BATCH,
    )
    ImportRow.objects.bulk_create(
        _rows(import_file, zip(stored, units, results, strict=True)), batch_size=BATCH
    )


def _rows(
    import_file: ImportFile, found: Iterable[tuple[ImportUnit, FileUnit, UnitResult]]
) -> Iterable[ImportRow]:
    for stored, unit, result in found:
        by_number = {each.number: each for each in result.rows}
        for row in unit.rows:
            previewed = by_number[row.number]
            yield ImportRow(
                import_file=import_file,
                unit=stored,
                number=row.number,
                cells=dict(row.cells),
                fault=row.fault[:MAX_REASON_LENGTH],
                outcome=previewed.outcome,
                reason=previewed.reason[:MAX_REASON_LENGTH],
                reference=previewed.reference,
            )


@transaction.atomic
def start_import_file(*, actor: User, import_file: ImportFile) -> ImportFile:
    """Starts an import, or continues one that was stopped.

    Raises `Conflict` when it is running, finished or discarded.
    """
    current = ImportFile.objects.select_for_update().get(pk=import_file.pk)
    if current.state == ImportState.RUNNING:
        raise Conflict(_("This file is already being imported."))
    _check(current, ImportState.RUNNING)
    now = timezone.now()
    before, current.state = current.state, ImportState.RUNNING
    current.started_at = current.started_at or now
    # No process works on it yet. `running.is_idle` measures from now on.
    current.worker, current.lease_until = "", now
    current.version += 1
    current.save()
    _record_change(actor, "start_import_file", current, before)
    return current


@transaction.atomic
def stop_import_file(*, actor: User, import_file: ImportFile) -> ImportFile:
    """Stops an import after the current unit; it can be continued.

    Raises `Conflict` when it is not running.
    """
    # Waits for the current unit, whose process has locked this row.
    current = ImportFile.objects.select_for_update().get(pk=import_file.pk)
    _check(current, ImportState.STOPPED)
    before, current.state = current.state, ImportState.STOPPED
    current.worker = ""
    current.version += 1
    current.save()
    _record_change(actor, "stop_import_file", current, before)
    return current


@transaction.atomic
def discard_import_file(*, actor: User, import_file: ImportFile) -> ImportFile:
    """Discards a file of which nothing was imported, and its cells.

    Raises `Conflict` when something was imported.
    """
    current = ImportFile.objects.select_for_update().get(pk=import_file.pk)
    _check(current, ImportState.DISCARDED)
    before, current.state = current.state, ImportState.DISCARDED
    current.facts = {}
    current.version += 1
    current.save()
    ImportRow.objects.filter(import_file=current).update(cells=None)
    _record_change(actor, "discard_import_file", current, before)
    return current


def drop_old_cells() -> None:
    """Deletes the cells of files finished 90 days ago; outcomes and reasons stay."""
    now = timezone.now()
    old = ImportFile.objects.filter(
        state=ImportState.FINISHED,
        finished_at__lt=now - CELL_RETENTION,
        cells_dropped_at__isnull=True,
    )
    for import_file in old.order_by("pk")[:10]:
        ImportRow.objects.filter(import_file=import_file).update(cells=None)
        ImportFile.objects.filter(pk=import_file.pk).update(facts={}, cells_dropped_at=now)


def new_worker() -> str:
    """Returns a unique name for a process that works on a file."""
    return uuid4().hex


def _check(import_file: ImportFile, new: ImportState) -> None:
    if not IMPORT_MOVES.allows(ImportState(import_file.state), new):
        raise Conflict(
            _("You cannot do this now. The state of the file is “%(state)s”.")
            % {"state": ImportState(import_file.state).label}
        )


def _record_change(actor: User, action: str, import_file: ImportFile, before: str) -> None:
    record(
        actor=actor,
        action=action,
        subject_kind="import",
        subject=import_file.number,
        changes={"state": (before, import_file.state)},
    )
