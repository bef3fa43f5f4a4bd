"""The wall's figures over a range: what was posted, how fast it crossed, what waits and is late.

Of HR's, counts and clocks alone: nobody else finds a way from them to a row.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from backoffice.tickets import reports as tickets
from officeflow.dashboards import links
from officeflow.dashboards.masks import is_hidden
from officeflow.dashboards.ranges import Range, Span
from officeflow.handoff.figures import COMPLAINT, ORDER, Crossing, Crossings, crossings
from officeflow.handoff.models import Destination
from officeflow.staff.models import User
from officeflow.staff.permissions import Department
from officeflow.ui import times
from officeflow.ui.charts import (
    EM_DASH,
    Chart,
    Form,
    Label,
    Measure,
    Number,
    Point,
    Series,
    write_share,
)

# The same department has the same colour on every chart.
DEPARTMENT_COLOURS = {
    Department.FULFILMENT: 1,
    Department.ACCOUNTING: 3,
    Department.MANAGEMENT: 4,
    Department.HR: 2,
    Department.WAREHOUSE: 5,
}


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
    """Everything a page shows of its range. `elsewhere` are amounts that no figure holds."""

    stats: list[Stat]
    charts: list[Chart]
    elsewhere: list[str] = field(default_factory=list)


def build(user: User, shown: Range, now: datetime | None = None) -> Figures:
    """The wall's figures for one person: six queries, each bounded by the range."""
    moment = now or timezone.now()
    crossed = crossings(shown.bounds)
    depth = tickets.queue_depth(shown.bounds, moment)
    due = tickets.due_figures(shown.bounds, moment)
    visible = [each for each in Department if not is_hidden(each.value, user)]
    returned = tickets.return_figures(shown.start, shown.end, visible)
    return Figures(
        stats=[
            *_corridor_stats(shown, crossed.total),
            *_ticket_stats(shown, depth, due.total, returned, moment),
        ],
        charts=[
            _posted(shown, crossed),
            _crossed(shown, crossed),
            _clock_over_time(shown, crossed, "delivered"),
            _clock_over_time(shown, crossed, "accepted"),
            _clock_by_destination(user, shown, crossed, "delivered"),
            _clock_by_destination(user, shown, crossed, "accepted"),
            _depth(user, shown, depth),
            _returned(shown, returned, hides_some=len(visible) < len(Department)),
            _late(shown, due),
            _late_by_department(user, shown, due),
        ],
    )


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


def _corridor_stats(shown: Range, total: Crossing) -> list[Stat]:
    clocks = total.clocks
    missing = total.posted - total.crossed
    return [
        Stat(label=_("Orders"), value=_count(total.orders), url=_orders_url(shown)),
        Stat(label=_("Complaints"), value=_count(total.complaints), url=_complaints_url(shown)),
        Stat(
            label=_("Hand-offs posted"),
            value=_count(total.posted),
            hint=ngettext("%(n)s has not crossed", "%(n)s have not crossed", missing)
            % {"n": _count(missing)}
            if missing
            else _("all have crossed") * bool(total.posted),
            tone="warn" if missing else "neutral",
            url=links.handoffs(shown),
        ),
        Stat(
            label=_("Posted to delivered"),
            value=_clock(clocks.delivered_p50),
            hint=_("95 of 100 within %(time)s") % {"time": _clock(clocks.delivered_p95)},
            url=links.handoffs(shown, state="applied"),
        ),
        Stat(
            label=_("Posted to accepted"),
            value=_clock(clocks.accepted_p50),
            hint=_("95 of 100 within %(time)s") % {"time": _clock(clocks.accepted_p95)},
            url=links.handoffs(shown, accepted="yes"),
        ),
    ]


def _ticket_stats(
    shown: Range,
    depth: dict[Department, list[tuple[datetime, int] | None]],
    due: tickets.Due,
    returned: tickets.ReturnFigures,
    now: datetime,
) -> list[Stat]:
    # What is open at the end of the range, which is now unless the range lies in the past.
    ends = [[each for each in line if each][-1] for line in depth.values() if any(line)]
    last = max((at for at, _number in ends), default=now)
    return [
        Stat(
            label=_("Open tickets"),
            value=_count(sum(number for _at, number in ends)),
            hint=_("now") if shown.end > now else _("at the end"),
            url=links.to("tickets", open_at=links.moment(last)) if ends else "",
        ),
        Stat(
            label=_("Returned to the desk"),
            value=_share(returned.share),
            hint=_("%(part)s of %(whole)s that came")
            % {"part": _count(returned.returned), "whole": _count(returned.came)},
            url=links.tickets_came(shown, returned="any"),
        ),
        Stat(
            label=_("Late"),
            value=_share(due.share),
            hint=_("%(part)s of %(whole)s that fell due")
            % {"part": _count(due.late), "whole": _count(due.due)},
            tone="warn" if due.late else "neutral",
            url=links.tickets_due(shown, late="1"),
        ),
    ]


def _orders_url(span: Span | Range) -> str:
    contract, destination = ORDER
    return links.handoffs(span, contract=contract, destination=destination)


