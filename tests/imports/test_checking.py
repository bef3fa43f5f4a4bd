"""Checking a long file: in batches, continued where it stopped, with few rows in memory."""

from __future__ import annotations

import io
import weakref
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from openpyxl import Workbook

from officeflow.company.models import Office
from officeflow.errors import Conflict
from officeflow.imports import checking, row_reader, units
from officeflow.imports.actions import (
    check_import_file,
    choose_columns_again,
    open_import_file,
    start_import_file,
    upload_import_file,
)
from officeflow.imports.checking import check
from officeflow.imports.leases import begin_session
from officeflow.imports.mapping import ColumnMapping
from officeflow.imports.models import ImportContent, ImportFile, ImportRow
from officeflow.imports.queries import check_progress
from officeflow.imports.reading import Line
from officeflow.imports.registry import FileRow, ImportJob
from officeflow.imports.running import work
from officeflow.imports.states import ImportState
from officeflow.imports.workbooks import FilesBusy
from officeflow.staff.models import User
from tests.imports.conftest import Words, sheet

pytestmark = pytest.mark.usefixtures("office", "words")
Checking = Callable[..., ImportFile]


@pytest.fixture(autouse=True)
def _small_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    for module, name, size in (
        (checking, "LINES_AT_ONCE", 10),
        (checking, "ROWS_AT_ONCE", 10),
        (units, "UNITS_AT_ONCE", 5),
        (units, "ROWS_AT_ONCE", 10),
    ):
        monkeypatch.setattr(module, name, size)


@pytest.fixture
def checking_file(maya: User) -> Checking:
    """Uploads a file of words and lets it be checked."""

    def upload(*rows: str) -> ImportFile:
        import_file = upload_import_file(
            actor=maya, kind="words", file_name="words.csv", parts=[sheet(*rows)]
        )
        return check_import_file(
            actor=maya, import_file=import_file, mapping=ColumnMapping(**import_file.mapping)
        )

    return upload


ROWS = ["last,zebra", *(f"g{n % 20},word{n}" for n in range(60)), "g3,no", "g4,a,b,c"]


def previewed(import_file: ImportFile) -> list[tuple[int, str, int]]:
    rows = ImportRow.objects.filter(import_file=import_file).order_by("number")
    return list(rows.values_list("number", "outcome", "unit__position"))


def test_a_check_continues_behind_the_last_batch(checking_file: Checking) -> None:
    import_file = checking_file(*ROWS)
    turns = 0
    while check(import_file.number, seconds=0) is False:
        turns += 1
    import_file.refresh_from_db()
    assert (import_file.state, import_file.rows_total) == (ImportState.READY, len(ROWS))
    assert turns > 8
    whole = checking_file(*ROWS)
    assert check(whole.number, seconds=60) is True
    assert previewed(import_file) == previewed(whole)
    assert import_file.facts == {"rows": len(ROWS) - 1}
    by_position = sorted(previewed(whole), key=lambda row: row[2])
    assert by_position[-1][0] == 2, "the last unit is not the one that comes last"


def test_a_workbook_is_unpacked_once(maya: User) -> None:
    book, stream = Workbook(write_only=True), io.BytesIO()
    lines = book.create_sheet()
    for row in ["Group,Word", *ROWS]:
        lines.append(row.split(","))
    book.save(stream)
    import_file = upload_import_file(
        actor=maya, kind="words", file_name="words.xlsx", parts=[stream.getvalue()]
    )
    mapping = ColumnMapping(**import_file.mapping)
    check_import_file(actor=maya, import_file=import_file, mapping=mapping)
    assert check(import_file.number, seconds=0) is False
    import_file.refresh_from_db()
    assert import_file.rows_total == len(ROWS)
    assert check(import_file.number, seconds=60) is True


def test_a_file_waits_while_others_are_unpacked(
    checking_file: Checking, monkeypatch: pytest.MonkeyPatch
) -> None:
    import_file = checking_file(*ROWS)
    check(import_file.number, seconds=0)

    def busy(*_args: object, **_options: object) -> Iterator[Line]:
        raise FilesBusy

    with monkeypatch.context() as patched:
        patched.setattr(checking, "read_lines", busy)
        assert check(import_file.number, seconds=60) is False
    import_file.refresh_from_db()
    assert (import_file.state, import_file.rows_total) == (ImportState.CHECKING, 10)
    assert check(import_file.number, seconds=60) is True


