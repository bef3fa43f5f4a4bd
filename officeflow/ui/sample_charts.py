"""The charts of the style guide: each form, a gap, and a chart without values."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext as _

from officeflow.ui.charts import Chart, Form, Label, Measure, Number, Point, Series

HERE = "#chart"
ORDERS = (12, 15, 9, 18, 21, 4, 0, 13, 16, 11, 19, 24, 6, 0)
COMPLAINTS = (1, 0, 2, 1, 3, 0, 0, 1, 1, 0, 2, 4, 1, 0)
HALF = (38, 41, 36, 52, 47, 33, None, 40, 44, 39, 58, 61, 35, None)
MOST = (190, 240, 180, 410, 350, 160, None, 220, 260, 210, 520, 610, 170, None)


def _points(values: Sequence[Number | None]) -> list[Point]:
    return [Point(value=value, url=HERE if value else "") for value in values]


def sample_charts(side: str) -> list[Chart]:
    """Returns a chart of each form, with ids that begin with `side` (light or dark)."""
    names = (_("Information is missing"), _("Address is unclear"), _("The customer must decide"))
    days = [Label(short=str(n), full=_("Day %(n)d") % {"n": n}) for n in range(1, 15)]
    return [
        Chart(
            id=f"{side}-bars",
            title=_("Orders and complaints"),
            head=_("Day"),
            labels=days,
            series=[
                Series(name=_("Orders"), points=_points(ORDERS), colour=1),
                Series(name=_("Complaints"), points=_points(COMPLAINTS), colour=2),
            ],
            with_sums=True,
        ),
        Chart(
            id=f"{side}-lines",
            title=_("Posted to accepted"),
            note=_("Half, and 95 of 100, were accepted within this time."),
            head=_("Day"),
            form=Form.LINES,
            measure=Measure.DURATION,
            labels=days,
            series=[
                Series(name=_("Half"), points=_points([n and n * 60 for n in HALF]), colour=1),
                Series(name=_("95 of 100"), points=_points([n and n * 60 for n in MOST]), colour=2),
            ],
        ),
        Chart(
            id=f"{side}-rows",
            title=_("Returned, by reason"),
            head=_("Reason"),
            form=Form.ROWS,
            measure=Measure.SHARE,
            labels=[Label(short=name, full=name) for name in names],
            series=[Series(name=_("Share"), points=_points([0.12, 0.05, 0.02]), colour=3)],
        ),
        Chart(
            id=f"{side}-none",
            title=_("A chart without anything to show"),
            head=_("Day"),
            labels=[],
            series=[],
        ),
    ]
