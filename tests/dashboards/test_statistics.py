"""Statistics of hand-offs: each number counts exactly the rows that its link shows."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from backoffice.tickets.actions import complete_ticket, return_ticket, take_ticket
from backoffice.tickets.models import Ticket, TicketPeriod
from backoffice.tickets.reports import queue_depth
from backoffice.tickets.states import OPEN_STATES, ReturnReason
from frontdesk.complaints.models import Complaint
from frontdesk.orders.models import Order
from officeflow.company.models import Office
from officeflow.company.queries import get_office
from officeflow.dashboards import statistics
from officeflow.dashboards.ranges import Range, select_range
from officeflow.handoff.applying import draining
from officeflow.handoff.models import Handoff
from officeflow.handoff.reports import handoff_statistics
from officeflow.permissions import Department
from officeflow.staff.models import User
from officeflow.ui.charts import Chart
from tests.moments import Moment, any_day

pytestmark = pytest.mark.django_db

HANDOFFS = "/dashboards/handoffs/"
As = Callable[[User], Client]
Place = Callable[[], Order]
Complain = Callable[..., Complaint]


@pytest.fixture
def days(order: Place, complain: Complain, femi: User, office: Office) -> Callable[[], None]:
    """Three days: orders and complaints, one returned, one late, one of HR's."""

    def live() -> None:
        for days_ago, orders in ((2, 3), (1, 1), (0, 2)):
            for _ in range(orders):
                order()
            complain(category="conduct" if days_ago == 1 else "goods")
            draining.drain()
            moved = timezone.now() - timedelta(days=days_ago)
            fresh = Handoff.objects.filter(posted_at__gt=timezone.now() - timedelta(hours=1))
            for handoff in fresh:
                Handoff.objects.filter(pk=handoff.pk).update(
                    posted_at=moved, delivered_at=moved + timedelta(seconds=2)
                )
            for ticket in Ticket.objects.filter(created_at__gt=timezone.now() - timedelta(hours=1)):
                Ticket.objects.filter(pk=ticket.pk).update(
                    created_at=moved, due_at=moved + timedelta(hours=5)
                )
                TicketPeriod.objects.filter(ticket=ticket).update(started_at=moved)
        first, second, *_rest = Ticket.objects.filter(department="fulfilment", kind="order")
        for ticket in (first, second):
            take_ticket(actor=femi, ticket=ticket)
        return_ticket(
            actor=femi, ticket=first, reason=ReturnReason.ADDRESS_UNCLEAR, question="Where?"
        )
        complete_ticket(actor=femi, ticket=second)
        draining.drain()

    return live


def shown(preset: str = "7") -> Range:
    return select_range({"range": preset}, get_office(), default="today").range


def charts(user: User, preset: str = "7") -> dict[str, Chart]:
    return {chart.id: chart for chart in statistics.build(user, shown(preset)).charts}


def rows_behind(browser: Client, url: str) -> int:
    page = browser.get(url)
    assert page.status_code == 200, url
    return page.context["number"]


@pytest.mark.parametrize("preset", ["today", "7"])
def test_each_figure_links_to_as_many_rows(
    days: Callable[[], None], as_: As, maya: User, preset: str
) -> None:
    days()
    browser = as_(maya)
    found = charts(maya, preset)
    followed = 0
    for name in ("posted", "posted-and-delivered", "depth"):
        for series in found[name].series:
            for point in series.points:
                # Complaints are counted with HR's, which the list leaves out.
                if point.url and series.name != "Complaints":
                    assert rows_behind(browser, point.url) == point.value, (name, series.name)
                    followed += 1
    assert followed >= 3  # in the first hour of a day there is little to follow
    (reason,) = [point for point in found["returned"].series[0].points if point.value]
    assert rows_behind(browser, reason.url) == 1
    for stat in statistics.build(maya, shown(preset)).stats:
        if stat.url:
            assert browser.get(stat.url).status_code == 200


