"""Running an import: every row gets an outcome, however often it is interrupted."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from officeflow.audit.models import AuditEntry
from officeflow.celery import app
from officeflow.errors import Conflict
from officeflow.imports import running, tasks
from officeflow.imports.actions import discard_import_file, start_import_file, stop_import_file
from officeflow.imports.leases import LeaseLost, begin_session, is_idle
from officeflow.imports.models import ImportFile, ImportRow
from officeflow.imports.registry import FileUnit
from officeflow.imports.running import work
from officeflow.imports.states import ImportState, RowOutcome
from officeflow.staff.models import User
from tests.imports.conftest import Words

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
    unit_id = running._claim(turn)
    ImportFile.objects.update(worker="somebody else")
    with pytest.raises(LeaseLost):
        running._import_unit(turn, unit_id or 0)
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


def test_stopping_during_a_session_ends_it(opened: Opened, words: Words, maya: User) -> None:
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
    for _unit in range(2):
        unit_id = running._claim(begin)
        running._attempt(begin, unit_id or 0)
    assert seen == [{}, {}]


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
