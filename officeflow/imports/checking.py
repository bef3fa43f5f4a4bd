"""Checks a file: stores its rows, and previews what would become of them.

First the rows are stored, then the importer gathers its facts from all of them, then the units are
previewed in their order. Each step is written in batches, so that a file of any length needs little
memory, and a process that takes over continues behind the last batch.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal
from itertools import islice
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from officeflow.errors import Refused
from officeflow.imports.actions import MAX_REASON_LENGTH, content_of_file, delete_rows
from officeflow.imports.content import unreadable
from officeflow.imports.leases import ImportSession, LeaseLost, renew_lease, working_session
from officeflow.imports.mapping import ColumnMapping
from officeflow.imports.models import ImportFile, ImportRow, ImportUnit
from officeflow.imports.reading import MAX_ROWS, Layout, Line, read_lines
from officeflow.imports.registry import FileRow
from officeflow.imports.row_reader import RowReader, no_values
from officeflow.imports.states import ImportState, RowOutcome
from officeflow.imports.units import StoredUnit, check_rows, next_units, write_outcomes
from officeflow.imports.workbooks import FilesBusy

LINES_AT_ONCE = 1000
ROWS_AT_ONCE = 2000
LAST = 1_000_000_000  # is added to the position of a unit that comes last


def check(
    number: str,
    *,
    seconds: float,
    after: Callable[[ImportSession], None] = lambda session: None,
    alive: Callable[[], None] = lambda: None,
    in_turn: bool = False,
) -> bool | None:
    """Checks a file for some seconds; returns whether it is done.

    Returns None when the file is not being checked or another process does it. A file that cannot
    be read goes back to its columns, with the reason in `problem`. `after` is called after each
    batch, `alive` also between them. With `in_turn` it works only while no other process does.
    """
    with working_session(number, ImportState.CHECKING, in_turn=in_turn) as session:
        if session is None:
            return None
        deadline = time.monotonic() + seconds
        session.alive = alive
        _remember(session)
        try:
            for may_pause in _batches(session):
                after(session)
                if may_pause and time.monotonic() >= deadline:
                    return False
        except FilesBusy:  # a later session reads it
            return False
        except Refused as refused:
            _give_up(session, str(refused.message))
        return True
    return None


def _batches(session: ImportSession) -> Iterator[bool]:
    """Does one batch after the other; yields whether another session may continue behind it.

    The lines of a workbook are read to their end, because each session would unpack it again.
    """
    if not session.import_file.is_read:
        yield from _read(session)
        _gather(session)
    yield from _preview(session)
    _finish(session)


# --- reading ----------------------------------------------------------------------------------
def _read(session: ImportSession) -> Iterator[bool]:
    import_file = session.import_file
    layout = Layout(**import_file.layout)
    mapping = ColumnMapping(**import_file.mapping)

    def alive() -> None:
        renew_lease(session, ImportState.CHECKING)

    reader = RowReader(session.importer, import_file.headings, mapping)
    found = read_lines(content_of_file(import_file), layout, alive=alive)
    lines = _new_lines(session, reader, found)
    while batch := list(islice(lines, LINES_AT_ONCE)):
        _store(session, reader, batch)
        yield not layout.is_workbook
    if not _has_values(import_file):
        raise unreadable(_("The columns that you chose have no values."))


def _has_values(import_file: ImportFile) -> bool:
    """Returns whether a row of a file has a value that is read."""
    rows = ImportRow.objects.filter(import_file=import_file)
    return rows.exclude(fault=no_values()).exists()


def _new_lines(session: ImportSession, reader: RowReader, lines: Iterator[Line]) -> Iterator[Line]:
    """Yields the lines whose rows are not stored yet."""
    heading_line, last = session.import_file.layout["heading_line"], session.import_file.lines_read
    for line in lines:
        if line.number > max(heading_line, last):
            yield line
        elif line.number > heading_line:
            reader.filled(line)
            if line.number % LINES_AT_ONCE == 0:  # those of a long workbook take some seconds
                renew_lease(session, ImportState.CHECKING)


@transaction.atomic
def _store(session: ImportSession, reader: RowReader, lines: Sequence[Line]) -> None:
    """Stores the rows of some lines and their units."""
    import_file = session.import_file
    rows = [reader.read(line) for line in lines]
    importer = session.importer
    if import_file.rows_total + len(rows) > MAX_ROWS:
        raise unreadable(
            _("The file has more than %(most)d rows. Split it into smaller files.")
            % {"most": MAX_ROWS}
        )
    references = {
        row.number: ""
        if row.fault and (row.is_apart or not importer.keeps_faults)
        else importer.reference_of(row)[:100]
        for row in rows
    }
    known = dict(
        ImportUnit.objects.filter(
            import_file=import_file, reference__in=set(references.values()) - {""}
        ).values_list("reference", "pk")
    )
    new: dict[str, ImportUnit] = {}
    for row in rows:
        reference = references[row.number]
        if reference and (reference in known or reference in new):
            continue
        last = LAST if reference and importer.comes_last(reference) else 0
        new[reference or f"\0{row.number}"] = ImportUnit(
            import_file=import_file, position=row.number + last, reference=reference
        )
    for unit in ImportUnit.objects.bulk_create(new.values()):
        known[unit.reference or f"\0{unit.position}"] = unit.pk
    ImportRow.objects.bulk_create(
        ImportRow(
            import_file=import_file,
            unit_id=known[references[row.number] or f"\0{row.number}"],
            number=row.number,
            cells=dict(row.cells),
            fault=row.fault[:MAX_REASON_LENGTH],
            outcome=RowOutcome.REFUSED if row.fault else RowOutcome.IMPORTED,
            reason=row.fault[:MAX_REASON_LENGTH],
        )
        for row in rows
    )
    _guarded(
        session,
        lines_read=lines[-1].number,
        rows_total=import_file.rows_total + len(rows),
        units_total=import_file.units_total + len(new),
    )


def _guarded(session: ImportSession, **values: object) -> None:
    """Writes the progress of a check and renews the lease. Raises `LeaseLost`."""
    renew_lease(session, ImportState.CHECKING)
    ImportFile.objects.filter(pk=session.import_file.pk).update(**values, version=F("version") + 1)
    for name, value in values.items():
        setattr(session.import_file, name, value)


def _gather(session: ImportSession) -> None:
    """Stores the importer's facts about all rows, and shows how many it has looked at."""
    job = session.job
    job.facts = session.importer.facts(_valid_rows(session), job)
    _guarded(session, facts=job.facts, is_read=True)


