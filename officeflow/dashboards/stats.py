"""The parts of a dashboard's statistics, and how their numbers are written."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from officeflow.dashboards.ranges import Range, Span
from officeflow.ui import times
from officeflow.ui.charts import EM_DASH, Chart, Label, Number, Point, write_share


@dataclass(frozen=True, kw_only=True)
class Stat:
    """One number for the whole range, as `components/stat.html` shows it."""

    label: str
    value: str
    hint: str = ""
    url: str = ""
    tone: str = "neutral"


@dataclass(frozen=True, kw_only=True)
class Amount:
    """An amount of money in words, and the address of its rows."""

    text: str
    url: str


@dataclass(frozen=True, kw_only=True)
class Figures:
    """The statistics of a range. `other_currencies` are amounts that are not included.

    `gap_until` is the moment up to which hand-offs are missing because they were deleted.
    """

    stats: list[Stat]
    charts: list[Chart]
    other_currencies: list[Amount] = field(default_factory=list)
    gap_until: datetime | None = None


def points(
    spans: Sequence[Span],
    value: Callable[[int], Number | None],
    url: Callable[[Span], str],
    *,
    zero_has_rows: bool = False,
) -> list[Point]:
    """A value for each span, linked to its rows; zero has none, unless `zero_has_rows`."""
    found = [(span, value(index)) for index, span in enumerate(spans)]
    return [
        Point(value=each, url=url(span) if each or (each == 0 and zero_has_rows) else "")
        for span, each in found
    ]


def labels_of(shown: Range) -> list[Label]:
    """The label of each span."""
    return [span.label for span in shown.spans]


def count_text(number: int) -> str:
    """A number as charts write it."""
    return Chart(id="", title="", head="", labels=[], series=[]).write(number)


def duration_text(seconds: float | None) -> str:
    """A duration given in seconds, in words; a dash for None."""
    return EM_DASH if seconds is None else times.duration(seconds)


def opening_time_text(seconds: float | None) -> str:
    """Seconds of opening time in words; a dash for None."""
    return EM_DASH if seconds is None else times.opening_time(seconds)


def share_text(share: float | None) -> str:
    """A share from 0 to 1 in per cent; a dash for None."""
    return EM_DASH if share is None else write_share(share)
