"""What the columns of a file probably mean, by their headings and then by their content."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from officeflow.imports import prices
from officeflow.imports.mapping import MOST_MATCHING, ColumnMapping, cells_of
from officeflow.imports.reading import Sample, heading_key
from officeflow.imports.registry import ImportColumn, Importer

LEAST_MATCHING = 0.6  # of the cells, for a column to be recognised by its content
LEAST_READABLE = 0.5  # of the cells, for a heading to be believed
# Words that files write before or behind the headings of the invoice's recipient.
BILLING = ("billing", "billto", "bill")


def propose(importer: Importer, sample: Sample) -> ColumnMapping:
    """Returns the likeliest mapping."""
    proposal = _Proposal(importer, sample)
    proposal.leave_out()
    proposal.take_named_beside()
    proposal.take_shared()
    proposal.take_by_heading()
    proposal.take_required()
    proposal.join_parts()
    proposal.take_by_content()
    return importer.settled(sample, ColumnMapping(columns=proposal.columns))


@dataclass(frozen=True)
class _Candidate:
    """A column of the file with a heading of the importer's column.

    `rank` is 0 for the column's own name, as in the example file, and counts its aliases.
    """

    rank: int
    column: ImportColumn
    place: int


class _Proposal:
    """The importer's columns with their places in the file, of which each is taken once."""

    def __init__(self, importer: Importer, sample: Sample) -> None:
        self.importer, self.sample = importer, sample
        self.columns: dict[str, list[int]] = {}
        self.taken: set[int] = set()
        self.places: dict[str, int] = {}  # by the keys of the headings
        self.priced: dict[str, int] = {}  # by the headings without their words about tax
        for place, heading in enumerate(sample.headings):
            for key in _keys(heading):
                self.places.setdefault(key, place)
            bare, has_tax = prices.split_heading(heading)
            if has_tax is not None:
                self.priced.setdefault(heading_key(bare or "price"), place)
        self.candidates = self._candidates()

    def _candidates(self) -> list[_Candidate]:
        """Returns names first: a column whose own name is a heading is not an alias of another."""
        found = []
        for column in self.importer.columns:
            for rank, heading in enumerate((column.name, *column.aliases)):
                place = self._place_of(heading)
                if place is None and column.is_price:
                    place = self.priced.get(heading_key(heading))
                if place is not None:
                    found.append(_Candidate(rank, column, place))
        return sorted(found, key=lambda each: each.rank)

    def _place_of(self, heading: str) -> int | None:
        return self.places.get(heading_key(heading))

    def _take(self, column: ImportColumn, *places: int) -> None:
        self.columns[column.name] = [*places]
        self.taken.update(places)

    def leave_out(self) -> None:
        """Leaves out columns that mean nothing beside another."""
        for heading, several in self.importer.ignored_beside.items():
            if self._place_of(heading) is not None:
                found = map(self._place_of, several)
                self.taken.update(place for place in found if place is not None)

    def take_named_beside(self) -> None:
        """Takes columns with a name that they have beside another heading only."""
        for column in self.importer.columns:
            for heading, names in column.names_beside.items():
                for place in map(self._place_of, names):
                    if place is not None and self._place_of(heading) is not None:
                        self._take(column, place)

    def take_shared(self) -> None:
        """Takes columns by headings that several share, if the content decides."""
        for column in self.importer.columns:
            has_own = any(
                self._place_of(name) is not None for name in (column.name, *column.aliases)
            )
            if column.recognises is None or has_own:
                continue
            for place in map(self._place_of, column.shared):
                if place is None or place in self.taken:
                    continue
                if column.recognises(cells_of(self.sample, place)):
                    self._take(column, place)
                    break

    def take_by_heading(self) -> None:
        """Takes columns by their headings, if their cells can be read as what they say."""
        for each in self.candidates:
            if each.column.name in self.columns or each.place in self.taken:
                continue
            if each.rank == 0 or self._is_believed(each):
                self._take(each.column, each.place)

    def _is_believed(self, candidate: _Candidate) -> bool:
        cells = cells_of(self.sample, candidate.place)
        if not is_readable_as(candidate.column, cells):
            return False
        # A name that most rows lack, such as a company's, is not the name of all, if there are
        # other columns for it.
        parts = map(self._place_of, candidate.column.parts)
        if all(place in (None, candidate.place) or place in self.taken for place in parts):
            return True
        return len(cells) >= LEAST_READABLE * min(MOST_MATCHING, len(self.sample.lines))

    def take_required(self) -> None:
        """Takes required columns by the heading alone: their rows say what is wrong with them."""
        for each in self.candidates:
            names = (each.column.name, *each.column.instead)
            is_there = any(name in self.columns for name in names)
            if each.column.required and not is_there and each.place not in self.taken:
                self._take(each.column, each.place)

    def join_parts(self) -> None:
        """Takes columns that are joined of several, such as first and last names."""
        for column in self.importer.columns:
            keys = [heading_key(part) for part in column.parts]
            own = self.columns.get(column.name, [])
            if own and _keys(self.sample.headings[own[0]])[-1] not in keys:
                continue
            parts = [*own, *(self.places[key] for key in keys if key in self.places)]
            free = [place for place in dict.fromkeys(parts) if place not in self.taken - {*own}]
            if free:
                self._take(column, *free)

    def take_by_content(self) -> None:
        """Takes columns whose cells match a pattern, whatever their heading."""
        for column in self.importer.columns:
            if not column.pattern or column.name in self.columns:
                continue
            for place in range(len(self.sample.headings)):
                cells = cells_of(self.sample, place)
                if place not in self.taken and _matches(column.pattern, cells):
                    self._take(column, place)
                    break


def _keys(heading: str) -> list[str]:
    """Returns the keys of a heading: as it is, and without `billing`."""
    key = heading_key(heading)
    bare = [key[len(word) :] for word in BILLING if key.startswith(word)]
    bare += [key[: -len(word)] for word in BILLING if key.endswith(word)]
    return [each for each in (key, *bare) if each]


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


def known_headings(importers: Iterable[Importer]) -> set[str]:
    """Returns all headings that importers know."""
    return {
        alias
        for importer in importers
        for column in importer.columns
        for alias in (column.name, *column.aliases, *column.shared, *column.parts)
    }


def source_of(importer: Importer, headings: Sequence[str]) -> str:
    """Returns the name of the program that writes such headings, or the importer's default."""
    keys = {heading_key(each) for each in headings}
    for heading, name in importer.sources.items():
        if heading_key(heading) in keys:
            return name
    return importer.default_source


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
