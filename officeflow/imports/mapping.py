"""What the columns of a file mean: proposed by their headings and content, chosen by a person."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from django.utils.translation import gettext as _

from officeflow.errors import Refused
from officeflow.imports import dates, numbers, prices
from officeflow.imports.content import MAX_CELL_LENGTH
from officeflow.imports.reading import Line, Sample, heading_key
from officeflow.imports.registry import FileRow, ImportColumn, Importer
from officeflow.text import name_key

MOST_MATCHING = 300  # cells of a column that are compared with a pattern
LEAST_MATCHING = 0.6  # of the cells, for a column to be recognised by its content
LONGEST_DATE = 30  # characters
LEAST_READABLE = 0.5  # of the cells, for a heading to be believed
# Words that files write before or behind the headings of the invoice's recipient.
BILLING = ("billing", "billto", "bill")
# A row of totals begins with one of these, in the languages that offices use most.
TOTALS = frozenset(
    {
        *("total", "totals", "grand total", "subtotal", "sum", "summe", "gesamt", "gesamtsumme"),
        *("insgesamt", "somme", "total general", "totale", "totaal", "suma", "razem", "lacznie"),
        *("celkem", "soucet", "spolu", "osszesen", "итого", "всего", "total geral", "合計", "総計"),
        *("총계", "合计", "总计", "yhteensa", "i alt", "totalt"),
    }
)


HIDDEN_MARK = re.compile(r"'\d")


class NotMapped(Refused):
    """A required column is missing. `columns` are the missing ones."""

    def __init__(self, message: str, columns: Sequence[str]) -> None:
        super().__init__(message, "columns")
        self.columns = list(columns)


@dataclass(frozen=True, kw_only=True)
class ColumnMapping:
    """Which columns of the file (from 0) an importer's columns are read from.

    `values` are used where the file has none. `decimal_sign` and `date_order` (`dmy` or `mdy`) were
    chosen for the whole file; `signs` and `orders` are those by which each column is read.
    """

    columns: dict[str, list[int]] = field(default_factory=dict)
    values: dict[str, str] = field(default_factory=dict)
    decimal_sign: str = ""
    date_order: str = ""
    signs: dict[str, str] = field(default_factory=dict)
    orders: dict[str, str] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        """Returns the mapping for storing."""
        return asdict(self)

    def meaning_of(self, place: int) -> str:
        """Returns the importer's column that a column of the file is read as; empty for none."""
        return next((name for name, places in self.columns.items() if place in places), "")

    def ignored(self, headings: Sequence[str]) -> list[str]:
        """Returns the headings of the columns that are not read."""
        return [each for place, each in enumerate(headings) if each and not self.meaning_of(place)]


def headings_digest(headings: Sequence[str]) -> str:
    """Returns a key of the headings, by which a mapping is remembered."""
    keys = "\n".join(heading_key(each) for each in headings)
    return hashlib.sha256(keys.encode()).hexdigest()


def known_headings(importers: Iterable[Importer]) -> set[str]:
    """Returns all headings that importers know."""
    return {
        alias
        for importer in importers
        for column in importer.columns
        for alias in (column.name, *column.aliases, *column.shared, *column.parts)
    }


def propose(importer: Importer, sample: Sample) -> ColumnMapping:
    """Returns the likeliest mapping, by the headings and then by the content of the columns."""
    places: dict[str, int] = {}
    for place, heading in enumerate(sample.headings):
        for key in _keys(heading):
            places.setdefault(key, place)
    priced: dict[str, int] = {}  # by the headings without their words about tax
    for place, heading in enumerate(sample.headings):
        bare, has_tax = prices.split_heading(heading)
        if has_tax is not None:
            priced.setdefault(heading_key(bare or "price"), place)
    columns: dict[str, list[int]] = {}
    taken = {
        places[heading_key(ignored)]
        for heading, several in importer.ignored_beside.items()
        if heading_key(heading) in places
        for ignored in several
        if heading_key(ignored) in places
    }
    for column in importer.columns:
        for heading, names in column.names_beside.items():
            for key in map(heading_key, names):
                if heading_key(heading) in places and key in places:
                    columns[column.name] = [places[key]]
                    taken.add(places[key])
    for column in importer.columns:
        names = (column.name, *column.aliases)
        if column.recognises is None or places.keys() & {*map(heading_key, names)}:
            continue
        for key in map(heading_key, column.shared):
            at = places.get(key)
            if at is not None and at not in taken and column.recognises(cells_of(sample, at)):
                columns[column.name] = [at]
                taken.add(at)
                break
    # Names first: a column whose own name is a heading is not an alias of another.
    ranked: list[tuple[int, int, ImportColumn, int]] = []
    for order, column in enumerate(importer.columns):
        for rank, alias in enumerate((column.name, *column.aliases)):
            key = heading_key(alias)
            found = places.get(key, priced.get(key) if column.is_price else None)
            if found is not None:
                ranked.append((rank, order, column, found))
    for rank, _order, column, place in sorted(ranked, key=lambda each: each[:2]):
        if column.name in columns or place in taken:
            continue
        if rank == 0:  # its own name, as in the example file
            columns[column.name] = [place]
            taken.add(place)
            continue
        cells = cells_of(sample, place)
        # A name that most rows lack, such as a company's, is not the name of all.
        is_sparse = column.parts and len(cells) < LEAST_READABLE * min(
            MOST_MATCHING, len(sample.lines)
        )
        if is_readable_as(column, cells) and not is_sparse:
            columns[column.name] = [place]
            taken.add(place)
    # A required column is taken by its heading alone, so that its rows say what is wrong with them.
    for _rank, _order, column, place in sorted(ranked, key=lambda each: each[:2]):
        is_there = any(name in columns for name in (column.name, *column.instead))
        if column.required and not is_there and place not in taken:
            columns[column.name] = [place]
            taken.add(place)
    for column in importer.columns:
        keys = [heading_key(part) for part in column.parts]
        parts = [places[key] for key in keys if key in places]
        own = columns.get(column.name, [])
        if not own or _keys(sample.headings[own[0]])[-1] in keys:
            parts = [
                place for place in dict.fromkeys([*own, *parts]) if place not in taken - {*own}
            ]
            if parts:
                columns[column.name] = parts
                taken.update(parts)
    for column in importer.columns:
        if column.pattern and column.name not in columns:
            for place in range(len(sample.headings)):
                if place not in taken and _matches(column.pattern, cells_of(sample, place)):
                    columns[column.name] = [place]
                    taken.add(place)
                    break
    return ColumnMapping(columns=columns)


