"""Reads a worksheet of an XLSX and writes its lines as JSON.

A script that `reading` runs with limits: an XLSX of some kilobytes can unpack to gigabytes. Its
input is the file; its arguments are the name of the sheet (empty for the first one) and how many
cells of a line, characters of a cell and lines it writes at most. The first line of its output is
the list of the sheets, each further line a list of cells: texts, and numbers as the sheet shows
them in a list of their own (`["0042"]`). The last line is `null`; without it the file could not be
read.
"""

from __future__ import annotations

import io
import json
import sys
from datetime import date, datetime, time
from decimal import Decimal
from itertools import islice
from math import isfinite
from typing import Any


def write_lines(
    data: bytes, name: str, most_cells: int, most_characters: int, most_lines: int
) -> None:
    """Writes the lines. Raises openpyxl's errors for damaged files."""
    from openpyxl import load_workbook

    book = load_workbook(io.BytesIO(data), read_only=True, data_only=True)
    sheets = [sheet.title for sheet in book.worksheets]
    sys.stdout.write(json.dumps(sheets) + "\n")
    sheet = book[name] if name in sheets else book.worksheets[0]
    # The size that a sheet declares is often wrong, and then rows would be missing.
    sheet.reset_dimensions()
    for line in islice(sheet.iter_rows(), most_lines):
        cells = [written(cell, most_characters) for cell in line[:most_cells]]
        sys.stdout.write(json.dumps(cells) + "\n")
    sys.stdout.write("null\n")


def written(cell: Any, most_characters: int) -> str | list[str]:
    """Returns a cell as it is written: dates and times by ISO 8601, numbers in a list."""
    value = cell.value
    if value is None:
        return ""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, int | float):
        if not isfinite(value):
            return ""
        return [shown_number(value, getattr(cell, "number_format", ""))[:most_characters]]
    if isinstance(value, datetime):
        return value.isoformat(sep=" ", timespec="seconds")
    if isinstance(value, date | time):
        return value.isoformat()
    # Cut first: many cells may have the same very long text.
    return str(value).lstrip()[:most_characters].replace("\x00", "").strip()


def shown_number(value: float, number_format: str) -> str:
    """Returns a number as its sheet shows it: with the leading zeros of its format, and in percent
    for a format of percent.

    A spreadsheet counts 15 digits, so that 0.1 + 0.2 is 0.3.
    """
    exact = Decimal(value) if isinstance(value, int) else Decimal(f"{value:.15g}")
    if "%" in number_format:
        exact *= 100
    whole = exact.to_integral_value()
    text = format(whole if exact == whole else exact.normalize(), "f")
    is_padded = bool(number_format) and set(number_format) == {"0"} and exact == whole >= 0
    return text.zfill(len(number_format)) if is_padded else text


if __name__ == "__main__":
    try:
        write_lines(sys.stdin.buffer.read(), sys.argv[1], *map(int, sys.argv[2:5]))
    except (MemoryError, OSError):
        raise
    except Exception:  # openpyxl raises many kinds of errors for damaged files
        sys.stdout.write("false\n")