def _complaints_url(span: Span | Range) -> str:
    return links.handoffs(span, contract=COMPLAINT)


def _posted(shown: Range, crossed: Crossings) -> Chart:
    spans = shown.spans
    return Chart(
        id="posted",
        title=_("Orders and complaints"),
        note=_("As the desk handed them over."),
        head=shown.head,
        labels=labels_of(shown),
        series=[
            Series(
                name=_("Orders"),
                colour=1,
                points=points(spans, lambda i: crossed.spans[i].orders, _orders_url),
            ),
            Series(
                name=_("Complaints"),
                colour=2,
                points=points(spans, lambda i: crossed.spans[i].complaints, _complaints_url),
            ),
        ],
        with_sums=True,
    )


def _crossed(shown: Range, crossed: Crossings) -> Chart:
    spans = shown.spans
    return Chart(
        id="crossed",
        title=_("Hand-offs"),
        note=_("Posted in either direction, and how many of them have arrived by now."),
        head=shown.head,
        labels=labels_of(shown),
        series=[
            Series(
                name=_("Posted"),
                colour=6,
                points=points(spans, lambda i: crossed.spans[i].posted, links.handoffs),
            ),
            Series(
                name=_("Crossed"),
                colour=3,
                points=points(
                    spans,
                    lambda i: crossed.spans[i].crossed,
                    lambda span: links.handoffs(span, state="applied"),
                ),
            ),
        ],
        with_sums=True,
    )


# Which clock of the two, in words; and the filter of the list behind it.
CLOCK_FILTERS = {"delivered": {"state": "applied"}, "accepted": {"accepted": "yes"}}


def _clock_title(clock: str) -> str:
    return _("Posted to delivered") if clock == "delivered" else _("Posted to accepted")


def _clock_note(clock: str) -> str:
    if clock == "delivered":
        return _("How long the corridor took, by when it was posted.")
    return _("How long until somebody took it in hand, nights and Sundays included.")


def _clock_over_time(shown: Range, crossed: Crossings, clock: str) -> Chart:
    def url(span: Span) -> str:
        return links.handoffs(span, **CLOCK_FILTERS[clock])

    return Chart(
        id=clock,
        title=_clock_title(clock),
        note=_clock_note(clock),
        head=shown.head,
        form=Form.LINES,
        measure=Measure.DURATION,
        labels=labels_of(shown),
        series=[
            Series(
                name=name,
                colour=colour,
                points=points(
                    shown.spans,
                    lambda i, key=key: getattr(crossed.spans[i].clocks, key),  # type: ignore[misc]
                    url,
                ),
            )
            for name, colour, key in _percentiles(clock)
        ],
    )


def _percentiles(clock: str) -> list[tuple[str, int, str]]:
    return [(_("Half (p50)"), 3, f"{clock}_p50"), (_("95 of 100 (p95)"), 2, f"{clock}_p95")]


def _clock_by_destination(user: User, shown: Range, crossed: Crossings, clock: str) -> Chart:
    found = [
        destination
        for destination in Destination
        if destination.value in crossed.destinations
        and getattr(crossed.destinations[destination.value].clocks, f"{clock}_p50") is not None
    ]
    return Chart(
        id=f"{clock}-by-destination",
        title=_("%(clock)s, by destination") % {"clock": _clock_title(clock)},
        head=_("Destination"),
        form=Form.ROWS,
        measure=Measure.DURATION,
        labels=[Label(short=str(each.label), full=str(each.label)) for each in found],
        series=[
            Series(
                name=name,
                colour=colour,
                points=[
                    Point(
                        value=getattr(crossed.destinations[each.value].clocks, key),
                        url=links.handoffs(shown, destination=each.value, **CLOCK_FILTERS[clock]),
                    )
                    for each in found
                ],
            )
            for name, colour, key in _percentiles(clock)
        ],
    )


def _depth(
    user: User, shown: Range, depth: dict[Department, list[tuple[datetime, int] | None]]
) -> Chart:
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


def _returned(shown: Range, returned: tickets.ReturnFigures, *, hides_some: bool) -> Chart:
    note = _("Of the tickets that came in this time.")
    if hides_some:
        note = f"{note} {_('HR’s are not among them.')}"
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
                        value=number / returned.came,
                        url=links.tickets_came(shown, returned=code),
                    )
                    for code, _label, number in returned.reasons
                ],
            )
        ],
    )


def _late(shown: Range, due: tickets.DueFigures) -> Chart:
    return Chart(
        id="late",
        title=_("Late"),
        note=_("Of the tickets that fell due, the share that was not finished in time."),
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


def _late_by_department(user: User, shown: Range, due: tickets.DueFigures) -> Chart:
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


def _count(number: int) -> str:
    return Chart(id="", title="", head="", labels=[], series=[]).write(number)


def _clock(seconds: float | None) -> str:
    return EM_DASH if seconds is None else times.duration(seconds)


def _share(share: float | None) -> str:
    return EM_DASH if share is None else write_share(share)
