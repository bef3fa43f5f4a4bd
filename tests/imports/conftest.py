"""An importer for tests: every row is a word, and some words fail."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

import pytest

from officeflow.company.models import Office
from officeflow.errors import Refused
from officeflow.imports import registry
from officeflow.imports.actions import open_import_file, start_import_file
from officeflow.imports.models import ImportFile
from officeflow.imports.registry import (
    FileRow,
    FileUnit,
    ImportColumn,
    Importer,
    ImportJob,
    RowResult,
    UnitResult,
)
from officeflow.imports.states import RowOutcome
from officeflow.permissions import Permission
from officeflow.staff.models import User


class Words(Importer):
    """Imports words by group: `error` raises an error, `no` is refused, a known word exists."""

    kind = "words"
    label = "Words"
    explanation = "Words, for tests."
    permission = Permission.IMPORT_ORDERS
    default_source = "dictionary"
    made_labels = {"words": "Words"}
    columns = (
        ImportColumn(name="Group", meaning="which words go together", required=True),
        ImportColumn(name="Word", meaning="the word", required=True, aliases=("Term",)),
        ImportColumn(name="Note", meaning="whatever"),
    )

    def __init__(self) -> None:
        self.known: set[str] = set()
        self.before_import: Callable[[FileUnit], None] = lambda unit: None

    def reference_of(self, row: FileRow) -> str:
        return row["Group"]

    def comes_last(self, reference: str) -> bool:
        return reference == "last"

    def facts(self, rows: Iterable[FileRow], job: ImportJob) -> dict[str, Any]:
        return {"rows": sum(1 for _row in rows)}

    def preview(self, units: Sequence[FileUnit], job: ImportJob) -> list[UnitResult]:
        return [self._look(unit) for unit in units]

    def import_unit(self, unit: FileUnit, job: ImportJob) -> UnitResult:
        self.before_import(unit)
        if any(row["Word"] == "error" for row in unit.rows):
            raise RuntimeError("error")
        if any(row["Word"] == "strike" for row in unit.rows):
            raise Refused("We are on strike.")
        result = self._look(unit)
        self.known.update(row["Word"] for row in unit.rows if row["Word"] != "no")
        return result

    def _look(self, unit: FileUnit) -> UnitResult:
        rows = []
        for row in unit.rows:
            word = row["Word"]
            if word == "no":
                rows.append(RowResult(number=row.number, outcome=RowOutcome.REFUSED, reason="No."))
            else:
                there = word in self.known
                outcome = RowOutcome.EXISTING if there else RowOutcome.IMPORTED
                rows.append(RowResult(number=row.number, outcome=outcome, reference=word))
        made = sum(each.outcome == RowOutcome.IMPORTED for each in rows)
        return UnitResult(rows=rows, made={"words": made})


@pytest.fixture
def words(monkeypatch: pytest.MonkeyPatch) -> Words:
    importer = Words()
    monkeypatch.setitem(registry.IMPORTERS, "words", importer)
    return importer


def sheet(*rows: str) -> bytes:
    """A file of words: each row is `group,word`."""
    return "\n".join(["Group,Word", *rows]).encode()


@pytest.fixture
def opened(words: Words, maya: User, office: Office) -> Callable[..., ImportFile]:
    """Opens a file of words and starts it."""

    def open_words(*rows: str, start: bool = True) -> ImportFile:
        import_file = open_import_file(
            actor=maya, kind="words", file_name="words.csv", data=sheet(*rows)
        )
        return start_import_file(actor=maya, import_file=import_file) if start else import_file

    return open_words
