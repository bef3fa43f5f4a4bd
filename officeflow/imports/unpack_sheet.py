"""Reads the first worksheet of an XLSX and writes its lines as JSON.

A script that `reading` runs with limits: an XLSX of some kilobytes can unpack to gigabytes. Its
input is the file; its arguments are how many cells of a line, characters of a cell and lines it
writes at most. Each line of its output is a list of texts, in which a number is a list of its
own text; the last one is `null`, and without it the file could not be read.
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


def write_lines(data: bytes, most_cells: int, most_characters: int, most_lines: int) -> None:
    """Writes the lines. Raises openpyxl's errors for damaged files."""
    from openpyxl import load_workbook

    book = load_workbook(io.BytesIO(data), read_only=True, data_only=True)
    sheet = book.worksheets[0]
    # The size that a sheet declares is often wrong, and then rows would be missing.
    sheet.reset_dimensions()
    for line in islice(sheet.iter_rows(), most_lines):
        cells = [_written(cell, most_characters) for cell in line[:most_cells]]
        sys.stdout.write(json.dumps(cells) + "\n")
    sys.stdout.write("null\n")


def _written(cell: Any, most_characters: int) -> str | list[str]:
    value = cell.value
    if isinstance(value, int | float) and not isinstance(value, bool):
        return [number_text(value, cell.number_format or "")[:most_characters]]
    return cell_text(value)[:most_characters]


def number_text(value: int | float, number_format: str) -> str:
    """Returns a number as its spreadsheet shows it: with the leading zeros of its format, and in
    percent for a format of percent.

    A spreadsheet counts 15 digits, so that 0.1 + 0.2 is 0.3.
    """
    if not isfinite(value):
        return ""
    exact = Decimal(value) if isinstance(value, int) else Decimal(f"{value:.15g}")
    if "%" in number_format:
        exact *= 100
    whole = exact.to_integral_value()
    text = format(whole if exact == whole else exact.normalize(), "f")
    is_padded = set(number_format) == {"0"} and exact == whole >= 0
    return text.zfill(len(number_format)) if is_padded else text


def cell_text(value: Any) -> str:
    """Returns a cell of a sheet as text, dates and times by ISO 8601."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, datetime):
        return value.isoformat(sep=" ", timespec="seconds")
    if isinstance(value, date | time):
        return value.isoformat()
    return str(value).replace("\x00", "").strip()


if __name__ == "__main__":
    try:
        write_lines(sys.stdin.buffer.read(), *map(int, sys.argv[1:4]))
    except (MemoryError, OSError):
        raise
    except Exception:  # openpyxl raises many kinds of errors for damaged files
        sys.stdout.write("false\n")
