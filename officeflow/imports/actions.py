"""Bringing a file in, starting and stopping the work on it. The work itself is in `running`."""

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
from officeflow.imports.registry import Importer, Job, Result, Row, RowResult, Unit, importer_of
from officeflow.imports.states import INTAKE_MOVES, ImportState, Outcome
from officeflow.numbering import next_number
from officeflow.staff.models import User

MOST_REASON = 300
BATCH = 1000
# For how long the cells of a finished file are kept for its report.
KEPT = timedelta(days=90)


@transaction.atomic
def open_import_file(
    *, actor: User, kind: str, file_name: str, data: bytes, source: str = ""
) -> ImportFile:
    """Reads a file, looks through all of it, and keeps its rows; nothing is taken yet.

    `source` is where such files come from (the importer's own unless given): what one of them
    brought is not taken from another. Raises `Refused` (field `file` or `source`).
    """
    importer = importer_of(kind)
    source = checked_source(source, importer)
    table = read_table(data, importer.columns)
    job = Job(actor=actor, source=source, facts=importer.facts(sound(table)))
    units, results = look_through(table, importer, job)
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
    _keep(import_file, units, results)
    record(
        actor=actor,
        action="open_import_file",
        subject_kind="import",
        subject=import_file.number,
        changes={"state": (None, import_file.state), "rows": (None, import_file.rows_total)},
        at=now,
    )
    forget_old_cells()
    return import_file


def checked_source(source: str, importer: Importer) -> str:
    """The source as it is kept. Raises `Refused`."""
    if not importer.default_source:
        return ""
    written = " ".join(source.split()) or importer.default_source
    if len(written) > 60:
        raise Refused(_("The name of a source has at most 60 characters."), "source")
    return written


def sound(table: Table) -> list[Row]:
    """The rows that an importer may see."""
    return [row for row in table.rows if not row.fault]


def look_through(table: Table, importer: Importer, job: Job) -> tuple[list[Unit], list[Result]]:
    """Every unit of the file, those of faulty rows included, and what would become of each."""
    units = [_short(unit) for unit in importer.group(sound(table))]
    foreseen = importer.preview(units, job)
    faulty = [Unit(reference=str(row.number), rows=(row,)) for row in table.rows if row.fault]
    refused = [
        Result(rows=[RowResult(number=row.number, outcome=Outcome.REFUSED, reason=row.fault)])
        for unit in faulty
        for row in unit.rows
    ]
    if sum(len(unit.rows) for unit in (*units, *faulty)) != len(table.rows):
        raise AssertionError(f"{type(importer).__name__} grouped a row twice or not at all")
    return [*units, *faulty], [*foreseen, *refused]


def _short(unit: Unit) -> Unit:
    return Unit(reference=unit.reference[:100], rows=unit.rows)


def _keep(import_file: ImportFile, units: Sequence[Unit], results: Sequence[Result]) -> None:
    kept = ImportUnit.objects.bulk_create(
        (
            ImportUnit(import_file=import_file, position=position, reference=unit.reference)
            for position, unit in enumerate(units, start=1)
        ),
        batch_size=BATCH,
    )
    ImportRow.objects.bulk_create(
        _rows(import_file, zip(kept, units, results, strict=True)), batch_size=BATCH
    )


def _rows(
    import_file: ImportFile, found: Iterable[tuple[ImportUnit, Unit, Result]]
) -> Iterable[ImportRow]:
    for kept, unit, result in found:
        by_number = {each.number: each for each in result.rows}
        for row in unit.rows:
            foreseen = by_number[row.number]
            yield ImportRow(
                import_file=import_file,
                unit=kept,
                number=row.number,
                cells=dict(row.cells),
                fault=row.fault[:MOST_REASON],
                outcome=foreseen.outcome,
                reason=foreseen.reason[:MOST_REASON],
                reference=foreseen.reference,
            )


@transaction.atomic
def start_import_file(*, actor: User, import_file: ImportFile) -> ImportFile:
    """Lets its units be taken, from the beginning or where it was stopped.

    Raises `Conflict` when it runs or is over.
    """
    current = ImportFile.objects.select_for_update().get(pk=import_file.pk)
    if current.state == ImportState.RUNNING:
        raise Conflict(_("This file is being read in already."))
    _check(current, ImportState.RUNNING)
    now = timezone.now()
    before, current.state = current.state, ImportState.RUNNING
    current.started_at = current.started_at or now
    # Nobody works on it; from now on a page that looks on counts how long.
    current.worker, current.lease_until = "", now
    current.version += 1
    current.save()
    _note(actor, "start_import_file", current, before)
    return current


@transaction.atomic
def stop_import_file(*, actor: User, import_file: ImportFile) -> ImportFile:
    """Stops after the unit that is being taken just now; what is taken stays, and it can go on.

    Raises `Conflict` when it does not run.
    """
    # Waits for the unit that is being taken: its worker holds this row.
    current = ImportFile.objects.select_for_update().get(pk=import_file.pk)
    _check(current, ImportState.STOPPED)
    before, current.state = current.state, ImportState.STOPPED
    current.worker = ""
    current.version += 1
    current.save()
    _note(actor, "stop_import_file", current, before)
    return current


@transaction.atomic
def discard_import_file(*, actor: User, import_file: ImportFile) -> ImportFile:
    """Puts a file away of which nothing was taken; its cells are dropped.

    Raises `Conflict` when something was.
    """
    current = ImportFile.objects.select_for_update().get(pk=import_file.pk)
    _check(current, ImportState.DISCARDED)
    before, current.state = current.state, ImportState.DISCARDED
    current.facts = {}
    current.version += 1
    current.save()
    ImportRow.objects.filter(import_file=current).update(cells=None)
    _note(actor, "discard_import_file", current, before)
    return current


def forget_old_cells() -> None:
    """Drops what files said whose report nobody wants any more; outcomes and reasons stay."""
    now = timezone.now()
    old = ImportFile.objects.filter(
        state=ImportState.FINISHED, finished_at__lt=now - KEPT, forgotten_at__isnull=True
    )
    for import_file in old.order_by("pk")[:10]:
        ImportRow.objects.filter(import_file=import_file).update(cells=None)
        ImportFile.objects.filter(pk=import_file.pk).update(facts={}, forgotten_at=now)


def new_worker() -> str:
    """A name for a process that is going to work on a file."""
    return uuid4().hex


def _check(import_file: ImportFile, new: ImportState) -> None:
    if not INTAKE_MOVES.allows(ImportState(import_file.state), new):
        raise Conflict(
            _("This cannot be done now: the file is “%(state)s”.")
            % {"state": ImportState(import_file.state).label}
        )


def _note(actor: User, action: str, import_file: ImportFile, before: str) -> None:
    record(
        actor=actor,
        action=action,
        subject_kind="import",
        subject=import_file.number,
        changes={"state": (before, import_file.state)},
    )
