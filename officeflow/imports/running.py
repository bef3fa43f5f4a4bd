"""Imports a file in batches of units, by one process at a time.

A batch is one transaction of about a second with a savepoint for each unit: the error of one unit
loses no other, and locks are short. The outcomes are stored in the same transaction, so that
nothing is imported twice. The units of a batch that fails, or whose process is killed, are then
imported one by one.

A worker, a command or the page that watches the import may run it, each for as long as it likes.
The running process holds the file's lease (`leases`). When it is killed, the next process continues
with the first pending unit.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import structlog
from django.db import DatabaseError, InterfaceError, OperationalError, connection, transaction
from django.db.models import Count, F
from django.utils import timezone
from django.utils.translation import gettext as _

from officeflow.audit.actions import record, record_in_batches
from officeflow.audit.models import AuditEntry
from officeflow.company.queries import cached_office, get_office
from officeflow.errors import Conflict, Refused
from officeflow.imports.leases import ImportSession, LeaseLost, renew_lease, working_session
from officeflow.imports.models import ImportFile, ImportRow, ImportUnit
from officeflow.imports.registry import UnitResult, refuse_all
from officeflow.imports.states import ImportState, RowOutcome
from officeflow.imports.units import StoredUnit, check_rows, next_units, write_outcomes

log = structlog.get_logger(__name__)

MAX_ATTEMPTS = 3
BATCH_SECONDS = 1.0
UNITS_TOGETHER = 50
# Less than PostgreSQL's deadlock_timeout of a second, so that of an import and a person who wait
# for each other it is the import that gives way.
LOCK_MILLISECONDS = 500
LOCK_ERRORS = ("55P03", "40P01")  # lock_not_available, deadlock_detected


def work(
    number: str,
    *,
    seconds: float,
    after: Callable[[ImportSession], None] = lambda session: None,
    alive: Callable[[], None] = lambda: None,
    in_turn: bool = False,
) -> int | None:
    """Imports units of a running file for some seconds, in the language of the office.

    Returns their number, or None when the import is not running or another process has the
    lease. `after` is called after each batch, `alive` before. With `in_turn` it works only while no
    other process does. The lease is released at the end in
    any case.
    """
    with working_session(number, ImportState.RUNNING, in_turn=in_turn) as session:
        if session is None:
            return None
        session.alive = alive
        deadline = time.monotonic() + seconds
        while True:
            batch = _claim(session)
            if not batch:
                _finish(session)
                break
            _attempt(session, batch, min(deadline, time.monotonic() + BATCH_SECONDS))
            after(session)
            if time.monotonic() >= deadline:
                break
    return session.done


@transaction.atomic
def _claim(session: ImportSession) -> list[StoredUnit]:
    """Renews the lease, counts an attempt at the next pending units and returns them.

    Commits before the attempt, so that an attempt that kills its process is counted. A unit that
    was attempted before comes alone. Raises `LeaseLost`.
    """
    renew_lease(session, ImportState.RUNNING)
    pending = ImportUnit.objects.filter(import_file=session.import_file, is_done=False)
    batch = next_units(pending, after=session.position, most=session.most_units)
    if not batch and session.position >= 0:  # those that failed further up
        batch = next_units(pending, after=-1)
    if batch and batch[0].attempts:
        batch = batch[:1]
    new = [place for place, unit in enumerate(batch) if place and unit.attempts]
    batch = batch[: new[0]] if new else batch
    ImportUnit.objects.filter(pk__in=[unit.pk for unit in batch]).update(attempts=F("attempts") + 1)
    return batch


def _attempt(session: ImportSession, batch: Sequence[StoredUnit], until: float) -> None:
    """Imports a batch. After an unexpected error its units stay pending."""
    try:
        session.done += _import_batch(session, batch, until)
    except LeaseLost:
        raise
    except Exception as error:
        if _is_connection_lost(error):
            raise
        session.job.memory.clear()
        session.position = batch[0].position - 1
        _log_failure(session, batch, error)


@transaction.atomic
def _import_batch(session: ImportSession, batch: Sequence[StoredUnit], until: float) -> int:
    """Imports units until a moment of the monotonic clock, at least one; returns their number.

    Raises `LeaseLost`.
    """
    if len(batch) > 1:
        with connection.cursor() as cursor:
            cursor.execute(f"SET LOCAL lock_timeout = {LOCK_MILLISECONDS}")
    # Locked until the commit, so that no process takes over the lease during a batch, and
    # `stop_import_file` waits for it.
    held = ImportFile.objects.select_for_update(no_key=True).filter(
        pk=session.import_file.pk, worker=session.worker, state=ImportState.RUNNING
    )
    if not held.exists():
        raise LeaseLost
    session.job.memory.clear()  # what others have changed since the last transaction
    with cached_office(get_office()), record_in_batches(size=None) as entries:
        done, failed, left = _Batch(session, batch, entries).run(until)
    if left:
        ImportUnit.objects.filter(pk__in=[unit.pk for unit in left]).update(
            attempts=F("attempts") - 1
        )
    _write(session, done)
    # Not many more units are prepared than there is time for.
    session.most_units = max(UNITS_TOGETHER, len(done) if left else 2 * len(done))
    # Failed ones are attempted again at once, in their order.
    last = failed[0].position - 1 if failed else (left[0].position - 1 if left else None)
    session.position = batch[-1].position if last is None else last
    return len(done)


@dataclass
class _Batch:
    """The work on the units of one transaction. `entries` are those of the audit trail."""

    session: ImportSession
    units: Sequence[StoredUnit]
    entries: list[AuditEntry]
    is_prepared: bool = False

    def run(
        self, until: float
    ) -> tuple[list[tuple[StoredUnit, UnitResult]], list[StoredUnit], list[StoredUnit]]:
        """Returns the units with results, those that failed, and those for which no time was."""
        done: list[tuple[StoredUnit, UnitResult]] = []
        failed: list[StoredUnit] = []
        at_once = UNITS_TOGETHER if self.session.importer.imports_many else 1
        for place in range(0, len(self.units), at_once):
            if place and time.monotonic() >= until:
                return done, failed, list(self.units[place:])
            units = self.units[place : place + at_once]
            for unit, result in zip(units, self.results(place, units), strict=True):
                if result is None:
                    failed.append(unit)
                else:
                    check_rows(self.session.importer, unit.file_unit, result)
                    done.append((unit, result))
        return done, failed, []

    def results(self, place: int, units: Sequence[StoredUnit]) -> list[UnitResult | None]:
        """Returns the outcomes of units from a place on; None after an unexpected error."""
        found = {unit.pk: _refusal(unit) for unit in units}
        left = [unit for unit in units if found[unit.pk] is None]
        if len(left) > 1:
            found |= self.results_together(place, left)
            left = [unit for unit in left if found[unit.pk] is None]
        for unit in left:
            found[unit.pk] = self.result(place, unit)
        return [found[unit.pk] for unit in units]

    def results_together(
        self, place: int, units: Sequence[StoredUnit]
    ) -> dict[int, UnitResult | None]:
        """Returns the outcomes of units imported in one savepoint, by their keys.

        Returns nothing when one of them fails or is refused by an exception.
        """
        self.prepare(place)
        written = len(self.entries)
        try:
            with transaction.atomic():
                results = self.session.importer.import_units(
                    [unit.file_unit for unit in units], self.session.job
                )
        except Exception as error:
            if self.is_at_its_end(error):
                raise
            self.forget(written)
            return {}
        return {unit.pk: result for unit, result in zip(units, results, strict=True)}

    def result(self, place: int, unit: StoredUnit) -> UnitResult | None:
        """Returns the outcome of one unit; None after an unexpected error."""
        self.prepare(place)
        written = len(self.entries)
        try:
            with transaction.atomic():
                return self.session.importer.import_unit(unit.file_unit, self.session.job)
        except (Refused, Conflict) as refused:
            self.forget(written)
            return refuse_all(unit.file_unit, str(refused.message))
        except Exception as error:
            if self.is_at_its_end(error):
                raise
            self.forget(written)
            _log_failure(self.session, [unit], error)
            return None

    def is_at_its_end(self, error: Exception) -> bool:
        """Returns whether a batch cannot go on: without PostgreSQL, or while others have locks."""
        return _is_connection_lost(error) or (len(self.units) > 1 and _is_locked(error))

    def prepare(self, place: int) -> None:
        """Prepares the units from a place on, unless they are prepared."""
        if not self.is_prepared:
            wanted = [each.file_unit for each in self.units[place:] if _refusal(each) is None]
            self.session.importer.prepare(wanted, self.session.job)
            self.is_prepared = True

    def forget(self, written: int) -> None:
        """Forgets what a unit that was rolled back had written."""
        del self.entries[written:]
        self.session.job.memory.clear()
        self.is_prepared = False


def _refusal(unit: StoredUnit) -> UnitResult | None:
    """Returns the result of a unit that no importer needs to look at, else None."""
    if unit.attempts < MAX_ATTEMPTS:
        return unit.refusal
    reason = _(
        "The import of this row failed %(times)d times. Ask an administrator to look for the cause "
        "in the server's log."
    )
    return refuse_all(unit.file_unit, reason % {"times": MAX_ATTEMPTS})


def _is_locked(error: Exception) -> bool:
    """Returns whether a statement waited too long for the lock of another transaction."""
    return getattr(error.__cause__, "pgcode", None) in LOCK_ERRORS


def _is_connection_lost(error: Exception) -> bool:
    """Returns whether PostgreSQL is away."""
    return isinstance(error, OperationalError | InterfaceError) and not _is_locked(error)


def _log_failure(session: ImportSession, units: Sequence[StoredUnit], error: Exception) -> None:
    log.warning(
        "import_file.attempt_failed",
        import_file=session.import_file.number,
        units=[unit.pk for unit in units[:10]],
        error=type(error).__name__,
        exc_info=not isinstance(error, DatabaseError),
    )


def _write(session: ImportSession, done: Sequence[tuple[StoredUnit, UnitResult]]) -> None:
    """Stores the outcomes of the rows, marks the units done and updates the file's counts."""
    rows = [row for _unit, result in done for row in result.rows]
    write_outcomes(session.import_file, rows, is_done=True)
    ImportUnit.objects.filter(pk__in=[unit.pk for unit, _result in done]).update(is_done=True)
    counts = Counter(row.outcome for row in rows)
    # The facts of a long file are long too.
    made = Counter(ImportFile.objects.values_list("made", flat=True).get(pk=session.import_file.pk))
    for _unit, result in done:
        made.update(result.made)
    ImportFile.objects.filter(pk=session.import_file.pk).update(
        rows_imported=F("rows_imported") + counts[RowOutcome.IMPORTED],
        rows_refused=F("rows_refused") + counts[RowOutcome.REFUSED],
        rows_existing=F("rows_existing") + counts[RowOutcome.EXISTING],
        units_done=F("units_done") + len(done),
        made=dict(made),
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
