"""What is rolled up: each app says it beside its reports, and registers it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from officeflow.company.models import Office

# SQL with its parameters.
Sql = tuple[str, list[Any]]


@dataclass(frozen=True, kw_only=True)
class Rollup:
    """Figures of the rows of one table by the time in one of its columns.

    `select` returns SQL over the table `piece` (`slot`, `since`, `until`), which has for each slot,
    family of figures and key the columns `slot`, `family` (text), `key` (text[]), `sums`
    (numeric[]) and `bins` (smallint[] of a histogram, else null). It is the one definition of the
    figures: the sweeper, the pages and the check all use it. It is given the office and the
    beginning of the first piece. `width` is the largest number of sums, apart from histograms.

    `version` returns what the figures depend on beside the rows and the time zone: when it changes,
    they are built anew.
    """

    name: str
    table: str
    column: str
    width: int
    select: Callable[[Office, datetime], Sql]
    version: Callable[[Office], str] = field(default=lambda _office: "1")

    def version_of(self, office: Office) -> str:
        """Returns what a bucket must have to count."""
        return f"{self.version(office)} {office.time_zone}"


def in_pieces(rows: str, column: str, columns: str) -> str:
    """Returns SQL to select from: `columns` of the rows whose time lies in a piece.

    `rows` is a table, or tables joined. The rows of each piece are found by themselves, by the
    index of the time, whatever PostgreSQL thinks of the number of pieces.
    """
    return f"""piece CROSS JOIN LATERAL (
        SELECT {columns} FROM {rows} WHERE {column} >= since AND {column} < until OFFSET 0
    ) found"""  # noqa: S608 (SQL of our own)


_rollups: dict[str, Rollup] = {}


def register(rollup: Rollup) -> None:
    """Has the sweeper keep a roll-up; a second registration of the name replaces the first."""
    _rollups[rollup.name] = rollup


def rollups() -> list[Rollup]:
    """Returns every roll-up."""
    return list(_rollups.values())
