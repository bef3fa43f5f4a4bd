"""Statistics of hand-offs and tickets over a range: volume, delivery times, backlog, lateness.

For HR they hold counts and times only, without links to rows for people outside HR.
"""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from backoffice.tickets import reports as tickets
from officeflow.dashboards import links, ticket_charts
from officeflow.dashboards.ranges import Range, Span
from officeflow.dashboards.stats import (
    Figures,
    Stat,
    count_text,
    duration_text,
    labels_of,
    opening_time_text,
    points,
    share_text,
)
from officeflow.dashboards.visibility import is_hidden
from officeflow.handoff.maintenance.retention import deleted_until
from officeflow.handoff.models import Destination
from officeflow.handoff.reports import (
    COMPLAINT,
    ORDER,
    Clocks,
    HandoffCounts,
    HandoffStatistics,
    handoff_statistics,
)
from officeflow.permissions import Department
from officeflow.rollups.histograms import TOLERANCE_PERCENT
from officeflow.staff.models import User
from officeflow.ui.charts import (
    Chart,
    Form,
    Label,
    Measure,
    Point,
    Series,
    write_share,
)


def build(user: User, shown: Range, now: datetime | None = None) -> Figures:
    """The statistics for one person."""
    moment = now or timezone.now()
    counts = handoff_statistics(shown.bounds, shown.office)
    depth = tickets.queue_depth(shown.bounds, moment, shown.office)
    due = tickets.due_statistics(shown.bounds, moment, shown.office)
    visible = [each for each in Department if not is_hidden(each.value, user)]
    returned = tickets.return_statistics(shown.start, shown.end, visible, shown.office)
    gap = deleted_until()
    return Figures(
        stats=[
            *_handoff_stats(shown, counts.total),
            *_ticket_stats(shown, depth, due.total, returned, moment),
        ],
        charts=[
            _posted(shown, counts),
            _delivered(shown, counts),
            _clock_over_time(shown, counts, "delivered"),
            _clock_over_time(shown, counts, "accepted"),
            _clock_by_destination(user, shown, counts, "delivered"),
            _clock_by_destination(user, shown, counts, "accepted"),
            ticket_charts.depth_chart(user, shown, depth),
            ticket_charts.returned_chart(
                shown, returned, hides_some=len(visible) < len(Department)
            ),
            ticket_charts.late_chart(shown, due),
            ticket_charts.late_by_department_chart(user, shown, due),
        ],
        gap_until=gap if gap and gap >= shown.start else None,
    )


def _handoff_stats(shown: Range, total: HandoffCounts) -> list[Stat]:
    clocks = total.clocks
    missing = total.posted - total.delivered
    return [
        Stat(label=_("Orders"), value=count_text(total.orders), url=_orders_url(shown)),
        Stat(label=_("Complaints"), value=count_text(total.complaints), url=_complaints_url(shown)),
        Stat(
            label=_("Hand-offs posted"),
            value=count_text(total.posted),
            hint=ngettext("%(n)s not delivered yet", "%(n)s not delivered yet", missing)
            % {"n": count_text(missing)}
            if missing
            else _("all delivered") * bool(total.posted),
            tone="warn" if missing else "neutral",
            url=links.handoffs(shown),
        ),
        Stat(
            label=_("Posted to delivered"),
            value=duration_text(clocks.delivered_p50),
            hint=_("half took no longer; 95 of 100 at most %(time)s")
            % {"time": duration_text(clocks.delivered_p95)},
            url=links.handoffs(shown, state="applied"),
        ),
        Stat(
            label=_("Posted to accepted"),
            value=opening_time_text(clocks.accepted_p50),
            hint=_accepted_hint(clocks),
            url=links.handoffs(shown, accepted="yes"),
        ),
    ]


def _accepted_hint(clocks: Clocks) -> str:
    if clocks.accepted_p95 == 0:
        return _("95 of 100 were accepted while the office was closed")
    words = {"time": duration_text(clocks.accepted_p95)}
    if clocks.accepted_p50 == 0:
        return (
            _(
                "half were accepted while the office was closed; "
                "95 of 100 took at most %(time)s of opening time"
            )
            % words
        )
    return _("half took no longer; 95 of 100 at most %(time)s of opening time") % words


def _ticket_stats(
    shown: Range,
    depth: dict[Department, list[tuple[datetime, int] | None]],
    due: tickets.DueCount,
    returned: tickets.ReturnStatistics,
    now: datetime,
) -> list[Stat]:
    # Open at the end of the range, which is now unless the range lies in the past.
    ends = [[each for each in line if each][-1] for line in depth.values() if any(line)]
    last = max((at for at, _number in ends), default=now)
    return [
        Stat(
            label=_("Open tickets"),
            value=count_text(sum(number for _at, number in ends)),
            hint=_("now") if shown.end > now else _("at the end"),
            url=links.to("tickets", open_at=links.moment(last)) if ends else "",
        ),
        Stat(
            label=_("Returned to the desk"),
            value=share_text(returned.share),
            hint=_("%(part)s of %(whole)s received")
            % {"part": count_text(returned.returned), "whole": count_text(returned.received)},
            url=links.tickets_received(shown, returned="any"),
        ),
        Stat(
            label=_("Late"),
            value=share_text(due.share),
            hint=_late_hint(due),
            tone="warn" if due.late else "neutral",
            url=links.tickets_due(shown, late="1"),
        ),
    ]


