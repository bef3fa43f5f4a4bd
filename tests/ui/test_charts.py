"""Charts: the SVG, the table, and the content security policy."""

from __future__ import annotations

import re
from decimal import Decimal
from xml.etree import ElementTree

import pytest
from django.template.loader import render_to_string
from hypothesis import example, given, settings
from hypothesis import strategies as st

from officeflow.ui.chart_drawing import NARROW, SIZES, WIDE, _picture
from officeflow.ui.chart_scale import marks
from officeflow.ui.charts import Chart, Form, Label, Measure, Point, Series
from officeflow.ui.sample_charts import sample_charts
from tests.html import compact


def chart(
    *values: float | None, form: Form = Form.BARS, measure: Measure = Measure.COUNT, url: str = "/x"
) -> Chart:
    return Chart(
        id="posted",
        title='Posted <b>&"now"',
        head="Day",
        form=form,
        measure=measure,
        currency="GBP",
        labels=[Label(short=f"{n} Nov", full=f"Sun {n} Nov") for n in range(len(values))],
        series=[Series(name="Orders", points=[Point(value=v, url=url) for v in values])],
    )


def drawn(one: Chart, size=WIDE) -> ElementTree.Element:  # type: ignore[no-untyped-def]
    return ElementTree.fromstring(_picture(one, size))


@pytest.mark.parametrize("form", list(Form))
@pytest.mark.parametrize("size", SIZES)
def test_values_are_drawn_at_their_position(form: Form, size) -> None:  # type: ignore[no-untyped-def]
    svg = drawn(chart(3, None, 0, 7, form=form), size)
    titles = [title.text for link in svg.iter("a") for title in link.findall("title")]
    assert titles == ["Sun 0 Nov, Orders: 3", "Sun 2 Nov, Orders: 0", "Sun 3 Nov, Orders: 7"]
    shapes = [link[1] for link in svg.iter("a")]
    if form == Form.BARS:
        heights = [float(shape.get("height", "")) for shape in shapes]
        assert heights[0] / heights[2] == pytest.approx(3 / 7, abs=0.01)
    elif form == Form.ROWS:
        places = [float(shape.get("y", "")) for shape in shapes]
        assert places == sorted(places)


@pytest.mark.parametrize("form", list(Form))
def test_the_svg_follows_the_content_security_policy(form: Form) -> None:
    text = chart(1, 2, form=form).pictures
    assert "<script" not in text
    assert "<style" not in text
    assert "style=" not in text
    assert "http" not in text
    assert "<b>" not in text
    assert "&lt;b&gt;" in text


def test_only_the_first_point_is_in_the_tab_order() -> None:
    links = list(drawn(chart(1, 2, 3)).iter("a"))
    assert [link.get("tabindex") for link in links] == ["0", "-1", "-1"]


def test_a_chart_is_an_image_and_with_links_a_group() -> None:
    assert drawn(chart(1, url="")).get("role") == "img"
    svg = drawn(chart(1))
    assert svg.get("role") == "group"
    names = {each.get("id"): each.text for each in svg if each.tag in ("title", "desc")}
    assert names[svg.get("aria-labelledby")] == 'Posted <b>&"now"'
    assert "1" in (names[svg.get("aria-describedby")] or "")


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("number", [1, 2, 24, 25, 31, 90, 120])
def test_labels_do_not_overlap(size, number: int) -> None:  # type: ignore[no-untyped-def]
    svg = drawn(chart(*range(number)), size)
    ends = 0.0
    for text in svg.iter("text"):
        if "chart__mark--x" in (text.get("class") or ""):
            assert (text.text or "").endswith("Nov")  # whole, or not at all
            half = len(text.text or "") * 6.6 / 2
            assert float(text.get("x", "")) - half >= ends or not ends
            ends = float(text.get("x", "")) + half
    assert 0 < ends < size.width


