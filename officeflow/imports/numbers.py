"""The numbers of a file: each column is read by one decimal sign.

The sign is shown by the column's own numbers, such as `1.234,50`, or chosen by the person who
uploads the file. A number that can be read in two ways is refused when neither tells.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from django.utils.translation import gettext as _

from officeflow.formats.reading import (
    SIGNS,
    NotANumber,
    TwoNumbers,
    column_sign,
    read_in_column,
)
from officeflow.imports import cells
from officeflow.imports.registry import FileRow, ImportColumn


class SheetNumber(str):
    """A cell that its spreadsheet stored as a number, written with a decimal point."""


def read_numbers(
    rows: Sequence[FileRow], columns: Sequence[ImportColumn], chosen: str
) -> tuple[list[FileRow], dict[str, str]]:
    """Returns the rows with the numbers of number columns written with a decimal point, and the
    decimal sign of each column that has one.

    `chosen` is a decimal sign for all columns; empty to find each column's. What is not a number
    stays as it is, and a number with two readings becomes the fault of its row.
    """
    read = list(rows)
    signs: dict[str, str] = {}
    for column in columns:
        if not column.is_number:
            continue
        bare = [cells.bare_number(cells.text(row[column.name])) for row in rows]
        typed = [
            text if not isinstance(row[column.name], SheetNumber) else ""
            for text, row in zip(bare, rows, strict=True)
        ]
        sign = chosen or column_sign(typed)
        if sign and any(each in text for text in typed for each in SIGNS):
            signs[column.name] = sign
        for place, text in enumerate(typed):
            if text:
                read[place] = _with_number(read[place], column.name, text, sign)
    return read, signs


def _with_number(row: FileRow, column: str, text: str, sign: str) -> FileRow:
    try:
        number = read_in_column(text, sign)
    except NotANumber:
        return row
    except TwoNumbers:
        return replace(row, fault=row.fault or cells.two_numbers(row[column], column))
    return replace(row, cells={**row.cells, column: format(number, "f")})


def sentences(signs: dict[str, str]) -> list[str]:
    """Returns how the columns of a file are read, for its preview."""
    by_sign: dict[str, list[str]] = {}
    for column, sign in signs.items():
        by_sign.setdefault(sign, []).append(column)
    found = []
    for sign, columns in by_sign.items():
        words = {"columns": ", ".join(columns), "sign": sign}
        if sign == ",":
            text = _("%(columns)s: the comma is the decimal sign, so 1.234,50 is 1234.50.")
        else:
            text = _("%(columns)s: the point is the decimal sign, so 1,234.50 is 1234.50.")
        found.append(text % words)
    return found