def price_headings(
    importer: Importer, mapping: ColumnMapping, headings: Sequence[str]
) -> list[str]:
    """Returns the headings of the columns that are read as prices."""
    return [
        headings[place]
        for column in importer.columns
        if column.is_price
        for place in mapping.columns.get(column.name, ())
        if place < len(headings)
    ]


def with_new_columns(
    importer: Importer,
    chosen: ColumnMapping,
    known: Sequence[str],
    proposed: ColumnMapping,
) -> ColumnMapping:
    """Returns a remembered mapping with what is proposed for columns that were unknown then.

    `known` are the columns that the importer had when the mapping was chosen. Columns that it has
    no longer are left out. No heading is read in another way than it was chosen.
    """
    names = {column.name for column in importer.columns}
    columns = {name: places for name, places in chosen.columns.items() if name in names}
    taken = {place for places in columns.values() for place in places}
    for name, places in proposed.columns.items():
        if name not in columns and name not in known and not taken & {*places}:
            columns[name] = places
            taken |= {*places}
    values = {name: text for name, text in chosen.values.items() if name in names}
    return replace(chosen, columns=columns, values=values)


def _keys(heading: str) -> list[str]:
    """Returns the keys of a heading: as it is, and without `billing`."""
    key = heading_key(heading)
    bare = [key[len(word) :] for word in BILLING if key.startswith(word)]
    bare += [key[: -len(word)] for word in BILLING if key.endswith(word)]
    return [each for each in (key, *bare) if each]


def source_of(importer: Importer, headings: Sequence[str]) -> str:
    """Returns the name of the program that writes such headings, or the importer's default."""
    keys = {heading_key(each) for each in headings}
    for heading, name in importer.sources.items():
        if heading_key(heading) in keys:
            return name
    return importer.default_source


def cells_of(sample: Sample, place: int, most: int = MOST_MATCHING) -> list[str]:
    """Returns the first cells of a column that are not empty."""
    found = []
    for line in sample.lines:
        if place < len(line.cells) and line.cells[place]:
            found.append(line.cells[place])
            if len(found) == most:
                break
    return found


def is_readable_as(column: ImportColumn, cells: Sequence[str]) -> bool:
    """Returns whether most cells can be read as the column's numbers or dates."""
    if column.fits is not None and not column.fits(cells):
        return False
    if not cells or not (column.is_number or column.is_date):
        return True
    shape = r".*\d.*" if column.is_number else r".*\d.*\d.*"
    fine = sum(1 for cell in cells if len(cell) <= 40 and re.fullmatch(shape, cell))
    return fine >= LEAST_READABLE * len(cells)


def _matches(pattern: str, cells: Sequence[str]) -> bool:
    fine = sum(1 for cell in cells if re.fullmatch(pattern, cell, re.IGNORECASE))
    return bool(cells) and fine >= LEAST_MATCHING * len(cells)


