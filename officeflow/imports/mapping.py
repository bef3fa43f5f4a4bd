"""What the columns of a file mean: which of them an importer's columns are read from."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from django.utils.translation import gettext as _

from officeflow.errors import Refused
from officeflow.imports import dates, numbers
from officeflow.imports.reading import Sample, heading_key
from officeflow.imports.registry import Importer

MOST_MATCHING = 300  # cells of a column that are looked at
LONGEST_DATE = 30  # characters


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


def cells_of(sample: Sample, place: int, most: int = MOST_MATCHING) -> list[str]:
    """Returns the first cells of a column that are not empty."""
    found = []
    for line in sample.lines:
        if place < len(line.cells) and line.cells[place]:
            found.append(line.cells[place])
            if len(found) == most:
                break
    return found


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
