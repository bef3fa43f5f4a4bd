"""Draws charts as SVG with the geometry that pygal computes.

Of pygal's SVG only the geometry is used, without its scripts and styles, which the content
security policy forbids. Drawn charts are cached by their content.
"""

from __future__ import annotations

import hashlib
import math
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from xml.etree.ElementTree import Element, SubElement, tostring

import pygal
from django.core.cache import cache
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
from pygal.style import Style

from officeflow.ui.chart_scale import marks

if TYPE_CHECKING:
    from officeflow.ui.charts import Chart

CACHE_SECONDS = 300
LETTER = 7.0  # width of a letter on the axis, in units of the viewBox
FONT = 12
STYLE = Style(
    font_family="inherit",
    label_font_size=FONT,
    major_label_font_size=FONT,
    value_font_size=FONT,
    value_label_font_size=FONT,
    legend_font_size=FONT,
    title_font_size=FONT,
)


@dataclass(frozen=True)
class Size:
    """Width and height of a picture, and the maximal number of letters of a row's name."""

    name: str
    width: int
    height: int
    letters: int


WIDE = Size("wide", 640, 232, 30)
NARROW = Size("narrow", 330, 216, 29)
SIZES = (WIDE, NARROW)


class _WithoutTooltips:
    """Leaves out the data for tooltips of pygal's script."""

    def _tooltip_data(self, *args: Any, **kwargs: Any) -> None:
        """Adds nothing."""


class _Bar(_WithoutTooltips, pygal.Bar):
    pass


class _Line(_WithoutTooltips, pygal.Line):
    pass


class _Rows(_WithoutTooltips, pygal.HorizontalBar):
    pass


KINDS = {"bars": _Bar, "lines": _Line, "rows": _Rows}


def pictures(chart: Chart) -> SafeString:
    """Returns the chart's SVG in both sizes; the stylesheet shows the one that fits."""
    key = _key(chart)
    drawn: str | None = cache.get(key)
    if drawn is None:
        drawn = "".join(_picture(chart, size) for size in SIZES)
        cache.set(key, drawn, CACHE_SECONDS)
    urls = {
        _place(number, index): escape(point.url)
        for number, series in enumerate(chart.series)
        for index, point in enumerate(series.points)
    }
    # ElementTree has escaped every text.
    return mark_safe(  # noqa: S308
        PLACE.sub(lambda found: urls.get(found[0], found[0]), drawn)
    )


# Stands in a drawing for the address of a point, which may change with each request.
PLACE = re.compile("\ue000[0-9]+[.][0-9]+\ue001")


def _place(series: int, point: int) -> str:
    return f"\ue000{series}.{point}\ue001"


def _key(chart: Chart) -> str:
    content = repr(
        (get_language(), chart.id, chart.title, chart.form, chart.measure, chart.currency)
    )
    content += repr(chart.labels)
    for series in chart.series:
        points = [(point.value, bool(point.url)) for point in series.points]
        content += repr((series.name, series.colour, points))
    return "chart." + hashlib.sha256(content.encode()).hexdigest()


def _picture(chart: Chart, size: Size) -> str:
    plan, height = _plan(chart, size)
    tree: Element = plan.render_tree()
    plots = [g for g in tree.iter("g") if (g.get("class") or "").startswith("plot")]
    ground, overlay = plots[0], plots[1]
    linked = any(point.url for series in chart.series for point in series.points)
    name = f"{chart.id}-{size.name}"
    svg = Element(
        "svg",
        {
            "class": f"chart__picture chart__picture--{size.name}",
            "viewBox": f"0 0 {size.width} {height}",
            # An image has no interactive parts; a chart with links is a group.
            "role": "group" if linked else "img",
            "aria-labelledby": f"{name}-title",
            "aria-describedby": f"{name}-desc",
        },
    )
    SubElement(svg, "title", {"id": f"{name}-title"}).text = chart.title
    SubElement(svg, "desc", {"id": f"{name}-desc"}).text = chart.description
    plot = SubElement(svg, "g", {"transform": ground.get("transform", "")})
    for axis in ground.findall("g"):
        kind = axis.get("class") or ""
        if kind.startswith("axis"):
            _axis(plot, axis, "y" if "axis y" in kind else "x", chart.form == "rows")
    first = [True]
    for index, series in enumerate(chart.series):
        group = SubElement(
            plot, "g", {"class": f"chart__series chart__series--{chart.form} k{series.colour}"}
        )
        drawn = _of_series(ground, index)
        if chart.form == "lines":
            for path in drawn.iter("path"):
                SubElement(group, "path", {"class": "chart__line", "d": _rounded(path.get("d"))})
            shapes = list(_of_series(overlay, index).iter("circle"))
        else:
            shapes = list(drawn.iter("rect"))
        _points(group, chart, index, shapes, first)
    return tostring(svg, encoding="unicode")


