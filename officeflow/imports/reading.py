"""Reads a file into rows: CSV, or the first worksheet of an XLSX.

CSV may be delimited by commas, semicolons, tabs or vertical bars. It is decoded as UTF-8 (with or
without a byte order mark), as UTF-16 with one, or else as Windows-1252, which spreadsheets of
Western offices write.
"""

from __future__ import annotations

import csv
import io
import json
import re
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from django.utils.translation import gettext as _

from officeflow.bounded_process import Busy, OutOfBounds, run_bounded
from officeflow.errors import Refused
from officeflow.imports.numbers import SheetNumber, read_numbers
from officeflow.imports.registry import FileRow, ImportColumn
from officeflow.text import name_key

MAX_BYTES = 10 * 1024 * 1024
MAX_ROWS = 20_000
MAX_COLUMNS = 200
MAX_LINES = 100_000  # with empty lines, of which a small XLSX can have any number
MAX_CELL_LENGTH = 4_000  # characters
MAX_UNPACKED_BYTES = 200 * 1024 * 1024  # of all files in an XLSX, which is a zip archive
MAX_TEXT_BYTES = 64 * 1024 * 1024  # of all cells in an XLSX
# An XLSX of 20,000 rows and 20 columns needs 120 MB and 5 s.
UNPACKER_MEGABYTES = 400
UNPACKER_SECONDS = 20
UNPACKER = Path(__file__).with_name("unpack_sheet.py")
DELIMITERS = ",;\t|"
XLSX_MAGIC = b"PK\x03\x04"  # an XLSX is a zip archive
XLS_MAGIC = b"\xd0\xcf\x11\xe0"  # Excel's format until 2003

csv.field_size_limit(MAX_BYTES)


@dataclass(frozen=True, kw_only=True)
class Table:
    """The headings of a file, those that no importer reads, and the rows."""

    headings: list[str]
    unread: list[str]
    rows: list[FileRow]
    # The decimal sign of each column of numbers that has one.
    signs: dict[str, str] = field(default_factory=dict)