@any_day
def test_the_late_share_is_that_of_the_list(
    moment: Moment, days: Callable[[], None], as_: As, hanna: User
) -> None:
    days()
    due = statistics.tickets.due_statistics(shown().bounds, timezone.now(), get_office())
    assert due.total.late == sum(each.late for each in due.departments.values()) > 0

    def listed(start: datetime, end: datetime, *, late: bool) -> int:
        asked = statistics.tickets.TicketListFilter(late=late, due_start=start, due_end=end)
        return statistics.tickets.filter_tickets(asked, list(Department), timezone.now()).count()

    assert listed(shown().start, shown().end, late=True) == due.total.late
    assert listed(shown().start, shown().end, late=False) == due.total.due
    for span, counted in zip(shown().spans, due.spans, strict=True):
        assert listed(span.start, span.end, late=True) == counted.late


@pytest.mark.parametrize("preset", ["today", "7", "90"])
@any_day
def test_the_late_tickets_of_every_range_are_those_of_the_queues(
    moment: Moment, days: Callable[[], None], maya: User, preset: str
) -> None:
    days()
    now = timezone.now()
    queues = Ticket.objects.late(now).count()
    due = statistics.tickets.due_statistics(shown(preset).bounds, now, get_office())
    assert due.total.still_open == queues > 0
    overdue = statistics.tickets.department_statistics(get_office(), now).values()
    assert sum(each.overdue for each in overdue) == queues
    assert due.total.late == queues  # none was finished late
    assert sum(each.still_open for each in due.departments.values()) == queues


@any_day
def test_hours_add_up_to_the_day_and_days_to_the_range(
    moment: Moment, days: Callable[[], None]
) -> None:
    days()
    week = handoff_statistics(shown("7").bounds, get_office())
    assert sum(span.posted for span in week.spans) == week.total.posted == Handoff.objects.count()
    assert sum(each.posted for each in week.destinations.values()) == week.total.posted
    today = handoff_statistics(shown("today").bounds, get_office())
    assert sum(span.posted for span in today.spans) == today.total.posted
    assert today.total.posted == week.spans[-1].posted
    assert (week.total.orders, week.total.complaints) == (6, 3)


