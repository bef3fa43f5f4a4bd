"""Exports of lists as CSV or XLSX, with the list's filters and visibility.

A list's view calls `wanted` before it makes a page:

    if kind := export.wanted(request):
        return export.respond(request, kind, name="orders", columns=COLUMNS,
                              rows=export.in_chunks(found, ORDER), plain=("show",))

and its template has `{% load export %}{% export_menu %}`. The file is first written to a temporary
file, in chunks of rows, so that memory stays bounded and an error gives an error page instead of an
incomplete file.
"""

from __future__ import annotations

import csv
import io
import re
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import IO, Any, Generic, TypeVar

from django import forms
from django.db.models import Model, QuerySet
from django.dispatch import Signal
from django.http import (
    FileResponse,
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseBase,
    QueryDict,
)
from django.shortcuts import render
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.text import slugify
from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter

from officeflow.formats.reading import has_two_readings
from officeflow.money import places
from officeflow.ui.paging import following
from officeflow.ui.query_parameters import left_out
from officeflow.work_limit import LimitReached, OwnWorkRuns, WorkLimit

T = TypeVar("T")
M = TypeVar("M", bound=Model)
Text = str | Promise

CHUNK = 1000  # rows read at once
SHEET_ROWS = 1_048_576  # Excel's limit for a sheet
MAX_CELL_LENGTH = 32_767  # characters, Excel's limit for a cell
KINDS = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
# A person with many long exports holds one thread of the web server.
MAKING = WorkLimit(2)
# A spreadsheet interprets a text that begins with one of these as a formula (OWASP, CSV injection).
FORMULA_SIGNS = ("=", "+", "-", "@", "＝", "＋", "－", "＠", "\t", "\r", "\n")
# A telephone number has no letters, and so no function, cell or address: it can do nothing, and an
# apostrophe would spoil it for the programs that read the file.
TELEPHONE = re.compile(r"\+\d[\d ]*(?: [\d()-]+)*")
# Where lists are separated by semicolons, it splits texts of a CSV there, and then at line breaks.
SPLIT_FORMULA = re.compile(r"(?<=[;\t\r\n])(?=[=+\-@＝＋－＠])")
# Query parameters of pages and exports.
NOT_A_FILTER = ("after", "before", "export")


@dataclass(frozen=True)
class ExportColumn(Generic[T]):
    """A column with its heading and the function that returns a row's value.

    A `Decimal` or `int` is written as a number, a `date` as a date, a `datetime` as local time, a
    `bool` as yes or no, None as an empty cell, everything else as text. `width` is in characters,
    for XLSX.
    """

    title: Text
    value: Callable[[T], Any]
    width: int = 16


@dataclass(frozen=True, kw_only=True)
class Export:
    """An export for the audit trail: name of the list, file format, filters, number of rows."""

    actor: Any
    name: str
    kind: str
    filters: str
    rows: int
    is_hr: bool


# Sent with `export`; the audit trail receives it.
list_exported = Signal()


def wanted(request: HttpRequest) -> str:
    """Returns the file format of `?export=`, or an empty string.

    Raises `Http404` for an unknown format.
    """
    kind = request.GET.get("export", "")
    if kind and (kind not in KINDS or request.method != "GET"):
        raise Http404
    return kind


def in_chunks(rows: QuerySet[M], order: Sequence[str], *, size: int = CHUNK) -> Iterator[M]:
    """Yields every row, read `size` at a time; the last field of `order` must be unique."""
    found = list(rows.order_by(*order)[:size])
    while found:
        yield from found
        if len(found) < size:
            return
        found = list(following(rows, found[-1], order)[:size])