def _late_hint(due: tickets.DueCount) -> str:
    words = {
        "part": count_text(due.late),
        "whole": count_text(due.due),
        "open": count_text(due.still_open),
    }
    if due.late and due.still_open:
        return _("%(part)s of %(whole)s due, %(open)s still open") % words
    return _("%(part)s of %(whole)s due") % words


def _orders_url(span: Span | Range) -> str:
    contract, destination = ORDER
    return links.handoffs(span, contract=contract, destination=destination)


def _complaints_url(span: Span | Range) -> str:
    return links.handoffs(span, contract=COMPLAINT)


def _posted(shown: Range, counts: HandoffStatistics) -> Chart:
    spans = shown.spans
    return Chart(
        id="posted",
        title=_("Orders and complaints"),
        note=_("As handed over by the front desk."),
        head=shown.head,
        labels=labels_of(shown),
        series=[
            Series(
                name=_("Orders"),
                colour=1,
                points=points(spans, lambda i: counts.spans[i].orders, _orders_url),
            ),
            Series(
                name=_("Complaints"),
                colour=2,
                points=points(spans, lambda i: counts.spans[i].complaints, _complaints_url),
            ),
        ],
        with_sums=True,
    )


def _delivered(shown: Range, counts: HandoffStatistics) -> Chart:
    spans = shown.spans
    return Chart(
        id="posted-and-delivered",
        title=_("Hand-offs"),
        note=_("Posted in both directions, and how many have been delivered by now."),
        head=shown.head,
        labels=labels_of(shown),
        series=[
            Series(
                name=_("Posted"),
                colour=6,
                points=points(spans, lambda i: counts.spans[i].posted, links.handoffs),
            ),
            Series(
                name=_("Delivered"),
                colour=3,
                points=points(
                    spans,
                    lambda i: counts.spans[i].delivered,
                    lambda span: links.handoffs(span, state="applied"),
                ),
            ),
        ],
        with_sums=True,
    )


# The filter of the list behind each of the two times.
CLOCK_FILTERS = {"delivered": {"state": "applied"}, "accepted": {"accepted": "yes"}}
CLOCK_MEASURES = {"delivered": Measure.DURATION, "accepted": Measure.OPENING_TIME}


def _clock_title(clock: str) -> str:
    return _("Posted to delivered") if clock == "delivered" else _("Posted to accepted")


def _clock_note(clock: str) -> str:
    note = (
        _("Time from posting to delivery, by the time of posting.")
        if clock == "delivered"
        else _("Opening time until somebody accepted it; nights and closed days do not count.")
    )
    tolerance = _("The times are exact to within %(share)s.") % {
        "share": write_share(Decimal(TOLERANCE_PERCENT) / 100)
    }
    return f"{note} {tolerance}"


def _clock_over_time(shown: Range, counts: HandoffStatistics, clock: str) -> Chart:
    def url(span: Span) -> str:
        return links.handoffs(span, **CLOCK_FILTERS[clock])

    return Chart(
        id=clock,
        title=_clock_title(clock),
        note=_clock_note(clock),
        head=shown.head,
        form=Form.LINES,
        measure=CLOCK_MEASURES[clock],
        labels=labels_of(shown),
        series=[
            Series(
                name=name,
                colour=colour,
                points=points(
                    shown.spans,
                    lambda i, key=key: getattr(counts.spans[i].clocks, key),  # type: ignore[misc]
                    url,
                    zero_has_rows=True,
                ),
            )
            for name, colour, key in _percentiles(clock)
        ],
    )


def _percentiles(clock: str) -> list[tuple[str, int, str]]:
    return [
        (_("Half took no longer than"), 3, f"{clock}_p50"),
        (_("95 of 100 took no longer than"), 2, f"{clock}_p95"),
    ]


def _clock_by_destination(user: User, shown: Range, counts: HandoffStatistics, clock: str) -> Chart:
    found = [
        destination
        for destination in Destination
        if destination.value in counts.destinations
        and getattr(counts.destinations[destination.value].clocks, f"{clock}_p50") is not None
    ]
    return Chart(
        id=f"{clock}-by-destination",
        title=_("%(clock)s, by destination") % {"clock": _clock_title(clock)},
        head=_("Destination"),
        form=Form.ROWS,
        measure=CLOCK_MEASURES[clock],
        labels=[Label(short=str(each.label), full=str(each.label)) for each in found],
        series=[
            Series(
                name=name,
                colour=colour,
                points=[
                    Point(
                        value=getattr(counts.destinations[each.value].clocks, key),
                        url=links.handoffs(shown, destination=each.value, **CLOCK_FILTERS[clock]),
                    )
                    for each in found
                ],
            )
            for name, colour, key in _percentiles(clock)
        ],
    )
