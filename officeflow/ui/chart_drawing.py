"""Draws a chart: pygal places everything, and this module writes the SVG from what it placed.

Of pygal's own picture only the geometry is kept: no script, no style, no text that the content
security policy would refuse. Drawn pictures are kept for a while by what they show.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from xml.etree.ElementTree import Element, SubElement, tostring

import pygal
from django.core.cache import cache
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
from pygal.style import Style

from officeflow.ui.chart_scale import marks

if TYPE_CHECKING:
    from officeflow.ui.charts import Chart, Series

KEPT_SECONDS = 300
LETTER = 7.0  # width of a letter on the axis, in the picture's units
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
    """How wide and high a picture is, and how many letters a row's name may have."""

    name: str
    width: int
    height: int
    letters: int


WIDE = Size("wide", 640, 232, 30)
NARROW = Size("narrow", 330, 216, 15)
SIZES = (WIDE, NARROW)


class _Quiet:
    """Leaves out what pygal writes for its own script."""

    def _tooltip_data(self, *args: Any, **kwargs: Any) -> None:
        """No tooltips of pygal's."""


class _Bar(_Quiet, pygal.Bar):
    pass


class _Line(_Quiet, pygal.Line):
    pass


class _Rows(_Quiet, pygal.HorizontalBar):
    pass


KINDS = {"bars": _Bar, "lines": _Line, "rows": _Rows}


def pictures(chart: Chart) -> SafeString:
    """The chart's SVG in both sizes; the stylesheet shows the one that fits."""
    key = _key(chart)
    drawn: str | None = cache.get(key)
    if drawn is None:
        drawn = "".join(_picture(chart, size) for size in SIZES)
        cache.set(key, drawn, KEPT_SECONDS)
    # Every text in it went through ElementTree, which escapes.
    return mark_safe(drawn)  # noqa: S308


def _key(chart: Chart) -> str:
    told = repr((get_language(), chart.id, chart.title, chart.form, chart.measure, chart.currency))
    told += repr((chart.labels, chart.series))
    return "chart." + hashlib.sha256(told.encode()).hexdigest()


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
            # A picture has no parts; one whose parts are links is a group of them.
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
        _points(group, chart, series, shapes, first)
    return tostring(svg, encoding="unicode")


def _plan(chart: Chart, size: Size) -> tuple[Any, int]:
    """Pygal's chart with our scale and as many labels as have room, and its height."""
    values = [
        float(point.value)
        for series in chart.series
        for point in series.points
        if point.value is not None
    ]
    scale = marks(min(values, default=0), max(values, default=0), chart.measure)
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
        truncate_label=-1,  # labels are thinned and cut here
        margin=6,
        margin_right=22,
        spacing=6,
        range=(scale[0], scale[-1]),
    )
    plan.y_labels = [
        {"label": chart.write_mark(mark), "value": mark} for mark in _spared(scale, chart, size)
    ]
    labels = [label.short for label in chart.labels]
    if is_rows:
        # Pygal draws rows from the bottom up; one reads them from the top down.
        plan.x_labels = [_cut(label, size.letters) for label in reversed(labels)]
    else:
        plan.x_labels = _thinned(labels, size.width - 60)
    for series in chart.series:
        points = [None if p.value is None else float(p.value) for p in series.points]
        plan.add(series.name, points[::-1] if is_rows else points)
    return plan, height


def _spared(scale: list[float], chart: Chart, size: Size) -> list[float]:
    """The marks that have room beside each other: rows write theirs along the bottom."""
    if chart.form != "rows":
        return scale
    names = max((len(_cut(label.short, size.letters)) for label in chart.labels), default=0)
    room = (size.width - names * LETTER - 60) / max(1, len(scale) - 1)
    longest = max(len(chart.write_mark(mark)) for mark in scale) * LETTER + 10
    return scale[:: max(1, math.ceil(longest / max(room, 1)))]


def _thinned(labels: list[str], room: float) -> list[str]:
    """Every so many labels, so that none meets the next."""
    longest = max((len(label) for label in labels), default=0) * LETTER + 12
    every = max(1, math.ceil(longest * len(labels) / room))
    return [label if index % every == 0 else "" for index, label in enumerate(labels)]


def _cut(label: str, letters: int) -> str:
    return label if len(label) <= letters else label[: letters - 1].rstrip() + "…"


def _axis(plot: Element, axis: Element, side: str, is_rows: bool) -> None:
    # The guides cross the values' direction: up and down for rows, else from side to side.
    valued = "x" if is_rows else "y"
    for guide in axis.findall("g"):
        path, text = guide.find("path"), guide.find("text")
        if side == valued and path is not None:
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
    group: Element, chart: Chart, series: Series, shapes: list[Element], first: list[bool]
) -> None:
    """The bars or dots of one series, each a link when it leads somewhere.

    Only the first link of a picture stands in the order of Tab; the arrows go on from it.
    """
    told = [
        (label, point)
        for label, point in zip(chart.labels, series.points, strict=True)
        if point.value is not None
    ]
    if chart.form == "rows":
        told.reverse()
    pairs = list(zip(told, shapes, strict=True))
    for (label, point), shape in pairs[::-1] if chart.form == "rows" else pairs:
        words = f"{label.full}, {series.name}: {chart.write(point.value)}"
        holder = SubElement(group, "g")
        if point.url:
            holder.tag = "a"
            holder.set("class", "chart__link")
            holder.set("href", point.url)
            holder.set("tabindex", "0" if first[0] else "-1")
            first[0] = False
        # The name of the link, and what stands beside the pointer.
        SubElement(holder, "title").text = words
        SubElement(holder, shape.tag, dict(_shape(shape)))
        if point.url and shape.tag == "circle":
            # What one aims at is larger than what one sees.
            around = {**dict(_shape(shape)), "r": "11", "class": "chart__aim"}
            SubElement(holder, "circle", around)


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
    """A path with one decimal, which is all that the eye sees."""
    words = []
    for word in (path or "").split():
        letter = word[0] if word[0].isalpha() else ""
        words.append(letter + format(round(float(word[len(letter) :]), 1), "g"))
    return " ".join(words)
