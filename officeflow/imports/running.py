"""The work on a file: unit by unit, each in its own transaction, by one process at a time.

A worker, a command or the page that looks on may do it, each for as long as it likes. Whoever
works holds the file's lease; one that was killed loses it after `LEASE_SECONDS`, and the next
goes on with the first unit that is pending. A process that comes back late finds that the
file is not its own any more and changes nothing.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field

import structlog
from django.db import DatabaseError, InterfaceError, OperationalError, connection, transaction
from django.db.models import Count, F
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from officeflow.audit.actions import record
from officeflow.company.queries import get_office
from officeflow.errors import Conflict, Refused
from officeflow.imports.actions import MOST_REASON, new_worker
from officeflow.imports.models import ImportFile, ImportRow, ImportUnit
from officeflow.imports.registry import (
    Importer,
    Job,
    Result,
    Row,
    RowResult,
    Unit,
    importer_of,
    refuse_all,
)
from officeflow.imports.states import ImportState, Outcome

log = structlog.get_logger(__name__)

LEASE_SECONDS = 10
MOST_ATTEMPTS = 3
# For how long a running file is left to the workers before a page that looks on takes part.
PATIENCE_SECONDS = 2


class LeaseLost(Exception):
    """Another process works on the file now, or somebody stopped it."""


@dataclass
class Turn:
    """One process's turn at one file. `done` counts the units that it took."""

    import_file: ImportFile
    importer: Importer
    job: Job
    worker: str = field(default_factory=new_worker)
    done: int = 0


def work(
    number: str, *, seconds: float, after: Callable[[Turn], None] = lambda turn: None
) -> int | None:
    """Takes units of a running file for some seconds, in the language of the office.

    Returns how many, or None when the file does not run or another process works on it.
    `after` is called after each unit. The lease is given back at the end, whatever happens.
    """
    turn = _begin(number)
    if turn is None:
        return None
    deadline = time.monotonic() + seconds
    try:
        with translation.override(get_office().language):
            while True:
                unit_id = _claim(turn)
                if unit_id is None:
                    _finish(turn)
                    break
                _attempt(turn, unit_id)
                after(turn)
                if time.monotonic() >= deadline:
                    break
    except LeaseLost:
        log.info("import_file.lease_lost", import_file=number)
    finally:
        _release(turn)
    return turn.done


def is_left_alone(import_file: ImportFile) -> bool:
    """Whether nobody has worked on a running file for some seconds."""
    if not import_file.is_running:
        return False
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT coalesce(lease_until, '-infinity') + make_interval(secs => %s)"
            " < clock_timestamp() FROM imports_importfile WHERE id = %s",
            [0 if import_file.worker else PATIENCE_SECONDS, import_file.pk],
        )
        row = cursor.fetchone()
    return bool(row and row[0])


def _begin(number: str) -> Turn | None:
    """Takes the lease, if it can be had."""
    import_file = ImportFile.objects.select_related("uploaded_by").filter(number=number).first()
    if import_file is None or not import_file.is_running:
        return None
    job = Job(actor=import_file.uploaded_by, source=import_file.source, facts=import_file.facts)
    turn = Turn(import_file=import_file, importer=importer_of(import_file.kind), job=job)
    with connection.cursor() as cursor:
        cursor.execute(
            """
            UPDATE imports_importfile SET worker = %(worker)s,
                lease_until = clock_timestamp() + make_interval(secs => %(lease)s)
            WHERE id = %(id)s AND state = 'running'
              AND (worker = '' OR lease_until < clock_timestamp())
            """,
            {"worker": turn.worker, "lease": LEASE_SECONDS, "id": import_file.pk},
        )
        return turn if cursor.rowcount else None


