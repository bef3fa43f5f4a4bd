"""Reads a file line by line: CSV in any of the usual encodings, or a worksheet of an XLSX.

A file is given as a function that returns its parts, so that a long one is never held in memory.
"""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, field, replace
from itertools import islice
from typing import Any

from charset_normalizer import from_bytes
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from officeflow.errors import Refused
from officeflow.imports.content import (
    MAX_COLUMNS,
    PART_BYTES,
    Content,
    unreadable,
)
from officeflow.imports.workbooks import sheet_lines, sheet_names
from officeflow.text import name_key

MAX_ROWS = 200_000
MAX_LINES = 300_000  # with empty lines, of which a small XLSX can have any number
MAX_HEADING_LENGTH = 200
HEADING_LINES = 40  # lines in which the headings are looked for
SAMPLED_LINES = 5_000  # lines by which the content of the columns is judged
EVIDENCE_BYTES = 16 * 1024  # of lines with letters that encodings write differently
DELIMITERS = {
    ",": gettext_lazy("comma"),
    ";": gettext_lazy("semicolon"),
    "\t": gettext_lazy("tab"),
    "|": gettext_lazy("vertical bar"),
}
ENCODINGS: dict[str, str | Promise] = {
    "utf-8-sig": "Unicode (UTF-8)",
    "utf-16": "Unicode (UTF-16)",
    "cp1252": gettext_lazy("Western European (Windows-1252)"),
    "cp1250": gettext_lazy("Central European (Windows-1250)"),
    "cp1251": gettext_lazy("Cyrillic (Windows-1251)"),
    "cp1253": gettext_lazy("Greek (Windows-1253)"),
    "cp1254": gettext_lazy("Turkish (Windows-1254)"),
    "cp932": gettext_lazy("Japanese (Shift-JIS)"),
    "gb18030": gettext_lazy("Chinese (GB 18030)"),
    "cp949": gettext_lazy("Korean (Windows-949)"),
    "mac_roman": gettext_lazy("Western European (Macintosh)"),
}
UNICODE = ("utf-8-sig", "utf-16")
GUESSED_ENCODINGS = ["cp1252", "cp1250", "cp1251", "cp1253", "cp1254", "cp932", "gb18030", "cp949"]
# In a wrong encoding letters of words become such signs: `¿ó³ty` for `żółty`.
SIGNS_IN_WORDS = re.compile(r"(?<=[^\W\d_])[¡-©«-´¶-¹»-¿×÷�]|[¡-©«-´¶-¹»-¿×÷�](?=[^\W\d_])")
# Their undefined bytes are shown as a question mark; in other encodings they are errors.
SINGLE_BYTE = ("cp1250", "cp1251", "cp1252", "cp1253", "cp1254", "mac_roman")
ZIP_MAGIC = b"PK\x03\x04"  # an XLSX is a zip archive
XLS_MAGIC = b"\xd0\xcf\x11\xe0"  # Excel's format until 2003; also an encrypted XLSX
SEPARATOR_LINE = re.compile(r'"?sep=(.)"?', re.IGNORECASE)  # Excel reads the delimiter from it

csv.field_size_limit(PART_BYTES)


@dataclass(frozen=True, kw_only=True)
class Layout:
    """How the lines of a file are read. `sheet` is empty for CSV, the others for an XLSX.

    `heading_line` is the line of the headings, from 1; `sheets` are the worksheets of the file.
    """

    encoding: str = ""
    delimiter: str = ""
    sheet: str = ""
    heading_line: int = 1
    sheets: list[str] = field(default_factory=list)

    @property
    def is_workbook(self) -> bool:
        """Whether the file is an XLSX."""
        return bool(self.sheet)

    def as_json(self) -> dict[str, Any]:
        """Returns the layout for storing."""
        return asdict(self)


@dataclass(frozen=True)
class Line:
    """A line that is not empty. `number` counts from 1 with all lines, as in a spreadsheet."""

    number: int
    cells: list[str]


@dataclass(frozen=True, kw_only=True)
class Sample:
    """The headings of a file, and its first rows."""

    headings: list[str]
    lines: list[Line]


def heading_key(heading: str) -> str:
    """Returns a heading for comparison: `Invoice no.` and `InvoiceNo` are equal."""
    return re.sub(r"[^\w]|_", "", name_key(heading))


