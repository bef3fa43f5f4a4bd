"""Samples of a file's cells as each choice on its columns page would read them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from itertools import islice
from typing import TypeVar

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from officeflow.formats import active_locale, write_number
from officeflow.formats.reading import NotANumber, TwoNumbers, read_in_column
from officeflow.imports import cells, dates, numbers
from officeflow.imports.content import Content
from officeflow.imports.mapping import ColumnMapping, cells_of, date_order
from officeflow.imports.reading import ENCODINGS, UNICODE, Layout, Sample
from officeflow.imports.registry import Importer

T = TypeVar("T")
SAMPLES = 3
SAMPLE_LENGTH = 40
MOST_LOOKED_AT = 300  # different cells of a column


def number_samples(
    importer: Importer, sample: Sample, mapping: ColumnMapping
) -> dict[str, list[str]]:
    """Returns some numbers with a point or comma, by the decimal sign that may be chosen.

    Those that can mean two numbers come first. No sign reads each column as it shows. Numbers that
    both signs read alike are left out; of a file that has no others the result is empty, as it is
    when a workbook stores its numbers as numbers.
    """
    found: list[tuple[str, str]] = []  # the cell and the sign that its column shows
    typed: list[str] = []
    for column in importer.columns:
        places = mapping.columns.get(column.name, ()) if column.is_number else ()
        texts = [text for place in places for text in cells_of(sample, place)]
        typed += texts
        if numbers.has_signs(texts):
            sign = numbers.find_sign(texts)
            found += [(text, sign) for text in texts if numbers.has_signs([text])]
    telling = [each for each in found if _number(each[0], ".") != _number(each[0], ",")]
    if (found and not telling) or (
        typed and all(isinstance(text, numbers.SheetNumber) for text in typed)
    ):
        return {}
    chosen = _first(telling, lambda each: _number(each[0], "") == _two_readings())
    return {
        sign: [_arrow(text, _number(text, sign or shown)) for text, shown in chosen]
        for sign in ("", ".", ",")
    }


def _number(text: str, sign: str) -> str:
    try:
        found = read_in_column(cells.bare_number(cells.text(text)), sign)
    except TwoNumbers:
        return _two_readings()
    except NotANumber:
        return _("not a number")
    # With decimals, so that eleven hundred and one point one are told apart in every region.
    decimals = max(2, -int(found.normalize().as_tuple().exponent))
    return write_number(found, decimals, active_locale())


def _two_readings() -> str:
    return _("can mean two: refused")


def date_samples(
    importer: Importer, sample: Sample, mapping: ColumnMapping
) -> dict[str, list[str]]:
    """Returns some dates, by the order of day and month that may be chosen.

    Those that can mean two days come first. No order reads them as the file shows, and is left out
    when the file does not show it. Dates that both orders read alike are left out; of a file that
    has no others the result is empty.
    """
    places = [
        place
        for column in importer.columns
        if column.is_date
        for place in mapping.columns.get(column.name, ())[:1]
    ]
    texts = [text for place in places for text in cells_of(sample, place)]
    shown = date_order(sample, places)
    telling = [
        text for text in texts if _date(text, dates.DAY_FIRST) != _date(text, dates.MONTH_FIRST)
    ]
    if texts and not telling:
        return {}
    chosen = _first(telling, lambda text: _date(text, "") == _two_readings())
    return {
        order: [_arrow(text, _date(text, order or shown)) for text in chosen]
        for order in ("", dates.DAY_FIRST, dates.MONTH_FIRST)
        if order or shown or not chosen
    }


def _date(text: str, order: str) -> str:
    try:
        return date_format(dates.read_date(text, order), "DATE_FORMAT")
    except dates.TwoDates:
        return _two_readings()
    except dates.NotADate:
        return _("not a date")


def encoding_samples(content: Content, layout: Layout) -> dict[str, list[str]]:
    """Returns some words as each encoding reads them; empty for a file without such words.

    Encodings in which they cannot be read are left out, except the present one.
    """
    if layout.is_workbook:
        return {}
    head = b"".join(islice(content(), 1))
    if layout.encoding == "utf-16":
        return {"utf-16": _letters(head.decode("utf-16", errors="replace").splitlines())}
    lines = [line for line in head.splitlines() if not line.isascii()][:20]
    found = {}
    for encoding in [name for name in ENCODINGS if lines and name != "utf-16"]:
        try:
            words = _letters([line.decode(encoding) for line in lines], layout.delimiter)
        except UnicodeDecodeError:
            continue
        if words:
            found[encoding] = words
    if layout.encoding in UNICODE and layout.encoding in found:
        return {layout.encoding: found[layout.encoding]}  # other texts are never valid Unicode
    if lines and layout.encoding not in found:
        texts = [line.decode(layout.encoding, errors="replace") for line in lines]
        found[layout.encoding] = _letters(texts, layout.delimiter)
    return found


def _letters(lines: Iterable[str], delimiter: str = ",") -> list[str]:
    cells_found = (cell.strip(' "') for line in lines for cell in line.split(delimiter or ","))
    different = dict.fromkeys(cell for cell in cells_found if not cell.isascii())
    return [_shortened(cell) for cell in list(different)[:SAMPLES]]


def column_samples(sample: Sample, place: int) -> list[str]:
    """Returns some different cells of a column, shortened."""
    return [_shortened(cell) for cell in list(dict.fromkeys(cells_of(sample, place)))[:SAMPLES]]


def _first(found: Sequence[T], is_better: Callable[[T], bool]) -> list[T]:
    """Returns some different values, the better ones first."""
    different = list(dict.fromkeys(found))[:MOST_LOOKED_AT]
    return sorted(different, key=lambda each: not is_better(each))[:SAMPLES]


def _arrow(written: str, read: str) -> str:
    return f"{_shortened(written)} → {read}"


def _shortened(cell: str) -> str:
    plain = " ".join(cell.split())
    return plain if len(plain) <= SAMPLE_LENGTH else f"{plain[: SAMPLE_LENGTH - 1]}…"