def _valid_rows(session: ImportSession) -> Iterator[FileRow]:
    rows = ImportRow.objects.filter(import_file=session.import_file).order_by("number")
    rows_read = rows.values_list("number", "cells", "fault")
    last = done = 0
    while found := list(rows_read.filter(number__gt=last)[:ROWS_AT_ONCE]):
        for number, cells, fault in found:
            if not fault:
                yield FileRow(number=number, cells=cells or {})
        last, done = found[-1][0], done + len(found)
        _guarded(session, rows_gathered=done)


# --- previewing -------------------------------------------------------------------------------
# What the last session of this process knew: the file, its previewed units and the importer's
# memory of them. Without it a preview does not compare a unit with those of earlier sessions.
_last_session: tuple[int, int, dict[str, Any]] | None = None


def _remember(session: ImportSession) -> None:
    """Gives the importer what it knew when this process last worked on the file."""
    last, import_file = _last_session, session.import_file
    if last is not None and last[:2] == (import_file.pk, import_file.units_checked):
        session.job.memory = last[2]


def _preview(session: ImportSession) -> Iterator[bool]:
    import_file = session.import_file
    units = ImportUnit.objects.filter(import_file=import_file).order_by("position")
    done = import_file.units_checked
    last = -1
    if done:
        last = units.values_list("position", flat=True)[done - 1]
    while found := next_units(units, after=last):
        _preview_units(session, found, done + len(found))
        done, last = done + len(found), found[-1].position
        yield True


@transaction.atomic
def _preview_units(session: ImportSession, stored: Sequence[StoredUnit], done: int) -> None:
    units = [unit.file_unit for unit in stored if unit.refusal is None]
    results = session.importer.preview(units, session.job)
    for unit, result in zip(units, results, strict=True):
        check_rows(session.importer, unit, result)
    refusals = [unit.refusal for unit in stored if unit.refusal is not None]
    rows = [row for result in (*results, *refusals) for row in result.rows]
    write_outcomes(session.import_file, rows, is_done=False)
    sums = {name: Decimal(number) for name, number in session.import_file.sums.items()}
    for result in results:
        for name, number in result.sums.items():
            sums[name] = sums.get(name, Decimal()) + number
    _guarded(session, units_checked=done, sums={name: str(number) for name, number in sums.items()})
    global _last_session
    _last_session = session.import_file.pk, done, session.job.memory


@transaction.atomic
def _finish(session: ImportSession) -> None:
    found = _locked(session)
    found.state = ImportState.READY
    found.worker = ""
    found.version += 1
    found.save(update_fields=["state", "worker", "version"])


@transaction.atomic
def _give_up(session: ImportSession, problem: str) -> None:
    """Returns a file that cannot be read to its columns."""
    found = _locked(session)
    delete_rows(found)
    found.state, found.problem = ImportState.MAPPING, problem[:MAX_REASON_LENGTH]
    found.worker = ""
    found.version += 1
    found.save()


def _locked(session: ImportSession) -> ImportFile:
    """Returns the locked file. Raises `LeaseLost`."""
    found = ImportFile.objects.select_for_update().get(pk=session.import_file.pk)
    if found.worker != session.worker or found.state != ImportState.CHECKING:
        raise LeaseLost
    return found
