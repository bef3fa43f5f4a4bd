"""Reads the first worksheet of an XLSX and writes its lines as JSON.

A script that `reading` runs with limits: an XLSX of some kilobytes can unpack to gigabytes. Its
input is the file; its arguments are how many cells of a line, characters of a cell and lines it
writes at most. Each line of its output is a list of texts, the last one `null`; without it the
file could not be read.
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
    for line in islice(sheet.iter_rows(values_only=True), most_lines):
        cells = [cell_text(cell)[:most_characters] for cell in line[:most_cells]]
        sys.stdout.write(json.dumps(cells) + "\n")
    sys.stdout.write("null\n")


def cell_text(value: Any) -> str:
    """Returns a cell of a sheet as text: plain numbers, dates and times by ISO 8601."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float):
        if not isfinite(value):
            return ""
        # Twelve digits, so that 0.1 + 0.2 is 0.3, as spreadsheets show it.
        exact = Decimal(f"{value:.12g}")
        whole = exact.to_integral_value()
        return format(whole if exact == whole else exact, "f")
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
