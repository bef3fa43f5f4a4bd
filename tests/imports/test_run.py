"""Running an import: every row gets an outcome, however often it is interrupted."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable
from functools import partial

import pytest

from officeflow.audit.actions import record
from officeflow.audit.models import AuditEntry
from officeflow.celery import app
from officeflow.errors import Conflict
from officeflow.imports import running, tasks, units
from officeflow.imports.actions import discard_import_file, start_import_file, stop_import_file
from officeflow.imports.leases import ImportSession, LeaseLost, begin_session, is_idle
from officeflow.imports.models import ImportFile, ImportRow, ImportUnit
from officeflow.imports.registry import FileUnit
from officeflow.imports.running import work
from officeflow.imports.states import ImportState, RowOutcome
from officeflow.imports.units import StoredUnit
from officeflow.staff.models import User
from tests.imports.conftest import Words
from tests.races import at_once

Opened = Callable[..., ImportFile]


def outcomes(import_file: ImportFile) -> dict[str, str]:
    return {
        row.cells["Word"]: row.outcome
        for row in ImportRow.objects.filter(import_file=import_file).order_by("number")
    }


def test_every_row_is_imported_or_refused(opened: Opened, maya: User) -> None:
    import_file = opened("a,yes", "a,no", "b,maybe")
    assert work(import_file.number, seconds=60) == 2
    import_file.refresh_from_db()
    assert import_file.state == ImportState.FINISHED
    assert (import_file.rows_imported, import_file.rows_refused, import_file.rows_existing) == (
        2,
        1,
        0,
    )
    assert import_file.made == {"words": 2}
    assert outcomes(import_file) == {"yes": "imported", "no": "refused", "maybe": "imported"}
    assert AuditEntry.objects.filter(subject=import_file.number).count() == 4


def test_a_refusal_refuses_the_whole_unit(opened: Opened) -> None:
    import_file = opened("a,yes", "a,strike", "b,fine")
    work(import_file.number, seconds=60)
    row = ImportRow.objects.get(import_file=import_file, number=2)
    assert (row.outcome, row.reason) == (RowOutcome.REFUSED, "We are on strike.")
    assert outcomes(import_file)["fine"] == "imported"


def test_a_unit_that_always_fails_is_given_up(opened: Opened) -> None:
    import_file = opened("a,error", "b,fine")
    work(import_file.number, seconds=60)
    import_file.refresh_from_db()
    assert import_file.state == ImportState.FINISHED
    assert "failed 3 times" in ImportRow.objects.get(import_file=import_file, number=2).reason
    assert import_file.rows_imported == import_file.rows_refused == 1


def test_a_row_with_more_cells_than_headings_is_refused(opened: Opened) -> None:
    import_file = opened("a,yes,and,more", "a,fine")
    work(import_file.number, seconds=60)
    import_file.refresh_from_db()
    assert (import_file.rows_imported, import_file.rows_refused) == (1, 1)


def test_a_session_ends_and_the_next_continues(opened: Opened) -> None:
    import_file = opened("a,one", "b,two", "c,three")
    assert work(import_file.number, seconds=0) == 1
    import_file.refresh_from_db()
    assert (import_file.state, import_file.rows_done, import_file.worker) == (
        ImportState.RUNNING,
        1,
        "",
    )
    assert work(import_file.number, seconds=60) == 2
    assert work(import_file.number, seconds=60) is None


def test_one_process_works_at_a_time(opened: Opened, words: Words) -> None:
    import_file = opened("a,one", "b,two")
    turns = []
    words.before_import = lambda unit: turns.append(work(import_file.number, seconds=1))
    work(import_file.number, seconds=60)
    assert turns == [None, None]


def test_a_process_without_the_lease_changes_nothing(opened: Opened, words: Words) -> None:
    import_file = opened("a,one")
    turn = begin_session(import_file.number, ImportState.RUNNING)
    assert turn is not None
    batch = running._claim(turn)
    ImportFile.objects.update(worker="somebody else")
    with pytest.raises(LeaseLost):
        running._attempt(turn, batch, time.monotonic())
    assert words.known == set()


def test_a_killed_process_is_replaced_when_its_lease_is_over(opened: Opened) -> None:
    import_file = opened("a,one")
    assert (
        begin_session(import_file.number, ImportState.RUNNING) is not None
    )  # and was never heard of again
    assert work(import_file.number, seconds=60) is None
    assert not is_idle(ImportFile.objects.get())
    ImportFile.objects.update(lease_until="2026-01-01T00:00:00Z")
    assert is_idle(ImportFile.objects.get())
    assert work(import_file.number, seconds=60) == 1


def test_stopping_keeps_imported_rows_and_starting_continues(
    opened: Opened, words: Words, maya: User
) -> None:
    import_file = opened("a,one", "b,two", "c,three")
    work(import_file.number, seconds=0)
    stop_import_file(actor=maya, import_file=import_file)
    assert work(import_file.number, seconds=60) is None
    start_import_file(actor=maya, import_file=import_file)
    assert work(import_file.number, seconds=60) == 2
    assert words.known == {"one", "two", "three"}


def test_stopping_during_a_session_ends_it(
    opened: Opened, words: Words, maya: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(running, "BATCH_SECONDS", 0)
    import_file = opened("a,one", "b,two", "c,three")
    assert (
        work(
            import_file.number,
            seconds=60,
            after=lambda turn: stop_import_file(actor=maya, import_file=import_file),
        )
        == 1
    )
    assert words.known == {"one"}


def test_only_a_file_that_was_not_started_is_discarded(opened: Opened, maya: User) -> None:
    import_file = opened("a,one", start=False)
    discard_import_file(actor=maya, import_file=import_file)
    assert ImportRow.objects.get(import_file=import_file).cells is None
    with pytest.raises(Conflict):
        start_import_file(actor=maya, import_file=import_file)


def test_the_same_rows_again_exist_already(opened: Opened) -> None:
    work(opened("a,one", "a,no").number, seconds=60)
    again = opened("a,one", "a,no")
    work(again.number, seconds=60)
    again.refresh_from_db()
    assert (again.rows_imported, again.rows_refused, again.rows_existing) == (0, 1, 1)


def test_a_rolled_back_unit_clears_the_memory_of_the_importer(opened: Opened, words: Words) -> None:
    import_file = opened("a,strike", "b,fine")
    seen: list[dict[str, object]] = []

    def remember(unit: FileUnit) -> None:
        turn_memory = memories[-1]
        seen.append(dict(turn_memory))
        turn_memory[unit.reference] = True

    memories: list[dict[str, object]] = []
    begin = begin_session(import_file.number, ImportState.RUNNING)
    assert begin is not None
    memories.append(begin.job.memory)
    words.before_import = remember
    running._attempt(begin, running._claim(begin), time.monotonic() + 60)
    assert seen == [{}, {}]


@pytest.fixture
def batches(words: Words, monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """The units of each batch that was begun."""
    begun: list[list[str]] = []
    attempt = running._attempt

    def noted(session: ImportSession, batch: list[StoredUnit], until: float) -> None:
        begun.append([unit.file_unit.reference for unit in batch])
        attempt(session, batch, until)

    monkeypatch.setattr(running, "_attempt", noted)
    return begun


def test_units_are_imported_many_at_a_time(opened: Opened, batches: list[list[str]]) -> None:
    import_file = opened("a,one", "b,no", "c,three")
    assert work(import_file.number, seconds=60) == 3
    assert batches == [["a", "b", "c"]]
    assert not ImportUnit.objects.exclude(attempts=1).exists()


def test_an_error_of_a_unit_loses_no_other_and_is_tried_again_alone(
    opened: Opened, words: Words, batches: list[list[str]]
) -> None:
    import_file = opened("a,one", "b,error", "c,three", "d,four")
    work(import_file.number, seconds=60)
    assert batches == [["a", "b", "c", "d"], ["b"], ["b"], ["b"]]
    assert words.known == {"one", "three", "four"}
    import_file.refresh_from_db()
    assert (import_file.rows_imported, import_file.rows_refused) == (3, 1)


@pytest.mark.django_db(transaction=True)
def test_a_batch_that_fails_as_a_whole_is_imported_one_by_one(
    opened: Opened, words: Words, batches: list[list[str]]
) -> None:
    def reserve(unit: FileUnit) -> None:
        words.known.clear()  # as the transaction forgets them
        if unit.reference == "b":  # found at the commit, as the foreign keys are
            ImportUnit.objects.create(import_file_id=0, position=0, reference="x")

    words.before_import = reserve
    import_file = opened("a,one", "b,two", "c,three")
    work(import_file.number, seconds=60)
    assert batches == [["a", "b", "c"], ["a"], ["b"], ["b"], ["b"], ["c"]]
    import_file.refresh_from_db()
    assert (import_file.rows_imported, import_file.rows_refused) == (2, 1)
    assert (import_file.units_done, import_file.made) == (3, {"words": 2})


def test_a_killed_process_leaves_its_batch_to_be_imported_one_by_one(
    opened: Opened, words: Words, batches: list[list[str]]
) -> None:
    import_file = opened("a,one", "b,two")

    def kill(unit: FileUnit) -> None:
        if unit.reference == "b":
            raise SystemExit

    words.before_import = kill
    for _process in range(4):
        with contextlib.suppress(SystemExit):
            work(import_file.number, seconds=60)
    assert batches == [["a", "b"], ["a"], ["b"], ["b"], ["b"]]
    import_file.refresh_from_db()
    assert (import_file.state, import_file.rows_refused) == (ImportState.FINISHED, 1)


def test_units_for_which_a_batch_has_no_time_are_not_attempted(
    opened: Opened, batches: list[list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(running, "BATCH_SECONDS", 0)
    work(opened("a,one", "b,two", "c,three").number, seconds=60)
    assert batches == [["a", "b", "c"], ["b", "c"], ["c"]]
    assert not ImportUnit.objects.exclude(attempts=1).exists()


def test_the_audit_trail_has_no_entry_of_a_unit_that_was_rolled_back(
    opened: Opened, words: Words, maya: User
) -> None:
    def write(unit: FileUnit) -> None:
        record(actor=maya, action="say", subject_kind="word", subject=unit.reference)

    words.before_import = write
    work(opened("a,one", "b,strike", "c,error", "d,four").number, seconds=60)
    said = AuditEntry.objects.filter(action="say").order_by("pk")
    assert list(said.values_list("subject", flat=True)) == ["a", "d"]


def test_a_unit_with_very_many_rows_is_refused_without_reading_them(
    opened: Opened, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(units, "MOST_ROWS", 2)
    import_file = opened("a,one", "a,two", "a,three", "b,four")
    assert ImportRow.objects.filter(outcome=RowOutcome.REFUSED).count() == 3
    work(import_file.number, seconds=60)
    import_file.refresh_from_db()
    assert (import_file.rows_imported, import_file.rows_refused) == (1, 3)


def test_a_worker_sends_the_next_task_while_rows_are_left(
    opened: Opened, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []
    monkeypatch.setattr(tasks, "SESSION_SECONDS", 0.0)
    monkeypatch.setattr(tasks, "send_work_task", lambda number: bool(asked.append(number)))
    import_file = opened("a,one", "b,two")
    assert tasks.WORK_TASK in app.tasks
    for _turn in range(3):
        tasks.work_on(import_file.number)
    assert asked == [import_file.number, import_file.number]
    assert ImportFile.objects.get().state == ImportState.FINISHED
    tasks.work_on("IN-999999")  # a message about what is not there does no harm
    assert len(asked) == 2


def test_workers_work_on_one_file_at_a_time_and_each_file_gets_its_turn(
    opened: Opened, words: Words, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []
    monkeypatch.setattr(tasks, "SESSION_SECONDS", 0.0)
    monkeypatch.setattr(tasks, "send_work_task", lambda number: bool(asked.append(number)))
    first, second = (opened(f"{word},one", f"{word}b,two").number for word in ("a", "b"))
    others: list[bool] = []

    def tries_beside(unit: FileUnit) -> None:
        others.append(tasks.work_for(second, seconds=1, in_turn=True))
        tasks.work_on(second)  # it is left for the worker that has the turn

    words.before_import = tries_beside
    tasks.work_on(first)
    assert set(others) == {False}
    assert asked == [second]
    words.before_import = lambda unit: None
    tasks.work_on(second)
    assert asked == [second, first]
    # A killed worker's turn ends with its lease.
    assert begin_session(first, ImportState.RUNNING, in_turn=True) is not None
    assert not tasks.work_for(second, seconds=60, in_turn=True)
    ImportFile.objects.filter(number=first).update(lease_until="2026-01-01T00:00:00Z")
    assert tasks.work_for(second, seconds=60, in_turn=True)


@pytest.mark.django_db(transaction=True)
def test_of_workers_at_once_one_gets_the_turn(opened: Opened) -> None:
    numbers = [opened(f"a{n},one").number for n in range(4)]
    begun: list[bool] = []

    def begin(number: str) -> None:
        begun.append(begin_session(number, ImportState.RUNNING, in_turn=True) is not None)

    at_once(*(partial(begin, number) for number in numbers))
    assert sorted(begun) == [False, False, False, True]