def test_a_long_name_is_cut_in_the_chart_only() -> None:
    name = "The customer must decide between the two of them"
    one = Chart(
        id="why",
        title="Why",
        head="Reason",
        form=Form.ROWS,
        labels=[Label(short=name, full=name)],
        series=[Series(name="Tickets", points=[Point(value=2)])],
    )
    marks_shown = [text.text for text in drawn(one, NARROW).iter("text")]
    assert "The customer must decide bet…" in marks_shown
    assert one.rows[0].label == name


@settings(max_examples=60, deadline=None)
@example(0.0, 5e-324, Measure.COUNT)
@given(
    st.floats(-1e9, 1e9, allow_nan=False),
    st.floats(0, 1e9, allow_nan=False),
    st.sampled_from(list(Measure)),
)
def test_a_scale_includes_its_values_with_few_round_marks(
    low: float, high: float, measure: Measure
) -> None:
    low = min(low, 0) if measure == Measure.MONEY else 0
    if measure == Measure.SHARE:
        high = min(high / 1e9, 1)
    found = marks(low, high, measure)
    assert 2 <= len(found) <= 8
    assert found == sorted(set(found))
    hair = 1e-6 * (1 + high - low)  # less than a line is thick
    assert found[0] <= low + hair
    assert found[-1] >= high - hair
    assert 0 in found
    if measure == Measure.COUNT:
        assert all(mark == int(mark) for mark in found)


@pytest.mark.parametrize(
    ("currency", "most", "expected"),
    [
        ("GBP", 0.03, [0, 0.01, 0.02, 0.03]),
        ("KWD", 0.003, [0, 0.001, 0.002, 0.003]),
        ("JPY", 0.5, [0, 1]),
        ("JPY", 12, [0, 3, 6, 9, 12]),
    ],
)
def test_money_is_marked_in_what_its_currency_counts(
    currency: str, most: float, expected: list[float]
) -> None:
    assert marks(0, most, Measure.MONEY, currency) == expected


@pytest.mark.parametrize(
    ("measure", "value", "written"),
    [
        (Measure.COUNT, 1234, "1,234"),
        (Measure.DURATION, 90, "1 min 30 s"),
        (Measure.MONEY, Decimal("1234.5"), "£1,234.50"),
        (Measure.SHARE, 0.125, "12.5%"),
    ],
)
def test_the_table_formats_values_by_their_measure(
    measure: Measure, value: float, written: str
) -> None:
    one = chart(value, None, measure=measure)
    assert one.rows[0].cells[0].text.replace("\N{NO-BREAK SPACE}", " ") == written
    assert one.rows[1].cells[0].text == "—"


def test_chart_and_table_have_the_same_values() -> None:
    for one in sample_charts("light"):
        html = compact(render_to_string("components/chart.html", {"chart": one}))
        if one.is_empty:
            assert "No data for this period." in html
            continue
        pictures, _, table = html.partition("<details")
        for series in one.series:
            for label, point in zip(one.labels, series.points, strict=True):
                if point.value is not None:
                    words = f"{label.full}, {series.name}: {one.write(point.value)}"
                    assert pictures.count(f"<title>{words}</title>") == 2  # wide and narrow
        assert len(re.findall(r"<tr><th scope=.row.>", table)) == len(one.labels)


def test_sums_are_those_of_the_columns() -> None:
    assert chart(1, None, 2.5).sums == ["3.5"]


def test_a_drawing_is_used_again_with_the_addresses_of_each_request() -> None:
    def drawn(address: str) -> str:
        point = Point(value=3, url=address)
        return Chart(
            id="again",
            title="Again",
            head="Day",
            labels=[Label(short="1", full="One")],
            series=[Series(name="Orders", points=[point])],
        ).pictures

    first, second = drawn("/orders/?at=1&x=2"), drawn('/orders/?at=2&x="3"')
    assert first.count('href="/orders/?at=1&amp;x=2"') == 2
    assert second.count('href="/orders/?at=2&amp;x=&quot;3&quot;"') == 2
    assert first.replace("at=1&amp;x=2", "") == second.replace("at=2&amp;x=&quot;3&quot;", "")
