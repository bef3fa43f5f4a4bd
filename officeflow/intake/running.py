"""The work on a file: unit by unit, each in its own transaction, by one process at a time.

A worker, a command or the page that looks on may do it, each for as long as it likes. Whoever
works holds the intake's lease; one that was killed loses it after `LEASE_SECONDS`, and the next
goes on with the first unit that is pending. A process that comes back late finds that the
intake is not its own any more and changes nothing.
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
from officeflow.intake.actions import MOST_REASON, new_worker
from officeflow.intake.models import Intake, IntakeRow, IntakeUnit
from officeflow.intake.registry import (
    Importer,
    Job,
    Result,
    Row,
    RowResult,
    Unit,
    importer_of,
    refuse_all,
)
from officeflow.intake.states import IntakeState, Outcome

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

    intake: Intake
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
        log.info("intake.lease_lost", intake=number)
    finally:
        _release(turn)
    return turn.done


def is_left_alone(intake: Intake) -> bool:
    """Whether nobody has worked on a running file for some seconds."""
    if not intake.is_running:
        return False
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT coalesce(lease_until, '-infinity') + make_interval(secs => %s)"
            " < clock_timestamp() FROM intake_intake WHERE id = %s",
            [0 if intake.worker else PATIENCE_SECONDS, intake.pk],
        )
        row = cursor.fetchone()
    return bool(row and row[0])


def _begin(number: str) -> Turn | None:
    """Takes the lease, if it can be had."""
    intake = Intake.objects.select_related("uploaded_by").filter(number=number).first()
    if intake is None or not intake.is_running:
        return None
    job = Job(actor=intake.uploaded_by, source=intake.source, facts=intake.facts)
    turn = Turn(intake=intake, importer=importer_of(intake.kind), job=job)
    with connection.cursor() as cursor:
        cursor.execute(
            """
            UPDATE intake_intake SET worker = %(worker)s,
                lease_until = clock_timestamp() + make_interval(secs => %(lease)s)
            WHERE id = %(id)s AND state = 'running'
              AND (worker = '' OR lease_until < clock_timestamp())
            """,
            {"worker": turn.worker, "lease": LEASE_SECONDS, "id": intake.pk},
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
            UPDATE intake_intake
            SET lease_until = clock_timestamp() + make_interval(secs => %(lease)s)
            WHERE id = %(id)s AND state = 'running' AND worker = %(worker)s
            """,
            {"lease": LEASE_SECONDS, "id": turn.intake.pk, "worker": turn.worker},
        )
        if not cursor.rowcount:
            raise LeaseLost
        cursor.execute(
            """
            UPDATE intake_intakeunit SET attempts = attempts + 1
            WHERE id = (
                SELECT id FROM intake_intakeunit WHERE intake_id = %s AND NOT is_done
                ORDER BY position LIMIT 1 FOR UPDATE SKIP LOCKED
            )
            RETURNING id
            """,
            [turn.intake.pk],
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
            "intake.attempt_failed",
            intake=turn.intake.number,
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
    held = Intake.objects.select_for_update(no_key=True).filter(
        pk=turn.intake.pk, worker=turn.worker, state=IntakeState.RUNNING
    )
    if not held.exists():
        raise LeaseLost
    kept = IntakeUnit.objects.select_for_update().get(pk=unit_id)
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


def _write(turn: Turn, kept: IntakeUnit, unit: Unit, result: Result) -> None:
    """The outcome of each row, the unit's end and the intake's counts, with what they tell of."""
    if sorted(each.number for each in result.rows) != [row.number for row in unit.rows]:
        raise AssertionError(f"{type(turn.importer).__name__} lost a row of {unit.reference}")
    alike: dict[tuple[str, str, str], list[int]] = {}
    for each in result.rows:
        what = (each.outcome.value, each.reason[:MOST_REASON], each.reference)
        alike.setdefault(what, []).append(each.number)
    for (outcome, reason, reference), numbers in alike.items():
        IntakeRow.objects.filter(unit=kept, number__in=numbers).update(
            is_done=True, outcome=outcome, reason=reason, reference=reference
        )
    IntakeUnit.objects.filter(pk=kept.pk).update(is_done=True)
    intake = Intake.objects.get(pk=turn.intake.pk)
    made = dict(intake.made)
    for name, count in result.made.items():
        made[name] = made.get(name, 0) + count
    counts = dict.fromkeys(Outcome, 0)
    for each in result.rows:
        counts[each.outcome] += 1
    Intake.objects.filter(pk=intake.pk).update(
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
    intake = Intake.objects.select_for_update().get(pk=turn.intake.pk)
    if intake.worker != turn.worker or not intake.is_running:
        raise LeaseLost
    counted = dict(
        IntakeRow.objects.filter(intake=intake, is_done=True)
        .values_list("outcome")
        .annotate(Count("id"))
    )
    intake.rows_taken = counted.get(Outcome.TAKEN, 0)
    intake.rows_refused = counted.get(Outcome.REFUSED, 0)
    intake.rows_there = counted.get(Outcome.THERE, 0)
    intake.state = IntakeState.FINISHED
    intake.finished_at = timezone.now()
    intake.worker = ""
    intake.version += 1
    intake.save()  # a constraint refuses a finished file whose rows do not add up
    record(
        actor=turn.job.actor,
        action="finish_intake",
        subject_kind="intake",
        subject=intake.number,
        changes={
            "state": (IntakeState.RUNNING.value, intake.state),
            "taken": (None, intake.rows_taken),
            "refused": (None, intake.rows_refused),
            "there": (None, intake.rows_there),
        },
    )


def _release(turn: Turn) -> None:
    """Gives the lease back; from now on a page that looks on counts how long it lies still."""
    try:
        with connection.cursor() as cursor:
            cursor.execute(
                "UPDATE intake_intake SET worker = '', lease_until = clock_timestamp() "
                "WHERE id = %s AND worker = %s",
                [turn.intake.pk, turn.worker],
            )
    except DatabaseError as error:  # PostgreSQL is away: the lease ends by itself
        log.warning("intake.release_failed", error=type(error).__name__)