def _plan(chart: Chart, size: Size) -> tuple[Any, int]:
    """Returns pygal's chart with our scale and the labels that have room, and its height."""
    values = [
        float(point.value)
        for series in chart.series
        for point in series.points
        if point.value is not None
    ]
    scale = marks(min(values, default=0), max(values, default=0), chart.measure, chart.currency)
    is_rows = chart.form == "rows"
    height = size.height if not is_rows else 44 + 30 * max(1, len(chart.labels))
    plan: Any = KINDS[chart.form](
        js=[],
        css=[],
        style=STYLE,
        width=size.width,
        height=height,
        show_legend=False,
        allow_interruptions=True,
        dots_size=3,
        truncate_label=-1,  # labels are selected and cut here
        margin=6,
        margin_right=22,
        spacing=6,
        range=(scale[0], scale[-1]),
    )
    plan.y_labels = [
        {"label": chart.write_mark(mark), "value": mark}
        for mark in _marks_with_room(scale, chart, size)
    ]
    labels = [label.short for label in chart.labels]
    if is_rows:
        # Pygal draws rows from the bottom up.
        plan.x_labels = [_cut(label, size.letters) for label in reversed(labels)]
    else:
        plan.x_labels = _labels_with_room(labels, size.width - 60)
    for series in chart.series:
        points = [None if p.value is None else float(p.value) for p in series.points]
        plan.add(series.name, points[::-1] if is_rows else points)
    return plan, height


def _marks_with_room(scale: list[float], chart: Chart, size: Size) -> list[float]:
    """Returns the marks that have room side by side; charts of rows have them at the bottom."""
    if chart.form != "rows":
        return scale
    names = max((len(_cut(label.short, size.letters)) for label in chart.labels), default=0)
    room = (size.width - names * LETTER - 60) / max(1, len(scale) - 1)
    longest = max(len(chart.write_mark(mark)) for mark in scale) * LETTER + 10
    return scale[:: max(1, math.ceil(longest / max(room, 1)))]


def _labels_with_room(labels: list[str], room: float) -> list[str]:
    """Returns the labels with as many replaced by an empty one as needed for the others."""
    longest = max((len(label) for label in labels), default=0) * LETTER + 12
    every = max(1, math.ceil(longest * len(labels) / room))
    return [label if index % every == 0 else "" for index, label in enumerate(labels)]


def _cut(label: str, letters: int) -> str:
    return label if len(label) <= letters else label[: letters - 1].rstrip() + "…"


def _axis(plot: Element, axis: Element, side: str, is_rows: bool) -> None:
    # Only the axis of values has guides.
    value_side = "x" if is_rows else "y"
    for guide in axis.findall("g"):
        path, text = guide.find("path"), guide.find("text")
        if side == value_side and path is not None:
            is_zero = "axis" in (path.get("class") or "").split()
            name = "chart__zero" if is_zero else "chart__guide"
            SubElement(plot, "path", {"class": name, "d": _rounded(path.get("d"))})
        if text is not None and text.text:
            SubElement(
                plot,
                "text",
                {
                    "class": f"chart__mark chart__mark--{side}",
                    "x": _short(text.get("x")),
                    "y": _short(text.get("y")),
                },
            ).text = text.text


def _points(
    group: Element, chart: Chart, number: int, shapes: list[Element], first: list[bool]
) -> None:
    """Adds the bars or dots of one series, as links when their points have a URL.

    Only the first link of a chart is in the tab order; arrow keys move to the others.
    """
    series = chart.series[number]
    points = [
        (label, point, _place(number, index))
        for index, (label, point) in enumerate(zip(chart.labels, series.points, strict=True))
        if point.value is not None
    ]
    if chart.form == "rows":
        points.reverse()
    pairs = list(zip(points, shapes, strict=True))
    for (label, point, place), shape in pairs[::-1] if chart.form == "rows" else pairs:
        name = f"{label.full}, {series.name}: {chart.write(point.value)}"
        holder = SubElement(group, "g")
        if point.url:
            holder.tag = "a"
            holder.set("class", "chart__link")
            holder.set("href", place)
            holder.set("tabindex", "0" if first[0] else "-1")
            first[0] = False
        # The accessible name of the link, and its tooltip.
        SubElement(holder, "title").text = name
        SubElement(holder, shape.tag, dict(_shape(shape)))
        if point.url and shape.tag == "circle":
            # A larger, invisible target for the pointer.
            target = {**dict(_shape(shape)), "r": "11", "class": "chart__target"}
            SubElement(holder, "circle", target)


def _shape(shape: Element) -> Iterator[tuple[str, str]]:
    yield "class", "chart__dot" if shape.tag == "circle" else "chart__bar"
    for name in ("cx", "cy", "r") if shape.tag == "circle" else ("x", "y", "width", "height"):
        yield name, _short(shape.get(name))
    if shape.tag == "rect":
        yield "rx", "2"


def _of_series(plot: Element, index: int) -> Element:
    wanted = f"serie-{index}"
    for group in plot.findall("g"):
        if wanted in (group.get("class") or "").split():
            return group
    return Element("g")


def _short(number: str | None) -> str:
    return format(round(float(number or 0), 1), "g")


def _rounded(path: str | None) -> str:
    """Returns a path with its numbers rounded to one decimal."""
    words = []
    for word in (path or "").split():
        letter = word[0] if word[0].isalpha() else ""
        words.append(letter + format(round(float(word[len(letter) :]), 1), "g"))
    return " ".join(words)
