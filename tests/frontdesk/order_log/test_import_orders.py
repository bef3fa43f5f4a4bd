"""The command `import_orders`."""

from __future__ import annotations

import os
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from frontdesk.orders.models import Order
from officeflow.company.models import Office
from officeflow.imports.actions import open_import_file, start_import_file, stop_import_file
from officeflow.imports.models import ImportFile
from officeflow.imports.running import work
from officeflow.imports.states import ImportState
from officeflow.staff.models import User
from tests.frontdesk.order_log.test_order_log import EXCERPT


@pytest.fixture(autouse=True)
def _in_an_office(office: Office, maya: User, tmp_path: Path, settings: Any) -> None:
    settings.VAR_DIR = tmp_path / "var"


def run(*arguments: str, **options: object) -> dict[str, str]:
    out = StringIO()
    call_command("import_orders", *arguments, stdout=out, **options)
    pairs = (line.split("  ", 1) for line in out.getvalue().splitlines())
    return {name.strip(): value.strip() for name, value in pairs}


def test_the_command_imports_applies_and_reports() -> None:
    said = run(str(EXCERPT))
    assert said["rows"] == "43"
    assert (said["imported"], said["refused"], said["already there"]) == ("36", "7", "0")
    assert (said["orders"], said["complaints"]) == ("10", "4")
    assert (said["waiting hand-offs"], said["dead hand-offs"]) == ("0", "0")
    report = Path(said["report"]).read_text("utf-8-sig").splitlines()
    assert len(report) == 44
    assert set(Order.objects.values_list("billing_state", flat=True)) == {"invoiced"}
    assert run(str(EXCERPT))["imported"] == "0"


def test_a_dry_run_writes_nothing() -> None:
    said = run(str(EXCERPT), dry_run=True)
    assert (said["to import"], said["refused"], said["already there"]) == ("36", "7", "0")
    assert ImportFile.objects.count() == Order.objects.count() == 0


def test_orders_that_are_done_are_recorded() -> None:
    said = run(str(EXCERPT), "--done")
    assert (said["orders"], said["past orders"], said["complaints"]) == ("0", "10", "0")
    assert said["waiting hand-offs"] == "0"
    said = run(str(EXCERPT), "--done-before", "2011-01-01", "--source", "another shop")
    some, rest = int(said["orders"]), int(said["past orders"])
    assert some > 0
    assert some + rest == 10


def test_a_stopped_import_is_continued(maya: User) -> None:
    import_file = open_import_file(
        actor=maya, kind="orders", file_name=EXCERPT.name, data=EXCERPT.read_bytes()
    )
    start_import_file(actor=maya, import_file=import_file)
    work(import_file.number, seconds=0)
    stop_import_file(actor=maya, import_file=import_file)
    assert run(str(EXCERPT))["import_file"] == import_file.number
    import_file.refresh_from_db()
    assert (import_file.state, import_file.rows_imported) == (ImportState.FINISHED, 36)


def test_a_file_name_is_relative_to_the_callers_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "log.csv").write_bytes(EXCERPT.read_bytes())
    monkeypatch.setenv("PWD", str(tmp_path))
    assert run("log.csv", dry_run=True)["rows"] == "43"


@pytest.mark.parametrize(
    ("content", "words"),
    [(None, "no such file"), (b"", "empty"), (b"a,b\n1,2", "for: Order number")],
)
def test_an_unusable_file_is_reported_in_one_line(
    tmp_path: Path, content: bytes | None, words: str
) -> None:
    path = tmp_path / "log.csv"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(CommandError, match=words) as caught:
        run(str(path))
    assert os.linesep not in str(caught.value)


def test_a_folder_or_an_unknown_user_is_refused(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="is a folder"):
        run(str(tmp_path))
    with pytest.raises(CommandError, match="may not import orders"):
        run(str(EXCERPT), by="rita")