def test_few_rows_are_in_memory_at_once(
    checking_file: Checking, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows: list[weakref.ref[FileRow]] = []
    most = 0

    def counted(**fields: Any) -> FileRow:
        nonlocal most
        row = FileRow(**fields)
        rows[:] = [each for each in rows if each() is not None]
        rows.append(weakref.ref(row))
        most = max(most, len(rows))
        return row

    monkeypatch.setattr(checking, "FileRow", counted)
    monkeypatch.setattr(row_reader, "FileRow", counted)
    monkeypatch.setattr(units, "FileRow", counted)
    import_file = checking_file(*(f"g{n},word{n}" for n in range(400)))
    assert check(import_file.number, seconds=60) is True
    assert 10 <= most <= 30


def test_a_killed_check_is_taken_over(checking_file: Checking) -> None:
    import_file = checking_file(*ROWS)
    assert begin_session(import_file.number, ImportState.CHECKING) is not None
    assert check(import_file.number, seconds=60) is None
    ImportFile.objects.update(lease_until="2026-01-01T00:00:00Z")
    assert check(import_file.number, seconds=60) is True


def test_columns_can_be_changed_until_the_import_starts(
    checking_file: Checking, maya: User
) -> None:
    import_file = checking_file(*ROWS)
    check(import_file.number, seconds=0)
    choose_columns_again(actor=maya, import_file=import_file)
    assert ImportRow.objects.count() == 0
    assert check(import_file.number, seconds=60) is None
    check_import_file(
        actor=maya,
        import_file=import_file,
        mapping=ColumnMapping(columns={"Word": [0]}, values={"Group": "all"}),
    )
    assert check(import_file.number, seconds=60) is True
    start_import_file(actor=maya, import_file=import_file)
    assert ImportContent.objects.count() == 0
    with pytest.raises(Conflict):
        choose_columns_again(actor=maya, import_file=import_file)


def test_a_file_that_cannot_be_read_goes_back_to_its_columns(
    checking_file: Checking, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(checking, "MAX_ROWS", 20)
    import_file = checking_file(*ROWS)
    assert check(import_file.number, seconds=60) is True
    import_file.refresh_from_db()
    assert (import_file.state, import_file.rows_total) == (ImportState.MAPPING, 0)
    assert "more than 20 rows" in import_file.problem
    assert ImportRow.objects.count() == 0


def test_a_long_file_is_stored_in_parts(maya: User, office: Office, words: Words) -> None:
    def parts() -> Iterator[bytes]:
        yield b"Group,Word\n"
        for n in range(60):
            yield f"g{n},{'x' * 20_000}{n}\n".encode()

    stored = upload_import_file(actor=maya, kind="words", file_name="w.csv", parts=parts())
    assert ImportContent.objects.filter(import_file=stored).count() == 2


def test_previews_of_one_session_know_the_units_before(words: Words, maya: User) -> None:
    memories: list[int] = []
    look = words.preview

    def remembering(units: Any, job: ImportJob) -> Any:
        memories.append(job.memory.setdefault("batches", 0))
        job.memory["batches"] += 1
        return look(units, job)

    words.preview = remembering  # type: ignore[method-assign]
    import_file = open_import_file(
        actor=maya, kind="words", file_name="w.csv", data=sheet(*(f"g{n},w" for n in range(12)))
    )
    assert memories == [0, 1, 2]
    start_import_file(actor=maya, import_file=import_file)
    assert work(import_file.number, seconds=60) == 12


def test_a_process_that_goes_on_remembers_the_units_before(
    words: Words, checking_file: Checking
) -> None:
    batches: list[int] = []
    look = words.preview

    def remembering(units: Any, job: ImportJob) -> Any:
        batches.append(job.memory.setdefault("batches", 0))
        job.memory["batches"] += 1
        return look(units, job)

    words.preview = remembering  # type: ignore[method-assign]
    import_file = checking_file(*(f"g{n},w{n}" for n in range(12)))
    while check(import_file.number, seconds=0) is False:
        pass
    assert batches == [0, 1, 2]


def test_the_progress_moves_with_each_batch_of_every_step(
    checking_file: Checking, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: dict[tuple[bool, bool], list[int]] = {}
    ends: dict[tuple[bool, bool], int] = {}
    guarded = checking._guarded

    def noted(session: Any, **values: object) -> None:
        guarded(session, **values)
        found = session.import_file
        step = found.is_read, found.rows_gathered > 0
        done, ends[step] = check_progress(found)
        seen.setdefault(step, []).append(done)

    monkeypatch.setattr(checking, "_guarded", noted)
    check(checking_file(*ROWS).number, seconds=60)
    assert list(seen) == [(False, False), (False, True), (True, True)]
    for step, done in seen.items():
        assert len(done) > 3
        assert done == sorted(done)
        assert done[-1] == ends[step]
