"""Imports a file unit by unit, each in its own transaction, by one process at a time.

A worker, a command or the page that watches the import may run it, each for as long as it likes.
The running process holds the file's lease (`leases`). When it is killed, the next process continues
with the first pending unit.
"""

from __future__ import annotations

import time
from collections.abc import Callable

import structlog
from django.db import DatabaseError, InterfaceError, OperationalError, connection, transaction
from django.db.models import Count, F
from django.utils import timezone
from django.utils.translation import gettext as _

from officeflow.audit.actions import record
from officeflow.errors import Conflict, Refused
from officeflow.imports.actions import MAX_REASON_LENGTH
from officeflow.imports.leases import ImportSession, LeaseLost, renew_lease, working_session
from officeflow.imports.models import ImportFile, ImportRow, ImportUnit
from officeflow.imports.registry import (
    FileRow,
    FileUnit,
    RowResult,
    UnitResult,
    refuse_all,
)
from officeflow.imports.states import ImportState, RowOutcome

log = structlog.get_logger(__name__)

MAX_ATTEMPTS = 3


def work(
    number: str, *, seconds: float, after: Callable[[ImportSession], None] = lambda session: None
) -> int | None:
    """Imports units of a running file for some seconds, in the language of the office.

    Returns their number, or None when the import is not running or another process has the
    lease. `after` is called after each unit. The lease is released at the end in any case.
    """
    with working_session(number, ImportState.RUNNING) as session:
        if session is None:
            return None
        deadline = time.monotonic() + seconds
        while True:
            unit_id = _claim(session)
            if unit_id is None:
                _finish(session)
                break
            _attempt(session, unit_id)
            after(session)
            if time.monotonic() >= deadline:
                break
    return session.done


@transaction.atomic
def _claim(session: ImportSession) -> int | None:
    """Renews the lease, counts an attempt at the next pending unit and returns its id, or None.

    Commits before the attempt, so that an attempt that kills its process is counted. Raises
    `LeaseLost`.
    """
    renew_lease(session, ImportState.RUNNING)
    with connection.cursor() as cursor:
        cursor.execute(
            """
            UPDATE imports_importunit SET attempts = attempts + 1
            WHERE id = (
                SELECT id FROM imports_importunit WHERE import_file_id = %s AND NOT is_done
                ORDER BY position LIMIT 1 FOR UPDATE SKIP LOCKED
            )
            RETURNING id
            """,
            [session.import_file.pk],
        )
        row = cursor.fetchone()
    return row[0] if row else None


def _attempt(session: ImportSession, unit_id: int) -> None:
    """Imports one unit in a transaction. An unexpected error is logged and leaves it pending."""
    try:
        _import_unit(session, unit_id)
    except (LeaseLost, OperationalError, InterfaceError):
        raise
    except Exception as error:
        session.job.memory.clear()
        log.warning(
            "import_file.attempt_failed",
            import_file=session.import_file.number,
            unit=unit_id,
            error=type(error).__name__,
            exc_info=not isinstance(error, DatabaseError),
        )
    else:
        session.done += 1


@transaction.atomic
def _import_unit(session: ImportSession, unit_id: int) -> None:
    # Locked until the commit, so that no process takes over the lease during a unit, and
    # `stop_import_file` waits for it.
    held = ImportFile.objects.select_for_update(no_key=True).filter(
        pk=session.import_file.pk, worker=session.worker, state=ImportState.RUNNING
    )
    if not held.exists():
        raise LeaseLost
    stored = ImportUnit.objects.select_for_update().get(pk=unit_id)
    if stored.is_done:
        return
    unit = FileUnit(
        reference=stored.reference,
        rows=tuple(
            FileRow(number=number, cells=cells or {}, fault=fault)
            for number, cells, fault in stored.rows.order_by("number").values_list(
                "number", "cells", "fault"
            )
        ),
    )
    result = _result(session, unit, stored.attempts)
    _write(session, stored, unit, result)


def _result(session: ImportSession, unit: FileUnit, attempts: int) -> UnitResult:
    if any(row.fault for row in unit.rows):
        return UnitResult(
            rows=[
                RowResult(number=row.number, outcome=RowOutcome.REFUSED, reason=row.fault)
                for row in unit.rows
            ]
        )
    if attempts > MAX_ATTEMPTS:
        return refuse_all(
            unit,
            _(
                "The import of this row failed %(times)d times. Ask an administrator to look for "
                "the cause in the server's log."
            )
            % {"times": MAX_ATTEMPTS},
        )
    try:
        with transaction.atomic():
            return session.importer.import_unit(unit, session.job)
    except (Refused, Conflict) as refused:
        session.job.memory.clear()
        return refuse_all(unit, str(refused.message))


def _write(session: ImportSession, stored: ImportUnit, unit: FileUnit, result: UnitResult) -> None:
    """Stores the outcomes of the rows, marks the unit done and updates the file's counts."""
    if sorted(each.number for each in result.rows) != [row.number for row in unit.rows]:
        raise AssertionError(f"{type(session.importer).__name__} lost a row of {unit.reference}")
    numbers_by_outcome: dict[tuple[str, str, str], list[int]] = {}
    for each in result.rows:
        key = (each.outcome.value, each.reason[:MAX_REASON_LENGTH], each.reference)
        numbers_by_outcome.setdefault(key, []).append(each.number)
    for (outcome, reason, reference), numbers in numbers_by_outcome.items():
        ImportRow.objects.filter(unit=stored, number__in=numbers).update(
            is_done=True, outcome=outcome, reason=reason, reference=reference
        )
    ImportUnit.objects.filter(pk=stored.pk).update(is_done=True)
    # The facts of a long file are long too.
    made = dict(ImportFile.objects.values_list("made", flat=True).get(pk=session.import_file.pk))
    for name, count in result.made.items():
        made[name] = made.get(name, 0) + count
    counts = dict.fromkeys(RowOutcome, 0)
    for each in result.rows:
        counts[each.outcome] += 1
    ImportFile.objects.filter(pk=session.import_file.pk).update(
        rows_imported=F("rows_imported") + counts[RowOutcome.IMPORTED],
        rows_refused=F("rows_refused") + counts[RowOutcome.REFUSED],
        rows_existing=F("rows_existing") + counts[RowOutcome.EXISTING],
        units_done=F("units_done") + 1,
        made=made,
        version=F("version") + 1,
    )


@transaction.atomic
def _finish(session: ImportSession) -> None:
    """Finishes the import with counts read from the rows. Raises `LeaseLost`."""
    import_file = ImportFile.objects.select_for_update().get(pk=session.import_file.pk)
    if import_file.worker != session.worker or not import_file.is_running:
        raise LeaseLost
    counted = dict(
        ImportRow.objects.filter(import_file=import_file, is_done=True)
        .values_list("outcome")
        .annotate(Count("id"))
    )
    import_file.rows_imported = counted.get(RowOutcome.IMPORTED, 0)
    import_file.rows_refused = counted.get(RowOutcome.REFUSED, 0)
    import_file.rows_existing = counted.get(RowOutcome.EXISTING, 0)
    import_file.state = ImportState.FINISHED
    import_file.finished_at = timezone.now()
    import_file.worker = ""
    import_file.version += 1
    import_file.save()  # a constraint refuses counts that do not add up to the rows
    record(
        actor=session.job.actor,
        action="finish_import_file",
        subject_kind="import",
        subject=import_file.number,
        changes={
            "state": (ImportState.RUNNING.value, import_file.state),
            "imported": (None, import_file.rows_imported),
            "refused": (None, import_file.rows_refused),
            "existing": (None, import_file.rows_existing),
        },
    )