def checked_mapping(importer: Importer, sample: Sample, chosen: ColumnMapping) -> ColumnMapping:
    """Returns a person's choices, with the decimal signs and the orders of dates of the columns.

    Raises `Refused` when the choices contradict each other.
    """
    headings = sample.headings
    known = {column.name: column for column in importer.columns}
    for name, places in chosen.columns.items():
        if name not in known or any(not 0 <= place < len(headings) for place in places):
            raise Refused(_("The columns of the file have changed. Choose them again."), "columns")
        if len(places) > 1 and not known[name].joined_by:
            raise Refused(
                _("%(headings)s are both read as %(name)s. Choose one of them.")
                % {
                    "headings": ", ".join(headings[place] for place in places),
                    "name": name,
                },
                "columns",
            )
    missing = [
        column
        for column in importer.columns
        if column.required
        and not any(
            name in chosen.columns or chosen.values.get(name)
            for name in (column.name, *column.instead)
        )
    ]
    if missing:
        raise NotMapped(
            _("Choose a column, or one value for all rows, for: %(missing)s.")
            % {"missing": ", ".join(each.name for each in missing)},
            [each.name for each in missing],
        )
    signs, orders = {}, {}
    for name, places in chosen.columns.items():
        texts = [
            text for place in places for text in cells_of(sample, place, most=len(sample.lines))
        ]
        if known[name].is_number and numbers.has_signs(texts):
            signs[name] = chosen.decimal_sign or numbers.find_sign(texts)
        if known[name].is_date:
            orders[name] = chosen.date_order or date_order(sample, places)
    return replace(
        chosen,
        signs={name: sign for name, sign in signs.items() if sign},
        orders={name: order for name, order in orders.items() if order},
    )


def date_order(sample: Sample, places: Sequence[int]) -> str:
    """Returns the order of day and month of a column, or of the file's other dates; else empty."""
    most = len(sample.lines)
    own = [text for place in places for text in cells_of(sample, place, most=most)]
    return dates.column_order(own) or dates.column_order(
        text for line in sample.lines for text in line.cells if len(text) <= LONGEST_DATE
    )


class RowReader:
    """Turns the lines of a file into rows of an importer, in their order."""

    def __init__(self, importer: Importer, headings: Sequence[str], mapping: ColumnMapping) -> None:
        self.importer, self.headings, self.mapping = importer, list(headings), mapping
        self.columns = {column.name: column for column in importer.columns}
        self.required = [name for name, column in self.columns.items() if column.required]
        self.within = mapping.columns.get(importer.repeats_within, [])
        self.repeated = [
            place for name in importer.repeated for place in mapping.columns.get(name, ())
        ]
        self.read_places = sorted(
            {place for places in mapping.columns.values() for place in places} - set(self.within)
        )
        self.last: list[str] = []

    def filled(self, line: Line) -> list[str]:
        """Returns the cells with those that repeat the line before. Called for every line."""
        cells = list(line.cells)
        if self.within:
            cells += [""] * (len(self.headings) - len(cells))
            keys = [cells[place] for place in self.within]
            if any(keys) and self.last and keys == [self.last[place] for place in self.within]:
                for place in self.repeated:
                    cells[place] = cells[place] or self.last[place]
            self.last = cells
        return cells

    def read(self, line: Line) -> FileRow | None:
        """Returns the row, or None for a line with nothing in the columns that are read."""
        filled = self.filled(line)
        length = len(line.cells)
        if not any(line.cells[place] for place in self.read_places if place < length):
            return None
        cells: dict[str, str] = {}
        for name, column in self.columns.items():
            places = self.mapping.columns.get(name, ())
            texts = [filled[each] for each in places if each < len(filled) and filled[each]]
            several = list(dict.fromkeys(texts))
            text = several[0] if len(several) == 1 else column.joined_by.join(several)
            if HIDDEN_MARK.match(text):  # of a program that keeps spreadsheets from converting it
                text = text[1:]
            cells[name] = text or self.mapping.values.get(name, "")
        fault = self._fault(line, cells)
        if not fault:
            cells, fault = self._converted(cells)
        return FileRow(number=line.number, cells=cells, fault=fault)

    def _fault(self, line: Line, cells: Mapping[str, str]) -> str:
        if any(line.cells[len(self.headings) :]):
            return _("The row has more cells than the file has headings.")
        if any(len(cell) > MAX_CELL_LENGTH for cell in cells.values()):
            return _("A cell has more than %(most)d characters.") % {"most": MAX_CELL_LENGTH}
        if [" ".join(cell.split()) for cell in line.cells[: len(self.headings)]] == self.headings:
            return _("The row repeats the headings of the file.")
        first = next((cell for cell in line.cells if cell), "")
        if name_key(first).rstrip(":") in TOTALS and not all(
            cells[name]
            for name in self.required
            if name in self.mapping.columns and first not in cells[name]
        ):
            return _("The row is a total of other rows.")
        return ""

    def _converted(self, cells: dict[str, str]) -> tuple[dict[str, str], str]:
        """Returns the cells with decimal points and ISO dates, and why the row is refused."""
        faults: list[str] = []
        for name, column in self.columns.items():
            if not cells[name]:
                continue
            try:
                if column.is_number:
                    sign = self.mapping.signs.get(name, self.mapping.decimal_sign)
                    cells[name] = numbers.with_point(cells[name], name, sign)
                elif column.is_date:
                    order = self.mapping.orders.get(name, self.mapping.date_order)
                    cells[name] = dates.read_date(cells[name], order).isoformat(sep=" ")
            except Refused as refused:
                faults.append(str(refused.message))
            except dates.TwoDates:
                faults.append(
                    _(
                        "%(column)s “%(value)s” can mean two days. Choose the order of day and "
                        "month with the columns of the file."
                    )
                    % {"column": name, "value": cells[name][:40]}
                )
            except dates.NotADate:
                pass  # the importer refuses it
        return cells, " ".join(faults)