@pytest.mark.parametrize(
    "day", [datetime(2026, 3, 29, tzinfo=UTC), datetime(2026, 10, 25, 0, 0, tzinfo=UTC)]
)
def test_the_days_on_which_the_clock_moves_lose_nothing(
    order: Place, office: Office, day: datetime
) -> None:
    order()
    first = Handoff.objects.earliest("id")
    stream = first.stream
    moments = [day + timedelta(minutes=25 * step) for step in range(-12, 70)]
    Handoff.objects.bulk_create(
        Handoff(
            stream=stream,
            sequence=100 + n,
            destination="hr",
            subject="SO-9",
            contract="OrderPlaced",
            payload={},
            due_at=at,
            posted_at=at,
        )
        for n, at in enumerate(moments)
    )
    one_day = Range(day.date(), day.date(), office)
    hours = handoff_statistics(one_day.bounds, office)
    week = handoff_statistics(
        Range(day.date() - timedelta(days=3), day.date(), office).bounds, office
    )
    expected = sum(one_day.start <= at < one_day.end for at in moments)
    assert sum(span.posted for span in hours.spans) == week.spans[-1].posted == expected
    assert expected in (23 * 60 // 25 + 1, 23 * 60 // 25, 25 * 60 // 25, 25 * 60 // 25 + 1)


def test_the_depth_is_that_of_the_periods(days: Callable[[], None], office: Office) -> None:
    days()
    bounds = shown("today").bounds
    for department, line in queue_depth(bounds, timezone.now(), office).items():
        for each in line:
            if each is None:
                continue
            at, number = each
            periods = TicketPeriod.objects.filter(
                ticket__department=department, state__in=OPEN_STATES, started_at__lt=at
            ).exclude(ended_at__lt=at)
            assert number == periods.values("ticket").distinct().count(), (department, at)


def test_hr_shows_numbers_only(days: Callable[[], None], as_: As, maya: User) -> None:
    days()
    case = Complaint.objects.get(is_sealed=True)
    browser = as_(maya)
    found = charts(maya)
    for name in ("depth", "late-by-department"):
        for series, label, point in each_point(found[name]):
            if "HR" in (series, label):
                assert point.url == ""
    queries = (
        "",
        "?contract=ComplaintRaised",
        "?destination=hr",
        f"?about={case.number}",
        "?contract=ComplaintRaised&destination=hr",
    )
    for query in queries:
        page = browser.get(f"/dashboards/handoffs/all/{query}").content.decode()
        assert f">{case.number}<" not in page, query
    by_contract = browser.get("/dashboards/handoffs/all/?contract=ComplaintRaised&destination=hr")
    assert by_contract.context["number"] == 0
    assert "only HR may see" in by_contract.content.decode()
    assert browser.get("/dashboards/handoffs/all/?destination=hr").context["number"] > 0
    for query in ("", "?department=hr", "?late=1"):
        tickets = browser.get(f"/dashboards/tickets/{query}").content.decode()
        assert case.number not in tickets, query
    exported = b"".join(browser.get("/dashboards/handoffs/all/?export=csv").streaming_content)
    hidden = [line for line in exported.decode("utf-8-sig").splitlines() if ",HR," in line]
    assert hidden
    assert all("A hand-off to HR" in line and "Rita" not in line for line in hidden)


def each_point(chart: Chart):  # type: ignore[no-untyped-def]
    for series in chart.series:
        for label, point in zip(chart.labels, series.points, strict=True):
            yield series.name, label.full, point


def test_a_new_office_has_a_dashboard(as_: As, maya: User, office: Office) -> None:
    page = as_(maya).get(HANDOFFS).content.decode()
    assert "Nothing is lost" in page
    assert "No data for this period." in page


def test_days_that_cannot_be_shown_keep_what_was_typed(as_: As, maya: User, office: Office) -> None:
    page = as_(maya).get(HANDOFFS, {"from": "2026-12-40", "to": "2026-11-02"})
    assert page.status_code == 422
    text = page.content.decode()
    assert "2026-12-40" in text
    assert "Enter a day such as" in text
    assert "These dates cannot be shown." in text


def test_the_figures_answer_304_until_something_happens(order: Place, as_: As, maya: User) -> None:
    browser = as_(maya)
    live = "/dashboards/handoffs/figures/?range=7"
    with time_machine.travel(timezone.now(), tick=False):
        seen = browser.get(live)["ETag"]
        with CaptureQueriesContext(connection) as captured:
            again = browser.get(live, headers={"if-none-match": seen})
        assert again.status_code == 304
        assert sum("handoff" in query["sql"] for query in captured.captured_queries) == 1
        order()
        assert browser.get(live, headers={"if-none-match": seen}).status_code == 200


def test_the_number_of_queries_does_not_grow_with_the_days(
    order: Place, as_: As, maya: User
) -> None:
    browser = as_(maya)

    def queries(path: str) -> int:
        cache.clear()
        with CaptureQueriesContext(connection) as captured:
            assert browser.get(path).status_code == 200
        return len(captured)

    order()
    draining.drain()
    few = {
        path: queries(path)
        for path in (
            f"{HANDOFFS}?range=today",
            "/dashboards/handoffs/all/",
            "/dashboards/tickets/",
            "/dashboards/trade/orders/",
        )
    }
    for _ in range(4):
        order()
    draining.drain()
    assert queries(f"{HANDOFFS}?range=90") <= few[f"{HANDOFFS}?range=today"]
    for path, number in few.items():
        assert queries(path) <= number, path


def test_the_statistics_can_be_exported(days: Callable[[], None], as_: As, maya: User) -> None:
    days()
    answer = as_(maya).get(f"{HANDOFFS}?range=7&export=csv")
    lines = b"".join(answer.streaming_content).decode("utf-8-sig").splitlines()
    assert lines[0] == "Figure,Of,Series,Value,Unit"
    total = sum(
        float(line.split(",")[3])
        for line in lines
        if line.startswith("Orders and complaints,") and ",Orders," in line
    )
    assert total == 6
