"""Turns the lines of a file into rows of an importer, as its columns are mapped."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from django.utils.translation import gettext as _

from officeflow.errors import Refused
from officeflow.imports import dates, numbers
from officeflow.imports.content import MAX_CELL_LENGTH
from officeflow.imports.mapping import ColumnMapping
from officeflow.imports.reading import Line
from officeflow.imports.registry import FileRow, Importer
from officeflow.text import name_key

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


def no_values() -> str:
    """Returns why a line is refused that has nothing in the columns that are read."""
    return _("The row has no values in the columns that are read.")


def joined(texts: Sequence[str], sign: str) -> str:
    """Returns the cells of one row that are read as one text, in their order.

    A text that another one has as a part is left out: of `Street` and `Address 1` the second.
    """
    several = list(dict.fromkeys(texts))
    if len(several) < 2:
        return several[0] if several else ""  # as it is: a `SheetNumber` stays one
    parts = [{*text.split(sign)} if sign.strip() else {text} for text in several]
    return sign.join(
        text
        for place, text in enumerate(several)
        if not any(text in each for other, each in enumerate(parts) if other != place)
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

    def read(self, line: Line) -> FileRow:
        """Returns the row. One with nothing in the columns that are read has a fault."""
        filled = self.filled(line)
        cells: dict[str, str] = {}
        for name, column in self.columns.items():
            places = self.mapping.columns.get(name, ())
            texts = [filled[each] for each in places if each < len(filled) and filled[each]]
            text = joined(texts, column.joined_by)
            if HIDDEN_MARK.match(text):  # of a program that keeps spreadsheets from converting it
                text = text[1:]
            cells[name] = text or self.mapping.values.get(name, "")
        fault = self._why_apart(line, cells)
        if fault:
            return FileRow(number=line.number, cells=cells, fault=fault, is_apart=True)
        fault = self._fault(line, cells)
        if not fault:
            cells, fault = self._converted(cells)
        return FileRow(number=line.number, cells=cells, fault=fault)

    def _fault(self, line: Line, cells: Mapping[str, str]) -> str:
        if any(line.cells[len(self.headings) :]):
            return _("The row has more cells than the file has headings.")
        if any(len(cell) > MAX_CELL_LENGTH for cell in cells.values()):
            return _("A cell has more than %(most)d characters.") % {"most": MAX_CELL_LENGTH}
        return ""

    def _why_apart(self, line: Line, cells: Mapping[str, str]) -> str:
        """Returns why a line is no part of a record; empty for any other."""
        given = {place for place, cell in enumerate(line.cells) if cell}
        if not given & {*self.read_places}:
            if not given & {*self.within}:
                return no_values()
            if not self.importer.keeps_faults:
                return _("The row has nothing but “%(column)s”.") % {
                    "column": self.importer.repeats_within
                }
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
