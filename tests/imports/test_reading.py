"""Reading the cells of a file: numbers, and sheets that declare more rows than they have."""

from __future__ import annotations

import io
import zipfile
from dataclasses import replace
from decimal import Decimal

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook

from officeflow.errors import Refused
from officeflow.formats import active_locale, write_number
from officeflow.imports import reading
from officeflow.imports.content import content_of
from officeflow.imports.mapping import checked_mapping
from officeflow.imports.proposals import propose
from officeflow.imports.reading import find_layout, read_lines, read_sample
from officeflow.imports.registry import FileRow, ImportColumn
from officeflow.imports.row_reader import RowReader
from officeflow.ui.export import _csv_cell
from tests.imports.conftest import Words


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


def test_a_sheet_with_too_many_empty_rows_is_refused_quickly(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(reading, "MAX_LINES", 1000)
    content = content_of(sheet_whose_last_row_is(50))
    assert [line.number for line in read_lines(content, find_layout(content, []))] == [1, 50]
    content = content_of(sheet_whose_last_row_is(2_000_000_000))
    with pytest.raises(Refused, match="more than"):
        list(read_lines(content, find_layout(content, [])))


class Priced(Words):
    """An importer of prices."""

    columns = (
        ImportColumn(name="code", meaning="", required=True),
        ImportColumn(name="price", meaning="", is_number=True),
        ImportColumn(name="share", meaning="", is_number=True),
    )


def read_prices(data: bytes, decimal_sign: str = "") -> tuple[list[FileRow], dict[str, str]]:
    """Returns the rows of a file and the decimal signs of its columns."""
    content, importer = content_of(data), Priced()
    layout = find_layout(content, ["code", "price", "share"])
    sample = read_sample(content, layout)
    chosen = replace(propose(importer, sample), decimal_sign=decimal_sign)
    mapping = checked_mapping(importer, sample, chosen)
    reader = RowReader(importer, sample.headings, mapping)
    rows = [reader.read(line) for line in sample.lines]
    return rows, mapping.signs


def prices(*cells: str, decimal_sign: str = "") -> tuple[list[str], list[str], dict[str, str]]:
    """Returns the prices of a file as they are read, the faults of its rows and the signs."""
    data = "code;price\n" + "".join(f"A{n};{cell}\n" for n, cell in enumerate(cells))
    rows, signs = read_prices(data.encode(), decimal_sign)
    return [row["price"] for row in rows], [row.fault for row in rows], signs


def test_a_column_is_read_by_one_decimal_sign() -> None:
    assert prices("1.234,50", "1.234", "2")[::2] == (["1234.50", "1234", "2"], {"price": ","})
    assert prices("0,125", "1,234")[::2] == (["0.125", "1.234"], {"price": ","})
    assert prices("1.5", "1,234")[::2] == (["1.5", "1234"], {"price": "."})
    assert prices("£ 1,234.50", "CHF 1’000.00")[0] == ["1234.50", "1000.00"]


def test_a_number_with_two_readings_is_refused_until_the_sign_is_chosen() -> None:
    read, faults, signs = prices("1.234", "2")
    assert (read, signs) == (["1.234", "2"], {})
    assert "decimal sign" in faults[0]
    assert not faults[1]
    assert prices("1.234", decimal_sign=".")[::2] == (["1.234"], {"price": "."})
    assert prices("1.234", decimal_sign=",")[::2] == (["1234"], {"price": ","})


def test_a_column_that_contradicts_itself_keeps_its_clear_numbers() -> None:
    read, faults, signs = prices("12,5", "12.5", "1.234", "1,2,3")
    assert (read, signs) == (["12.5", "12.5", "1.234", "1,2,3"], {})
    assert [bool(fault) for fault in faults] == [False, False, True, False]


def test_numbers_of_a_sheet_are_read_as_it_shows_them() -> None:
    book, made = Workbook(), io.BytesIO()
    for line in (
        ["code", "price", "share"],
        [5.012349909847e12, 1.234, 0.2],
        [123, 0.1 + 0.2, 0.08875],
        [5012349909847, 3.0, 1],
        ["0042", -1.5, None],
    ):
        book.active.append(line)
    book.active["A3"].number_format = "0000000"
    for cell in ("C2", "C3", "C4"):
        book.active[cell].number_format = "0.000%"
    book.save(made)
    rows, _signs = read_prices(made.getvalue())
    assert [tuple(row.cells.values()) for row in rows] == [
        ("5012349909847", "1.234", "20"),
        ("0000123", "0.3", "8.875"),
        ("5012349909847", "3", "100"),
        ("0042", "-1.5", ""),
    ]
    assert [row.fault for row in rows] == [""] * 4


@given(
    st.lists(st.decimals(min_value=-(10**7), max_value=10**7, places=4), min_size=1),
    st.sampled_from(["en", "en-de", "en-ch", "en-in", "nb", "fr"]),
)
def test_an_exported_column_is_read_unchanged(values: list[Decimal], language: str) -> None:
    with translation.override(language):
        written = [_csv_cell(value) for value in values]
        assert prices(*written)[0] == [format(value, "f") for value in values]
    with translation.override(language):
        read, faults, _signs = prices(
            *(write_number(value, 4, active_locale()) for value in values)
        )
    assert [Decimal(each) for each in read] == values
    assert not any(faults)
