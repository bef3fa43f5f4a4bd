"""What the figures of a range are made of: a number, a line of points, and how both are written."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from officeflow.dashboards.ranges import Range, Span
from officeflow.ui import times
from officeflow.ui.charts import EM_DASH, Chart, Label, Number, Point, write_share


@dataclass(frozen=True, kw_only=True)
class Stat:
    """One figure for the whole range, as `components/stat.html` shows it."""

    label: str
    value: str
    hint: str = ""
    url: str = ""
    tone: str = "neutral"


@dataclass(frozen=True, kw_only=True)
class Figures:
    """Everything a page shows of its range. `elsewhere` are amounts that no figure holds.

    `gap_until` is up to when hand-offs are missing because they are no longer kept.
    """

    stats: list[Stat]
    charts: list[Chart]
    elsewhere: list[str] = field(default_factory=list)
    gap_until: datetime | None = None


def points(
    spans: Sequence[Span],
    value: Callable[[int], Number | None],
    url: Callable[[Span], str],
) -> list[Point]:
    """A value for each span; those that are not nothing lead to what is behind them."""
    found = [(span, value(index)) for index, span in enumerate(spans)]
    return [Point(value=each, url=url(span) if each else "") for span, each in found]


def labels_of(shown: Range) -> list[Label]:
    """What stands under each span."""
    return [span.label for span in shown.spans]


def write_count(number: int) -> str:
    """A number as the charts write it."""
    return Chart(id="", title="", head="", labels=[], series=[]).write(number)


def write_clock(seconds: float | None) -> str:
    """A duration, given in seconds, in words; a dash for none."""
    return EM_DASH if seconds is None else times.duration(seconds)


def write_part(share: float | None) -> str:
    """A share from 0 to 1 in per cent; a dash for none."""
    return EM_DASH if share is None else write_share(share)
