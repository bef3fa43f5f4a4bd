"""Charts of tickets: how many are open, returned and late."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _

from backoffice.tickets import reports as tickets
from officeflow.dashboards import links
from officeflow.dashboards.ranges import Range
from officeflow.dashboards.stats import labels_of, points
from officeflow.dashboards.visibility import is_hidden
from officeflow.permissions import Department
from officeflow.staff.models import User
from officeflow.ui.charts import (
    Chart,
    Form,
    Label,
    Measure,
    Point,
    Series,
)

# The same department has the same colour on every chart.
DEPARTMENT_COLOURS = {
    Department.FULFILMENT: 1,
    Department.ACCOUNTING: 3,
    Department.MANAGEMENT: 4,
    Department.HR: 2,
    Department.WAREHOUSE: 5,
}


def depth_chart(
    user: User, shown: Range, depth: dict[Department, list[tuple[datetime, int] | None]]
) -> Chart:
    """The number of open tickets, by department over time."""

    def point(department: Department, each: tuple[datetime, int] | None) -> Point:
        if each is None:
            return Point(value=None)
        at, number = each
        hidden = is_hidden(department.value, user) or not number
        address = links.to("tickets", open_at=links.moment(at), department=department.value)
        return Point(value=number, url="" if hidden else address)

    return Chart(
        id="depth",
        title=_("Open tickets"),
        note=_("In each department, at the end of each %(span)s.") % {"span": shown.head.lower()},
        head=shown.head,
        form=Form.LINES,
        labels=labels_of(shown),
        series=[
            Series(
                name=str(department.label),
                colour=DEPARTMENT_COLOURS[department],
                points=[point(department, each) for each in line],
            )
            for department, line in depth.items()
        ],
    )


def returned_chart(shown: Range, returned: tickets.ReturnStatistics, *, hides_some: bool) -> Chart:
    """The share of tickets returned to the desk, by reason."""
    note = _("Of the tickets received in this period.")
    if hides_some:
        note = f"{note} {_('HR’s tickets are not included.')}"
    return Chart(
        id="returned",
        title=_("Returned to the desk, by reason"),
        note=note,
        head=_("Reason"),
        form=Form.ROWS,
        measure=Measure.SHARE,
        labels=[Label(short=label, full=label) for _code, label, _n in returned.reasons],
        series=[
            Series(
                name=_("Share"),
                colour=2,
                points=[
                    Point(
                        value=number / returned.received,
                        url=links.tickets_received(shown, returned=code),
                    )
                    for code, _label, number in returned.reasons
                ],
            )
        ],
    )


def late_chart(shown: Range, due: tickets.DueStatistics) -> Chart:
    """The share of due tickets that were late, over time."""
    return Chart(
        id="late",
        title=_("Late"),
        note=_("Share of the tickets due, or late already, that were not finished in time."),
        head=shown.head,
        measure=Measure.SHARE,
        labels=labels_of(shown),
        series=[
            Series(
                name=_("Late"),
                colour=2,
                points=points(
                    shown.spans,
                    lambda i: due.spans[i].share,
                    lambda span: links.tickets_due(span, late="1"),
                ),
            )
        ],
    )


def late_by_department_chart(user: User, shown: Range, due: tickets.DueStatistics) -> Chart:
    """The share of due tickets that were late, by department."""
    found = [each for each in Department if each in due.departments]
    return Chart(
        id="late-by-department",
        title=_("Late, by department"),
        head=_("Department"),
        form=Form.ROWS,
        measure=Measure.SHARE,
        labels=[Label(short=str(each.label), full=str(each.label)) for each in found],
        series=[
            Series(
                name=_("Late"),
                colour=2,
                points=[
                    Point(
                        value=due.departments[each].share,
                        url=""
                        if is_hidden(each.value, user) or not due.departments[each].late
                        else links.tickets_due(shown, department=each.value, late="1"),
                    )
                    for each in found
                ],
            )
        ],
    )
