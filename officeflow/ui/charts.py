"""Charts as SVG in the page, with a table of the same values.

    Chart(id="posted", title=_("Posted"), form=Form.BARS, labels=…, series=…, head=_("Day"))
    {% include "components/chart.html" with chart=chart %}

Colours come from classes and design tokens, so that light and dark mode use the same SVG. Each
chart is drawn in a wide and a narrow size, of which the stylesheet shows the one that fits. Points
with a URL are links. `chart_drawing` draws the SVG.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from django.utils import formats
from django.utils.functional import Promise, cached_property
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from officeflow.money import (
    format_money,
    format_quantity,
    places,
    with_percent_sign,
    with_sign,
)
from officeflow.ui import chart_drawing, times

Number = int | float | Decimal
Text = str | Promise
EM_DASH = "—"
COLOURS = 6


class Form(StrEnum):
    """How values are drawn: bars or lines over time, rows for named items."""

    BARS = "bars"
    LINES = "lines"
    ROWS = "rows"


class Measure(StrEnum):
    """The kind of values, which determines their format and the marks of the scale."""

    COUNT = "count"
    DURATION = "duration"  # seconds
    OPENING_TIME = "opening time"  # seconds in which the office was open
    MONEY = "money"
    SHARE = "share"  # a fraction: 0.2 is 20 %


DURATIONS = (Measure.DURATION, Measure.OPENING_TIME)


@dataclass(frozen=True, kw_only=True)
class Point:
    """A value, None when there is none; `url` links to the rows behind it."""

    value: Number | None
    url: str = ""


@dataclass(frozen=True, kw_only=True)
class Label:
    """The label of a point: `short` on the axis, `full` in the table."""

    short: str
    full: str


@dataclass(frozen=True, kw_only=True)
class Series:
    """One point for each label of the chart; `colour` is a number from 1 to `COLOURS`."""

    name: str
    points: Sequence[Point]
    colour: int = 1


@dataclass(frozen=True)
class ChartCell:
    """A formatted value in the table."""

    text: str
    url: str


@dataclass(frozen=True)
class ChartRow:
    """A row of the table."""

    label: str
    cells: list[ChartCell]


@dataclass(frozen=True, kw_only=True)
class Chart:
    """A chart with its table. `id` is unique on the page; `head` is the first column's heading."""

    id: str
    title: str
    head: str
    labels: Sequence[Label]
    series: Sequence[Series]
    form: Form = Form.BARS
    measure: Measure = Measure.COUNT
    currency: str = ""
    note: str = ""
    # Whether the table has a row of sums, for values that can be added.
    with_sums: bool = False

    @cached_property
    def is_empty(self) -> bool:
        """Whether all values are zero or missing; zero opening time is a value too."""
        shown = (point.value for series in self.series for point in series.points)
        if self.measure == Measure.OPENING_TIME:
            return all(value is None for value in shown)
        return not any(shown)

    @property
    def has_legend(self) -> bool:
        """Whether the chart needs a legend."""
        return len(self.series) > 1

    @cached_property
    def rows(self) -> list[ChartRow]:
        """The rows of the table: one for each label, with a cell for each series."""
        return [
            ChartRow(
                label.full,
                [
                    ChartCell(self.write(series.points[index].value), series.points[index].url)
                    for series in self.series
                ],
            )
            for index, label in enumerate(self.labels)
        ]

    @property
    def table_rows(self) -> SafeString:
        """The rows of the table as HTML, which a template would draw ten times slower."""
        return format_html_join(
            "\n",
            '<tr><th scope="row">{}</th>{}</tr>',
            ((row.label, _cells(row.cells)) for row in self.rows),
        )

    @cached_property
    def sums(self) -> list[str]:
        """The formatted sum of each series."""
        return [
            self.write(sum((Decimal(point.value or 0) for point in series.points), Decimal(0)))
            for series in self.series
        ]

    @cached_property
    def description(self) -> str:
        """The description for screen readers; empty without values."""
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
        """The SVG in the wide and the narrow size."""
        return chart_drawing.pictures(self)

    def write(self, value: Number | None) -> str:
        """Returns a value formatted for the table and the tooltips."""
        if value is None:
            return EM_DASH
        if self.measure == Measure.DURATION:
            return times.duration(value)
        if self.measure == Measure.OPENING_TIME:
            return times.opening_time(value)
        if self.measure == Measure.MONEY:
            return format_money(Decimal(value), self.currency)
        if self.measure == Measure.SHARE:
            return write_share(value)
        return format_quantity(Decimal(value))

    def write_mark(self, value: Number) -> str:
        """Returns a value formatted for the axis, in few letters."""
        if self.measure in DURATIONS:
            # A whole number of seconds needs no decimal.
            whole = 1 <= value < 10 and value == int(value)
            return _("%(count)s s") % {"count": int(value)} if whole else times.duration(value or 0)
        if self.measure == Measure.SHARE:
            return with_percent_sign(str(round(float(value) * 100)))
        if self.measure == Measure.MONEY:
            return _short_money(float(value), self.currency)
        return formats.number_format(round(float(value)), 0, use_l10n=True, force_grouping=True)


def _cells(cells: Sequence[ChartCell]) -> SafeString:
    return format_html_join("", '<td class="num">{}</td>', ((_linked(cell),) for cell in cells))


def _linked(cell: ChartCell) -> SafeString | str:
    return format_html('<a href="{}">{}</a>', cell.url, cell.text) if cell.url else cell.text


def write_share(value: Number) -> str:
    """Returns a fraction as a percentage with one decimal: `12.5%`."""
    percentage = formats.number_format(round(Decimal(value) * 100, 1), 1, use_l10n=True)
    return with_percent_sign(percentage)


def _short_money(value: float, currency: str) -> str:
    size, unit = abs(value), ""
    if size >= 10_000_000:
        size, unit = size / 1_000_000, _("M")
    elif size >= 10_000:
        size, unit = size / 1000, _("k")
    decimals = 0 if size == round(size) else 2 if unit else places(currency)
    number = formats.number_format(
        round(size, decimals), decimals, use_l10n=True, force_grouping=True
    )
    return with_sign(f"{number}{unit}", currency, is_negative=value < 0)
