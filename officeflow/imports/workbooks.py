"""Unpacks a workbook (XLSX) in a process with limits, and reads its sheets."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from django.utils.translation import gettext as _

from officeflow.bounded_process import Busy, OutOfBounds, bounded_lines
from officeflow.errors import Refused
from officeflow.imports.content import MAX_CELL_LENGTH, MAX_COLUMNS, Content, unreadable
from officeflow.imports.numbers import SheetNumber

MAX_UNPACKED_BYTES = 400 * 1024 * 1024  # of all files in an XLSX, which is a zip archive
MAX_TEXT_BYTES = 128 * 1024 * 1024  # of all cells in an XLSX
# An XLSX of 100,000 rows and 20 columns needs 150 MB and 40 s.
UNPACKER_MEGABYTES = 400
UNPACKER_SECONDS = 120
SAMPLE_SECONDS = 20  # of its first lines, for which somebody waits
UNPACKER = Path(__file__).with_name("unpack_sheet.py")


def sheet_names(content: Content) -> list[str]:
    """Returns the names of the sheets. Raises `Refused` and `FilesBusy`."""
    with _unpacked(content, "", 0, lambda: None, is_sample=True) as lines:
        return json.loads(next(lines, b"[]")) or [_("Sheet")]


def sheet_lines(
    content: Content, sheet: str, most: int, alive: Callable[[], None], *, is_sample: bool
) -> Iterator[list[str]]:
    """Yields the cells of the first `most` lines of a sheet; `alive` is called meanwhile.

    For a sample the unpacker has less time. Raises `Refused` and `FilesBusy`.
    """
    with _unpacked(content, sheet, most, alive, is_sample=is_sample) as lines:
        next(lines, None)  # the names of the sheets
        for line in lines:
            cells = json.loads(line)
            if cells is None:
                return
            if cells is False:
                break
            yield [SheetNumber(*each) if isinstance(each, list) else each for each in cells]
    raise _damaged()


@contextmanager
def _unpacked(
    content: Content, sheet: str, most: int, alive: Callable[[], None], *, is_sample: bool
) -> Iterator[Iterator[bytes]]:
    """Gives the lines that the unpacker writes. Raises `Refused` and `FilesBusy`."""
    data = b"".join(content())
    _check_archive(data)
    try:
        with bounded_lines(
            UNPACKER,
            data,
            sheet,
            str(MAX_COLUMNS + 1),
            str(MAX_CELL_LENGTH + 1),
            str(most),
            megabytes=UNPACKER_MEGABYTES,
            seconds=SAMPLE_SECONDS if is_sample else UNPACKER_SECONDS,
            most_bytes=MAX_TEXT_BYTES,
            alive=alive,
        ) as lines:
            del data
            yield lines
    except OutOfBounds as error:
        raise unreadable(
            _(
                "This Excel file needs too much memory or time when it is opened. Copy the rows "
                "into a new file, or save it as CSV."
            )
        ) from error
    except Busy as error:
        raise FilesBusy from error


def _check_archive(data: bytes) -> None:
    """Raises `Refused` for an archive that is damaged, too large or no workbook of Excel."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            members = archive.infolist()
            kind = archive.open("mimetype").read(100) if "mimetype" in archive.namelist() else b""
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError) as error:
        raise _damaged() from error
    if b"opendocument" in kind:
        raise unreadable(_("This is an OpenDocument file (.ods). Save it as Excel (.xlsx) or CSV."))
    if sum(each.file_size for each in members) > MAX_UNPACKED_BYTES:
        raise unreadable(_("The sheets of this file are too large. Split it into smaller files."))


def _damaged() -> Refused:
    return unreadable(
        _("This Excel file is damaged or protected by a password. Save it again without one.")
    )


class FilesBusy(Refused):
    """Other workbooks are being unpacked. Nothing is wrong with this one."""

    def __init__(self) -> None:
        super().__init__(_("Other files are being read. Try again in a minute."), "file")