def respond(
    request: HttpRequest,
    kind: str,
    *,
    name: str,
    columns: Sequence[ExportColumn[T]],
    rows: Iterable[T],
    plain: Iterable[str] = (),
    is_hr: bool = False,
    form: forms.Form | None = None,
) -> HttpResponseBase:
    """Returns the file as a download, and records the export in the audit trail.

    `name` is the list's, such as `orders`. The audit entry has the values of the filters named in
    `plain`; of other filters, which may contain a person's name, it has only the names. With
    `is_hr` only HR may read the entry. When a filter was left out, also one of an invalid `form`,
    there is no file but a page (422) that says why; one that says to wait (429) while the person's
    other export is made.
    """
    if errors := left_out(request, form):
        more = _(
            "A filter of the list cannot be read, so the file would have more rows than you asked "
            "for."
        )
        return _refuse(request, [more, *errors], status=422)
    try:
        with MAKING.held_by(request.user.pk):
            return _make(request, kind, name, columns, rows, plain, is_hr)
    except (OwnWorkRuns, LimitReached) as busy:
        advice = _("Colleagues are exporting at the moment. Try again in a minute.")
        if isinstance(busy, OwnWorkRuns):
            advice = _(
                "Another export of yours is being made. Wait until you have that file, then export "
                "again."
            )
        response = _refuse(request, [advice], status=429)
        response["Retry-After"] = "30"
        return response


def _make(
    request: HttpRequest,
    kind: str,
    name: str,
    columns: Sequence[ExportColumn[T]],
    rows: Iterable[T],
    plain: Iterable[str],
    is_hr: bool,
) -> HttpResponseBase:
    file = tempfile.TemporaryFile()  # noqa: SIM115  # the response closes it
    try:
        count = WRITERS[kind](file, columns, rows)
        export = Export(
            actor=request.user,
            name=name,
            kind=kind,
            filters=filters_of(request, plain),
            rows=count,
            is_hr=is_hr,
        )
        list_exported.send(sender=Export, export=export)
    except BaseException:
        file.close()
        raise
    file.seek(0)
    return FileResponse(
        file, as_attachment=True, filename=file_name(request, name, kind), content_type=KINDS[kind]
    )


def _refuse(request: HttpRequest, reasons: list[str], *, status: int) -> HttpResponse:
    list_url = f"{request.path}?{filters_in(request).urlencode()}"
    context = {"reasons": reasons, "list_url": list_url}
    return render(request, "export_refused.html", context, status=status)


def filters_in(request: HttpRequest) -> QueryDict:
    """Returns the filters of a list's address, which can be changed."""
    query = request.GET.copy()
    for name in NOT_A_FILTER:
        query.pop(name, None)
    return query


def filters_of(request: HttpRequest, plain: Iterable[str]) -> str:
    """Returns the request's filters for the audit trail: `show=open, find=…`."""
    kept = set(plain)
    return ", ".join(
        f"{key}={value[:40] if key in kept else '…'}"
        for key, value in request.GET.items()
        if value and key not in NOT_A_FILTER
    )[:200]


def file_name(request: HttpRequest, name: str, kind: str) -> str:
    """Returns a file name of office, list and day: `the-paper-lantern-orders-2026-11-21.csv`."""
    office = slugify(str(getattr(request, "office", None) or "")) or "office"
    return f"{office[:40].strip('-')}-{name}-{timezone.localdate():%Y-%m-%d}.{kind}"


# --- cells --------------------------------------------------------------------------------------
def amount(value: Decimal | None, currency: str) -> Decimal | None:
    """Returns an amount with its currency's decimals, or with more if it has more."""
    if value is None:
        return None
    exact = value.quantize(Decimal(1).scaleb(-places(currency)))
    return exact if exact == value else trimmed(value)


def trimmed(value: Decimal | None) -> Decimal | None:
    """Returns a number without trailing zeros: `3.000` becomes 3, `0.0850` becomes 0.085."""
    if value is None:
        return None
    short = value.normalize()
    return short.quantize(Decimal(1)) if short == short.to_integral_value() else short


def percent(rate: Decimal | None) -> Decimal | None:
    """Returns a fraction in percent: 0.2000 becomes 20."""
    return None if rate is None else trimmed(rate * 100)