def read_table(data: bytes, columns: Sequence[ImportColumn], decimal_sign: str = "") -> Table:
    """Returns the rows of a file, with the cells of an importer's columns.

    `decimal_sign` is that of all columns, a comma or a point; empty to find each column's. Empty
    lines are left out, but counted in the rows' numbers. Raises `Refused` (field `file`)
    when the file cannot be read, is too large, has no rows or lacks a required column.
    """
    if len(data) > MAX_BYTES:
        raise _unreadable(
            _("The file is larger than %(most)s MB. Split it into smaller files.")
            % {"most": MAX_BYTES // 1024**2}
        )
    if not data.strip():
        raise _unreadable(_("The file is empty."))
    if data.startswith(XLS_MAGIC):
        raise _unreadable(_("This is an old Excel file (.xls). Save it as .xlsx or CSV."))
    lines = _sheet_lines(data) if data.startswith(XLSX_MAGIC) else _csv_lines(data)
    table = _table(lines, columns)
    rows, signs = read_numbers(table.rows, columns, decimal_sign)
    return replace(table, rows=rows, signs=signs)


def _table(lines: Iterator[list[str]], columns: Sequence[ImportColumn]) -> Table:
    headings: list[str] = []
    places: dict[str, int] = {}
    rows: list[FileRow] = []
    for number, line in enumerate(lines, start=1):
        if number > MAX_LINES:
            raise _unreadable(
                _("The file has more than %(most)d lines. Remove the empty lines.")
                % {"most": MAX_LINES}
            )
        if not any(line):
            continue
        if not headings:
            headings = _without_tail(line)
            places = _find_columns(headings, columns)
            continue
        if len(rows) >= MAX_ROWS:
            raise _unreadable(
                _("The file has more than %(most)d rows. Split it into smaller files.")
                % {"most": MAX_ROWS}
            )
        cells = {
            column.name: line[places[column.name]]
            if column.name in places and places[column.name] < len(line)
            else ""
            for column in columns
        }
        rows.append(FileRow(number=number, cells=cells, fault=_fault(line, len(headings))))
    if not rows:
        raise _unreadable(_("The file has headings but no rows."))
    read = set(places.values())
    unread = [each for place, each in enumerate(headings) if place not in read and each]
    return Table(headings=headings, unread=unread, rows=rows)


def _fault(line: Sequence[str], width: int) -> str:
    if any(line[width:]):
        return _("The row has more cells than the file has headings.")
    if any(len(cell) > MAX_CELL_LENGTH for cell in line):
        return _("A cell has more than %(most)d characters.") % {"most": MAX_CELL_LENGTH}
    return ""


def _find_columns(headings: Sequence[str], columns: Sequence[ImportColumn]) -> dict[str, int]:
    """Returns the position of each column by name.

    Raises `Refused` when a required column is missing or a column appears twice.
    """
    if len(headings) > MAX_COLUMNS:
        raise _unreadable(
            _("The file has more than %(most)d columns. Remove some.") % {"most": MAX_COLUMNS}
        )
    known = {
        heading_key(alias): column.name
        for column in columns
        for alias in (*column.aliases, column.name)
    }
    places: dict[str, int] = {}
    for place, heading in enumerate(headings):
        name = known.get(heading_key(heading))
        if name is None:
            continue
        if name in places:
            raise _unreadable(
                _("Two columns of the file mean %(name)s. Remove one of them.") % {"name": name}
            )
        places[name] = place
    missing = [each.name for each in columns if each.required and each.name not in places]
    if missing:
        raise _unreadable(
            _("The file has no column %(missing)s. Its headings are: %(found)s.")
            % {
                "missing": ", ".join(missing),
                "found": ", ".join(each[:40] for each in headings[:12]) or "—",
            }
        )
    return places


def heading_key(heading: str) -> str:
    """Returns a heading for comparison: `Invoice no.` and `InvoiceNo` are equal."""
    return re.sub(r"[^\w]|_", "", name_key(heading))


def _without_tail(line: Sequence[str]) -> list[str]:
    """Returns the headings without the empty cells at the end."""
    length = max((place for place, cell in enumerate(line, start=1) if cell), default=0)
    return [cell.strip()[:200] for cell in line[:length]]


# --- CSV --------------------------------------------------------------------------------------
def _csv_lines(data: bytes) -> Iterator[list[str]]:
    text = _decoded(data)
    first = next((line for line in text.splitlines() if line.strip()), "")
    delimiter = max(DELIMITERS, key=first.count)
    if delimiter not in first:
        delimiter = ","
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    while True:
        try:
            line = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            raise _unreadable(
                _("Line %(line)d of the file cannot be read as CSV.") % {"line": reader.line_num}
            ) from error
        yield [cell.strip() for cell in line]


def _decoded(data: bytes) -> str:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        encodings = ["utf-16"]
    else:
        encodings = ["utf-8-sig", "cp1252", "latin-1"]
    for encoding in encodings:
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\x00" in text:  # text files have no null characters, and PostgreSQL stores none
            break
        return text
    raise _unreadable(_("This is not a CSV or XLSX file. Save it as one of these."))


# --- XLSX -------------------------------------------------------------------------------------
def _sheet_lines(data: bytes) -> Iterator[list[str]]:
    """Yields the lines of the first sheet, which a process with limits unpacks."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            members = archive.infolist()
    except zipfile.BadZipFile as error:
        raise _damaged() from error
    if sum(each.file_size for each in members) > MAX_UNPACKED_BYTES:
        raise _too_large()
    try:
        output = run_bounded(
            UNPACKER,
            data,
            str(MAX_COLUMNS + 1),
            str(MAX_CELL_LENGTH + 1),
            str(MAX_LINES + 1),
            megabytes=UNPACKER_MEGABYTES,
            seconds=UNPACKER_SECONDS,
            most_bytes=MAX_TEXT_BYTES,
        )
    except OutOfBounds as error:
        raise _too_large() from error
    except Busy as error:
        raise _unreadable(_("Other files are being read. Try again in a minute.")) from error
    *lines, last = output.splitlines()
    for line in lines:
        yield [_cell(cell) for cell in json.loads(line)]
    if last != b"null":
        raise _damaged()


def _cell(cell: str | list[str]) -> str:
    """Returns a cell; the unpacker writes a number as a list of its text."""
    return SheetNumber(cell[0]) if isinstance(cell, list) else cell


def _too_large() -> Refused:
    return _unreadable(
        _(
            "This Excel file needs too much memory when it is opened. Copy the rows into a new "
            "file, or save it as CSV."
        )
    )


def _damaged() -> Refused:
    return _unreadable(
        _("This Excel file is damaged or protected by a password. Save it again without one.")
    )


def _unreadable(message: str) -> Refused:
    return Refused(message, "file")