def find_layout(content: Content, known: Iterable[str]) -> Layout:
    """Returns how a file is to be read, by its content. `known` are headings that importers know.

    Raises `Refused` (field `file`) when the file cannot be read.
    """
    keys = {heading_key(each) for each in known}
    head = b"".join(islice(content(), 1))
    if not head.strip():
        raise unreadable(_("The file is empty."))
    if head.startswith(XLS_MAGIC):
        raise unreadable(
            _(
                "This is an old Excel file (.xls) or one with a password. Save it as .xlsx or CSV, "
                "without a password."
            )
        )
    if head.startswith(ZIP_MAGIC):
        sheets = sheet_names(content)
        layout = Layout(sheet=sheets[0], sheets=sheets)
        return replace(layout, heading_line=_heading_line(_first_lines(content, layout), keys)[1])
    if head.startswith(b"%PDF"):
        raise unreadable(_("This is a PDF file. Import the data as CSV or Excel (.xlsx)."))
    encoding = find_encoding(content)
    found = _declared_delimiter(content, encoding)
    if found:
        layout = Layout(encoding=encoding, delimiter=found)
        return replace(layout, heading_line=_heading_line(_first_lines(content, layout), keys)[1])
    best: tuple[tuple[float, ...], Layout] | None = None
    for delimiter in DELIMITERS:
        layout = Layout(encoding=encoding, delimiter=delimiter)
        try:
            lines = _first_lines(content, layout)
        except Refused:
            continue
        score, heading_line = _heading_line(lines, keys)
        if best is None or score > best[0]:
            best = score, replace(layout, heading_line=heading_line)
    if best is None:  # a quotation mark is not closed: reading says where
        return Layout(encoding=encoding, delimiter=",")
    return best[1]


def read_sample(content: Content, layout: Layout) -> Sample:
    """Returns the headings and the first `SAMPLED_LINES` rows. Raises `Refused` (field `file`)."""
    headings: list[str] = []
    lines: list[Line] = []
    most = layout.heading_line + SAMPLED_LINES
    for line in read_lines(content, layout, most=most):
        if line.number < layout.heading_line:
            continue
        if not headings:
            headings = headings_of(line.cells)
            continue
        lines.append(line)
        if len(lines) == SAMPLED_LINES:
            break
    if not headings:
        raise unreadable(_("The file has no line %(line)d.") % {"line": layout.heading_line})
    if not lines:
        raise unreadable(_("The file has headings but no rows."))
    return Sample(headings=headings, lines=lines)


def headings_of(cells: Sequence[str]) -> list[str]:
    """Returns the headings without the empty cells at the end. Raises `Refused`."""
    length = max((place for place, cell in enumerate(cells, start=1) if cell), default=0)
    if length > MAX_COLUMNS:
        raise unreadable(
            _("The file has more than %(most)d columns. Remove some.") % {"most": MAX_COLUMNS}
        )
    return [" ".join(cell.split())[:MAX_HEADING_LENGTH] for cell in cells[:length]]


def read_lines(
    content: Content,
    layout: Layout,
    *,
    most: int | None = None,
    alive: Callable[[], None] = lambda: None,
) -> Iterator[Line]:
    """Yields the lines that are not empty, of the first `most` lines or all.

    A workbook is unpacked before its first line, and `alive` is called each second meanwhile.
    Raises `Refused` (field `file`), and `FilesBusy` when no workbook can be unpacked now.
    """
    is_sample = most is not None
    most = MAX_LINES + 1 if most is None else most
    lines = (
        sheet_lines(content, layout.sheet, most, alive, is_sample=is_sample)
        if layout.is_workbook
        else islice(_csv_lines(content, layout), most)
    )
    for number, cells in enumerate(lines, start=1):
        if number > MAX_LINES:
            raise unreadable(
                _("The file has more than %(most)d lines. Remove the empty lines.")
                % {"most": MAX_LINES}
            )
        if any(cells):
            yield Line(number, cells)


def count_lines(content: Content, layout: Layout) -> int:
    """Returns about how many lines a CSV file has; 0 when it is not known."""
    if layout.is_workbook or layout.encoding == "utf-16":
        return 0
    return sum(part.count(b"\n") for part in content())


def _first_lines(content: Content, layout: Layout) -> list[Line]:
    return list(read_lines(content, layout, most=HEADING_LINES))