def _plain(value: Any) -> str | int | Decimal | date | datetime | None:
    """Returns a value for both formats; times are local and without a time zone."""
    if value is None or isinstance(value, Decimal):
        return value
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, datetime):
        local = timezone.localtime(value) if timezone.is_aware(value) else value
        return local.replace(tzinfo=None, microsecond=0)
    if isinstance(value, int | date) and not isinstance(value, str):
        return value
    return str(value).replace("\x00", "")


def _is_formula(value: Any) -> bool:
    if not isinstance(value, str) or TELEPHONE.fullmatch(value):
        return False
    return value.startswith(FORMULA_SIGNS)


# --- the file formats ---------------------------------------------------------------------------
def write_csv(file: IO[bytes], columns: Sequence[ExportColumn[T]], rows: Iterable[T]) -> int:
    """Writes CSV in UTF-8 with a byte order mark; returns the number of rows.

    A text that a spreadsheet would interpret as a formula gets an apostrophe in front; so does a
    part of a text, where the spreadsheet may split it.
    """
    text = io.TextIOWrapper(file, encoding="utf-8-sig", newline="", write_through=True)
    writer = csv.writer(text)
    writer.writerow([str(column.title) for column in columns])
    count = 0
    for row in rows:
        writer.writerow([_csv_cell(_plain(column.value(row))) for column in columns])
        count += 1
    text.detach()
    return count


def _csv_cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, Decimal):
        number = format(value, "f")
        # A program may read 1.234 as more than a thousand, but not 1.2340.
        return f"{number}0" if has_two_readings(number) else number
    if isinstance(value, datetime):
        return value.isoformat(sep=" ")
    text = SPLIT_FORMULA.sub("'", str(value))
    return f"'{text}" if _is_formula(value) else text


def write_xlsx(file: IO[bytes], columns: Sequence[ExportColumn[T]], rows: Iterable[T]) -> int:
    """Writes a workbook with numbers and dates; returns the number of rows.

    Rows beyond the limit of a sheet are written to further sheets.
    """
    book = Workbook(write_only=True)
    titles = [str(column.title) for column in columns]
    sheet: Any = None
    count = 0
    for row in rows:
        if count % (SHEET_ROWS - 1) == 0:
            sheet = _sheet(book, columns, titles)
        sheet.append([_xlsx_cell(sheet, _plain(column.value(row))) for column in columns])
        count += 1
    if sheet is None:
        _sheet(book, columns, titles)
    book.save(file)
    return count


def _sheet(book: Workbook, columns: Sequence[ExportColumn[Any]], titles: Sequence[str]) -> Any:
    sheet = book.create_sheet()
    sheet.freeze_panes = "A2"
    for position, column in enumerate(columns, start=1):
        sheet.column_dimensions[get_column_letter(position)].width = column.width
    heads = [WriteOnlyCell(sheet, title) for title in titles]
    for head in heads:
        head.font = Font(bold=True)
    sheet.append(heads)
    return sheet


def _xlsx_cell(sheet: Any, value: Any) -> Any:
    if isinstance(value, str):
        value = ILLEGAL_CHARACTERS_RE.sub("", value)[:MAX_CELL_LENGTH]
        if not value or not _is_formula(value):
            return value or None
        cell = WriteOnlyCell(sheet, value)
        cell.data_type = "s"  # else openpyxl would store a formula
        cell.quotePrefix = True  # else editing the cell would make it a formula
        return cell
    if isinstance(value, Decimal):
        cell = WriteOnlyCell(sheet, value)
        exponent = value.as_tuple().exponent
        decimals = -exponent if isinstance(exponent, int) and exponent < 0 else 0
        cell.number_format = "0." + "0" * decimals if decimals else "0"
        return cell
    if isinstance(value, datetime):
        cell = WriteOnlyCell(sheet, value)
        cell.number_format = "yyyy-mm-dd hh:mm:ss"
        return cell
    if isinstance(value, date):
        cell = WriteOnlyCell(sheet, value)
        cell.number_format = "yyyy-mm-dd"
        return cell
    return value


WRITERS: dict[str, Callable[[IO[bytes], Sequence[ExportColumn[Any]], Iterable[Any]], int]] = {
    "csv": write_csv,
    "xlsx": write_xlsx,
}
