"""An XLSX of some kilobytes that unpacks to very much is refused and costs this process nothing."""

from __future__ import annotations

import io
import zipfile
from time import process_time
from types import SimpleNamespace

import pytest
from openpyxl import Workbook

from officeflow.errors import Refused
from officeflow.imports import workbooks
from officeflow.imports.content import content_of
from officeflow.imports.reading import Line, find_layout, read_lines
from officeflow.imports.unpack_sheet import written
from tests.memory import memory_at_most


def book(*rows: list[object]) -> bytes:
    made = Workbook()
    for row in rows:
        made.active.append(row)
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def replaced(data: bytes, **members: bytes) -> bytes:
    """Returns a workbook with other members; `__` in a name stands for a slash."""
    out = io.BytesIO()
    other = {name.replace("__", "/") + ".xml": content for name, content in members.items()}
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w", 8) as new:
        for name in old.namelist():
            new.writestr(name, other.pop(name, None) or old.read(name))
        for name, content in other.items():
            new.writestr(name, content)
    return out.getvalue()


def lines_of(data: bytes) -> list[Line]:
    content = content_of(data)
    return list(read_lines(content, find_layout(content, ["name"])))


def refusal(data: bytes) -> str:
    with memory_at_most(30), pytest.raises(Refused) as refused:
        lines_of(data)
    return str(refused.value)


def test_millions_of_shared_strings(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workbooks, "SAMPLE_SECONDS", 2)
    strings = b'<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
    strings += b"<si><t>x</t></si>" * 4_000_000 + b"</sst>"
    types = b'<Override PartName="/xl/sharedStrings.xml" ContentType="application/vnd.openxml'
    types += b'formats-officedocument.spreadsheetml.sharedStrings+xml"/></Types>'
    data = book(["name"], ["Nora"])
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        types = archive.read("[Content_Types].xml").replace(b"</Types>", types)
    data = replaced(data, xl__sharedStrings=strings)
    data = data if types in data else replaced(data, **{"[Content_Types]": types})
    assert len(data) < 1024 * 1024
    assert "needs too much memory" in refusal(data)


def test_more_than_the_limit_unpacked() -> None:
    strings = b"<sst>" + b" " * (workbooks.MAX_UNPACKED_BYTES + 1) + b"</sst>"
    data = replaced(book(["name"], ["Nora"]), xl__sharedStrings=strings)
    assert "too large" in refusal(data)


def test_a_line_of_millions_of_cells(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workbooks, "SAMPLE_SECONDS", 2)
    cells = b'<c t="inlineStr"><is><t>x</t></is></c>' * 1_000_000
    sheet = b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
    sheet += b"<sheetData><row>" + cells + b"</row></sheetData></worksheet>"
    data = replaced(book(["name"], ["Nora"]), xl__worksheets__sheet1=sheet)
    assert "needs too much memory" in refusal(data)


def test_a_member_that_is_no_xml() -> None:
    data = replaced(book(["name"], ["Nora"]), xl__worksheets__sheet1=b"<worksheet><<")
    assert "damaged" in refusal(data)


def test_an_ordinary_sheet_is_read() -> None:
    lines = lines_of(book(["name", "more"], ["Nora", 1.5], [None], ["Zoë", 2]))
    assert [line.cells[0] for line in lines][-3:] == ["name", "Nora", "Zoë"]


def test_a_very_long_text_in_very_many_cells_is_cut_before_anything_else() -> None:
    cell = SimpleNamespace(value="a\x00 " + "x" * 1_000_000 + " ")
    began = process_time()
    assert {written(cell, 10_000) for _cell in range(5_000)} == {"a " + "x" * 9_997}
    assert process_time() - began < 1
    assert written(SimpleNamespace(value="  Nora\x00 "), 10) == "Nora"