def _heading_line(lines: Sequence[Line], keys: set[str]) -> tuple[tuple[float, ...], int]:
    """Returns the likeliest line of headings, after how likely it is.

    It has most of the known headings. Without known ones it is the first line that is as wide as
    most of the lines after it.
    """
    best: tuple[tuple[float, ...], int] = ((0.0, 0.0, 0.0), lines[0].number if lines else 1)
    for place, line in enumerate(lines):
        filled = sum(bool(cell) for cell in line.cells)
        known = len({heading_key(cell) for cell in line.cells if cell} & keys)
        after = [sum(bool(cell) for cell in each.cells) for each in lines[place + 1 :]]
        alike = sum(1 for each in after if filled > 1 and each * 2 > filled)
        score = (
            float(known),
            float(filled > 1) * (alike + 1) / (len(after) + 1),
            float(min(filled, 50)),
        )
        if score > best[0]:
            best = score, line.number
    return best


# --- CSV --------------------------------------------------------------------------------------
def find_encoding(content: Content) -> str:
    """Returns the encoding of a text file. Raises `Refused` when it is not one."""
    parts = content()
    first = next(parts, b"")
    if first.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "utf-16"
    if b"\x00" in first:
        raise unreadable(_("This is not a CSV or XLSX file. Save it as one of these."))
    decoder = codecs.getincrementaldecoder("utf-8")()
    is_utf8, evidence, rest = True, bytearray(), b""
    for part in content():
        if is_utf8:
            try:
                decoder.decode(part)
            except UnicodeDecodeError:
                is_utf8 = False
        *whole, rest = (rest + part).split(b"\n")
        if len(evidence) < EVIDENCE_BYTES:
            for line in whole:
                if not line.isascii() and len(evidence) < EVIDENCE_BYTES:
                    evidence += line[:1000] + b"\n"
        elif not is_utf8:
            break
    if is_utf8:
        try:
            decoder.decode(b"", final=True)
            return "utf-8-sig"
        except UnicodeDecodeError:
            pass
    if not evidence:
        evidence += rest[:EVIDENCE_BYTES]
    found = from_bytes(bytes(evidence), cp_isolation=GUESSED_ENCODINGS)
    best = found.best()
    if best is None:
        return "cp1252"
    # Of equally likely ones, the first that has fewest signs within words.
    equal = {
        name for each in found if each.chaos <= best.chaos for name in each.could_be_from_charset
    }
    return min(
        (name for name in GUESSED_ENCODINGS if name in equal),
        key=lambda name: len(SIGNS_IN_WORDS.findall(evidence.decode(name, errors="replace"))),
        default=best.encoding,
    )


def _declared_delimiter(content: Content, encoding: str) -> str:
    for line in _text_lines(content, encoding):
        if line.strip():
            found = SEPARATOR_LINE.fullmatch(line.strip("\r\n"))
            return found[1] if found and found[1] in DELIMITERS else ""
    return ""


class _Parts(io.RawIOBase):
    """A file in parts as a stream."""

    def __init__(self, parts: Iterator[bytes]) -> None:
        self.parts, self.rest = parts, b""

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        while not self.rest:
            part = next(self.parts, None)
            if part is None:
                return 0
            self.rest = part
        taken = self.rest[: len(buffer)]
        buffer[: len(taken)] = taken
        self.rest = self.rest[len(taken) :]
        return len(taken)


def _text_lines(content: Content, encoding: str) -> Iterator[str]:
    stream = io.TextIOWrapper(
        io.BufferedReader(_Parts(content())),
        encoding=encoding,
        errors="replace" if encoding in SINGLE_BYTE else "strict",
        newline="",
    )
    try:
        for line in stream:
            if "\x00" in line:  # text files have none, and PostgreSQL stores none
                raise unreadable(_("This is not a CSV or XLSX file. Save it as one of these."))
            yield line
    except UnicodeError as error:
        raise unreadable(
            _("The file is not written in %(encoding)s. Choose another encoding.")
            % {"encoding": ENCODINGS.get(encoding, encoding)}
        ) from error


def _csv_lines(content: Content, layout: Layout) -> Iterator[list[str]]:
    reader = csv.reader(_text_lines(content, layout.encoding), delimiter=layout.delimiter)
    while True:
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            raise unreadable(
                _(
                    "Line %(line)d of the file cannot be read as CSV. A quotation mark may not be "
                    "closed."
                )
                % {"line": reader.line_num}
            ) from error
        if reader.line_num == 1 and SEPARATOR_LINE.fullmatch(layout.delimiter.join(cells)):
            cells = []
        yield [cell.strip() for cell in cells]
