"""Charts: SVG made on the server, in the page, with its table beneath.

    Chart(id="posted", title=_("Posted"), form=Form.BARS, labels=…, series=…, head=_("Day"))
    {% include "components/chart.html" with chart=chart %}

Colours come from classes and the design tokens, so that light and dark need no second picture.
Each chart is drawn twice, for a wide and for a narrow place; the stylesheet shows the one that
fits, and letters keep their size. Points that have an address are links. `chart_drawing` draws.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from django.utils import formats
from django.utils.functional import Promise, cached_property
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from officeflow.money import format_money, format_quantity, with_sign
from officeflow.ui import chart_drawing, times

Number = int | float | Decimal
Text = str | Promise
EM_DASH = "—"
COLOURS = 6


class Form(StrEnum):
    """How values are drawn: bars and lines over time, rows for things with names."""

    BARS = "bars"
    LINES = "lines"
    ROWS = "rows"


class Measure(StrEnum):
    """What the values are, which says how they are written and where the scale has its marks."""

    COUNT = "count"
    DURATION = "duration"  # seconds
    MONEY = "money"
    SHARE = "share"  # a fraction: 0.2 is 20 %


@dataclass(frozen=True, kw_only=True)
class Point:
    """One value; None where there is nothing to tell. `url` leads to what is behind it."""

    value: Number | None
    url: str = ""


@dataclass(frozen=True, kw_only=True)
class Label:
    """What stands under a point: a few letters on the axis, the whole in the table."""

    short: str
    full: str


@dataclass(frozen=True, kw_only=True)
class Series:
    """One set of values, as many as the chart has labels. `colour` counts from 1 to `COLOURS`."""

    name: str
    points: Sequence[Point]
    colour: int = 1


@dataclass(frozen=True)
class Cell:
    """One value in the table, as it is written there."""

    text: str
    url: str


@dataclass(frozen=True)
class Row:
    """One row of the table."""

    label: str
    cells: list[Cell]


@dataclass(frozen=True, kw_only=True)
class Chart:
    """A chart and its table. `id` names it on the page; `head` is the first column's heading."""

    id: str
    title: str
    head: str
    labels: Sequence[Label]
    series: Sequence[Series]
    form: Form = Form.BARS
    measure: Measure = Measure.COUNT
    currency: str = ""
    note: str = ""
    # Sums of the columns beneath the table; only where adding them up means something.
    with_sums: bool = False

    @cached_property
    def is_empty(self) -> bool:
        """Whether there is nothing to draw."""
        return not any(point.value for series in self.series for point in series.points)

    @property
    def has_legend(self) -> bool:
        """Whether one must say which series is which."""
        return len(self.series) > 1

    @cached_property
    def rows(self) -> list[Row]:
        """The table: a row for each label, a cell for each series."""
        return [
            Row(
                label.full,
                [
                    Cell(self.write(series.points[index].value), series.points[index].url)
                    for series in self.series
                ],
            )
            for index, label in enumerate(self.labels)
        ]

    @cached_property
    def sums(self) -> list[str]:
        """The sum of each series, as it is written."""
        return [
            self.write(sum((Decimal(point.value or 0) for point in series.points), Decimal(0)))
            for series in self.series
        ]

    @cached_property
    def description(self) -> str:
        """What somebody hears who does not see the picture."""
        highest = max(
            (
                (point.value, series.name, label.full)
                for series in self.series
                for label, point in zip(self.labels, series.points, strict=True)
                if point.value is not None
            ),
            key=lambda found: found[0],
            default=None,
        )
        if highest is None:
            return ""
        return _(
            "%(first)s to %(last)s. The highest: %(series)s, %(value)s, %(label)s. "
            "The table beneath has every number."
        ) % {
            "first": self.labels[0].full,
            "last": self.labels[-1].full,
            "series": highest[1],
            "value": self.write(highest[0]),
            "label": highest[2],
        }

    @cached_property
    def pictures(self) -> SafeString:
        """The wide and the narrow picture."""
        return chart_drawing.pictures(self)

    def write(self, value: Number | None) -> str:
        """A value as the table and the tooltips say it."""
        if value is None:
            return EM_DASH
        if self.measure == Measure.DURATION:
            return times.duration(value)
        if self.measure == Measure.MONEY:
            return format_money(Decimal(value), self.currency)
        if self.measure == Measure.SHARE:
            return write_share(value)
        return format_quantity(Decimal(value))

    def write_mark(self, value: Number) -> str:
        """A value as the axis says it, in few letters."""
        if self.measure == Measure.DURATION:
            return times.duration(value) if value else "0"
        if self.measure == Measure.SHARE:
            return f"{round(float(value) * 100)}\N{NO-BREAK SPACE}%"
        if self.measure == Measure.MONEY:
            return _short_money(float(value), self.currency)
        return formats.number_format(round(float(value)), 0, use_l10n=True, force_grouping=True)


def write_share(value: Number) -> str:
    """A fraction as a percentage with one decimal: `12.5 %`."""
    percentage = formats.number_format(round(Decimal(value) * 100, 1), 1, use_l10n=True)
    return f"{percentage}\N{NO-BREAK SPACE}%"


def _short_money(value: float, currency: str) -> str:
    size, unit = abs(value), ""
    if size >= 10_000_000:
        size, unit = size / 1_000_000, _("M")
    elif size >= 10_000:
        size, unit = size / 1000, _("k")
    places = 0 if size == round(size) else 2
    number = formats.number_format(round(size, places), places, use_l10n=True, force_grouping=True)
    return with_sign(f"{number}{unit}", currency, is_negative=value < 0)
