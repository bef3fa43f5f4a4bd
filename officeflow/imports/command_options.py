"""The options of the import commands: how a file is read, and what its columns mean."""

from __future__ import annotations

from argparse import ArgumentParser
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from django.core.management.base import CommandError

from officeflow.imports.mapping import ColumnMapping
from officeflow.imports.models import ImportFile
from officeflow.imports.prices import OPTION, WITH_TAX, WITHOUT_TAX
from officeflow.imports.reading import ENCODINGS, Layout, heading_key
from officeflow.imports.registry import importer_of

CHOICES = [each.replace("_", "-") for each in (WITH_TAX, WITHOUT_TAX)]


def add_options(parser: ArgumentParser) -> None:
    """Adds the options that all import commands have."""
    parser.add_argument("file", metavar="FILE", help="a CSV or XLSX file")
    parser.add_argument(
        "--dry-run", action="store_true", help="show what would happen without importing anything"
    )
    parser.add_argument(
        "--source",
        default="",
        help="where the file comes from; a record from a source is imported only once "
        "(default: the name in the last import of such a file, or that of the program)",
    )
    parser.add_argument(
        "--column",
        action="append",
        default=[],
        metavar="HEADING=MEANING",
        help="what a column of the file is read as, such as 'Ref=Order number'; nothing behind "
        "the sign ignores it (default: as proposed on the file's page)",
    )
    parser.add_argument(
        "--value",
        action="append",
        default=[],
        metavar="MEANING=TEXT",
        help="a value for all rows that have none, such as 'Ordered at=2026-01-31'",
    )
    parser.add_argument(
        "--encoding", default="", choices=list(ENCODINGS), help="(default: found by content)"
    )
    parser.add_argument("--heading-line", type=int, default=0, help="(default: found by content)")
    parser.add_argument(
        "--decimal-sign",
        default="",
        choices=["", ",", "."],
        help="the decimal sign of the file's numbers (default: as the file shows)",
    )
    parser.add_argument(
        "--date-order",
        default="",
        choices=["", "dmy", "mdy"],
        help="whether the day or the month comes first (default: as the file shows)",
    )
    parser.add_argument(
        "--prices",
        default="",
        choices=["", *CHOICES],
        help="whether the prices of the file include tax (default: as the totals of its orders "
        "show, else as for the last file of the source, else as in the office)",
    )
    parser.add_argument(
        "--by",
        default="",
        metavar="USERNAME",
        help="who imports the file (default: the first person who may)",
    )


def chosen_layout(options: Mapping[str, Any], found: Layout) -> Layout:
    """Returns how the file is read: as found, with what the options change."""
    chosen = {
        name: options[name]
        for name in ("encoding", "heading_line")
        if options[name] and not (name == "encoding" and found.is_workbook)
    }
    return replace(found, **chosen)


def chosen_mapping(options: Mapping[str, Any], import_file: ImportFile) -> ColumnMapping:
    """Returns the proposed mapping with what the options change. Raises `CommandError`."""
    proposed = ColumnMapping(**import_file.mapping)
    columns = {name: list(places) for name, places in proposed.columns.items()}
    known = {column.name for column in importer_of(import_file.kind).columns}
    headings = {heading_key(each): place for place, each in enumerate(import_file.headings)}
    for heading, meaning in map(_pair, options["column"]):
        place = headings.get(heading_key(heading))
        if place is None:
            raise CommandError(f"the file has no column {heading}")
        _check_meaning(meaning, known | {""})
        for places in columns.values():
            if place in places:
                places.remove(place)
        if meaning:
            columns[meaning] = [place]
    values = dict(proposed.values)
    for meaning, text in map(_pair, options["value"]):
        _check_meaning(meaning, known)
        values[meaning] = text
    return replace(
        proposed,
        columns={name: places for name, places in columns.items() if places},
        values=values,
        decimal_sign=options["decimal_sign"] or proposed.decimal_sign,
        date_order=options["date_order"] or proposed.date_order,
    )


def chosen_prices(options: Mapping[str, Any], import_file: ImportFile) -> dict[str, str]:
    """Returns the choice of prices: of the options, else as proposed."""
    chosen = options["prices"].replace("-", "_") or import_file.options.get(OPTION, "")
    return {OPTION: chosen}


def _check_meaning(meaning: str, known: set[str]) -> None:
    if meaning not in known:
        raise CommandError(f"{meaning} is none of: {', '.join(sorted(known - {''}))}")


def _pair(text: str) -> tuple[str, str]:
    """Returns both sides of `HEADING=MEANING`. Raises `CommandError`."""
    name, sign, value = text.rpartition("=")
    if not sign:
        raise CommandError(f"{text} has no =")
    return name.strip(), value.strip()
