"""Sheets that declare more rows than they have."""

from __future__ import annotations

import io
import zipfile

import pytest
from openpyxl import Workbook

from officeflow.errors import Refused
from officeflow.imports.reading import read_table
from officeflow.imports.registry import ImportColumn


def sheet_whose_last_row_is(number: int) -> bytes:
    book, plain, made = Workbook(), io.BytesIO(), io.BytesIO()
    for line in (["Name"], ["Nora"]):
        book.active.append(line)
    book.save(plain)
    with zipfile.ZipFile(plain) as old, zipfile.ZipFile(made, "w") as new:
        for name in old.namelist():
            content = old.read(name).replace(b'<row r="2"', b'<row r="%d"' % number)
            new.writestr(name, content)
    return made.getvalue()


def test_a_sheet_with_too_many_empty_rows_is_refused_quickly() -> None:
    columns = [ImportColumn(name="name", meaning="", required=True)]
    assert len(read_table(sheet_whose_last_row_is(50), columns).rows) == 1
    with pytest.raises(Refused, match="more than"):
        read_table(sheet_whose_last_row_is(2_000_000_000), columns)