@transaction.atomic
def _claim(turn: Turn) -> int | None:
    """Renews the lease and counts an attempt at the next pending unit; commits on its own.

    So a unit that kills whoever takes it is counted all the same.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            """
            UPDATE imports_importfile
            SET lease_until = clock_timestamp() + make_interval(secs => %(lease)s)
            WHERE id = %(id)s AND state = 'running' AND worker = %(worker)s
            """,
            {"lease": LEASE_SECONDS, "id": turn.import_file.pk, "worker": turn.worker},
        )
        if not cursor.rowcount:
            raise LeaseLost
        cursor.execute(
            """
            UPDATE imports_importunit SET attempts = attempts + 1
            WHERE id = (
                SELECT id FROM imports_importunit WHERE import_file_id = %s AND NOT is_done
                ORDER BY position LIMIT 1 FOR UPDATE SKIP LOCKED
            )
            RETURNING id
            """,
            [turn.import_file.pk],
        )
        row = cursor.fetchone()
    return row[0] if row else None


def _attempt(turn: Turn, unit_id: int) -> None:
    """One unit, all or nothing. What goes wrong unforeseen leaves it pending."""
    try:
        _take(turn, unit_id)
    except (LeaseLost, OperationalError, InterfaceError):  # or PostgreSQL is away
        raise
    except Exception as error:
        turn.job.memory.clear()
        log.warning(
            "import_file.attempt_failed",
            import_file=turn.import_file.number,
            unit=unit_id,
            error=type(error).__name__,
            exc_info=not isinstance(error, DatabaseError),
        )
    else:
        turn.done += 1


@transaction.atomic
def _take(turn: Turn, unit_id: int) -> None:
    # Locked to the end: nobody takes the lease over while a unit is being taken, and whoever
    # wants to stop the file waits for it.
    held = ImportFile.objects.select_for_update(no_key=True).filter(
        pk=turn.import_file.pk, worker=turn.worker, state=ImportState.RUNNING
    )
    if not held.exists():
        raise LeaseLost
    kept = ImportUnit.objects.select_for_update().get(pk=unit_id)
    if kept.is_done:
        return
    unit = Unit(
        reference=kept.reference,
        rows=tuple(
            Row(number=number, cells=cells or {}, fault=fault)
            for number, cells, fault in kept.rows.order_by("number").values_list(
                "number", "cells", "fault"
            )
        ),
    )
    result = _result(turn, unit, kept.attempts)
    _write(turn, kept, unit, result)


def _result(turn: Turn, unit: Unit, attempts: int) -> Result:
    if any(row.fault for row in unit.rows):
        return Result(
            rows=[
                RowResult(number=row.number, outcome=Outcome.REFUSED, reason=row.fault)
                for row in unit.rows
            ]
        )
    if attempts > MOST_ATTEMPTS:
        return refuse_all(
            unit,
            _("Taking it failed %(times)d times; the log says why.") % {"times": MOST_ATTEMPTS},
        )
    try:
        with transaction.atomic():
            return turn.importer.take(unit, turn.job)
    except (Refused, Conflict) as refused:
        turn.job.memory.clear()
        return refuse_all(unit, str(refused.message))


def _write(turn: Turn, kept: ImportUnit, unit: Unit, result: Result) -> None:
    """The outcome of each row, the unit's end and the file's counts, with what they tell of."""
    if sorted(each.number for each in result.rows) != [row.number for row in unit.rows]:
        raise AssertionError(f"{type(turn.importer).__name__} lost a row of {unit.reference}")
    alike: dict[tuple[str, str, str], list[int]] = {}
    for each in result.rows:
        what = (each.outcome.value, each.reason[:MOST_REASON], each.reference)
        alike.setdefault(what, []).append(each.number)
    for (outcome, reason, reference), numbers in alike.items():
        ImportRow.objects.filter(unit=kept, number__in=numbers).update(
            is_done=True, outcome=outcome, reason=reason, reference=reference
        )
    ImportUnit.objects.filter(pk=kept.pk).update(is_done=True)
    import_file = ImportFile.objects.get(pk=turn.import_file.pk)
    made = dict(import_file.made)
    for name, count in result.made.items():
        made[name] = made.get(name, 0) + count
    counts = dict.fromkeys(Outcome, 0)
    for each in result.rows:
        counts[each.outcome] += 1
    ImportFile.objects.filter(pk=import_file.pk).update(
        rows_taken=F("rows_taken") + counts[Outcome.TAKEN],
        rows_refused=F("rows_refused") + counts[Outcome.REFUSED],
        rows_there=F("rows_there") + counts[Outcome.THERE],
        units_done=F("units_done") + 1,
        made=made,
        version=F("version") + 1,
    )


@transaction.atomic
def _finish(turn: Turn) -> None:
    """Closes the file. The rows themselves are counted once more: none may be missing."""
    import_file = ImportFile.objects.select_for_update().get(pk=turn.import_file.pk)
    if import_file.worker != turn.worker or not import_file.is_running:
        raise LeaseLost
    counted = dict(
        ImportRow.objects.filter(import_file=import_file, is_done=True)
        .values_list("outcome")
        .annotate(Count("id"))
    )
    import_file.rows_taken = counted.get(Outcome.TAKEN, 0)
    import_file.rows_refused = counted.get(Outcome.REFUSED, 0)
    import_file.rows_there = counted.get(Outcome.THERE, 0)
    import_file.state = ImportState.FINISHED
    import_file.finished_at = timezone.now()
    import_file.worker = ""
    import_file.version += 1
    import_file.save()  # a constraint refuses a finished file whose rows do not add up
    record(
        actor=turn.job.actor,
        action="finish_import_file",
        subject_kind="import",
        subject=import_file.number,
        changes={
            "state": (ImportState.RUNNING.value, import_file.state),
            "taken": (None, import_file.rows_taken),
            "refused": (None, import_file.rows_refused),
            "there": (None, import_file.rows_there),
        },
    )


def _release(turn: Turn) -> None:
    """Gives the lease back; from now on a page that looks on counts how long it lies still."""
    try:
        with connection.cursor() as cursor:
            cursor.execute(
                "UPDATE imports_importfile SET worker = '', lease_until = clock_timestamp() "
                "WHERE id = %s AND worker = %s",
                [turn.import_file.pk, turn.worker],
            )
    except DatabaseError as error:  # PostgreSQL is away: the lease ends by itself
        log.warning("import_file.release_failed", error=type(error).__name__)
