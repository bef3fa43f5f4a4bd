"""The clocks of acceptance count the time in which the office is open."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from frontdesk.orders.models import Order
from officeflow.company.actions import OFFICE_HOURS, add_closure, set_opening_hours
from officeflow.company.models import Office
from officeflow.company.queries import get_office
from officeflow.company.working_time import working_time_between
from officeflow.dashboards import statistics
from officeflow.dashboards.ranges import select_range
from officeflow.dashboards.visibility import visible_handoff
from officeflow.handoff.applying import draining
from officeflow.handoff.models import Handoff
from officeflow.handoff.reports import destination_lines, handoff_statistics
from officeflow.staff.models import User
from officeflow.ui.charts import ChartCell

pytestmark = pytest.mark.django_db
# Across the night in which London's clocks go forward.
BEGINS = datetime(2030, 3, 25, tzinfo=UTC)
MINUTES = st.integers(min_value=0, max_value=14 * 24 * 60)


@pytest.fixture
def handoff(order: Callable[[], Order]) -> Handoff:
    """A hand-off whose times the tests set."""
    order()
    return Handoff.objects.filter(destination="fulfilment").get()


@pytest.fixture
def open_office(office: Office) -> Office:
    """The office, open from Monday to Friday, 09:00 to 17:30, and closed on one Wednesday."""
    set_opening_hours(actor=None, hours=OFFICE_HOURS)
    add_closure(actor=None, closed_date=date(2030, 4, 3), name="Stocktaking")
    return get_office()


def accepted_p50(handoff: Handoff, posted_at: datetime, accepted_at: datetime) -> float | None:
    """Returns the clock of a range with only this hand-off, which both reports give."""
    Handoff.objects.filter(pk=handoff.pk).update(posted_at=posted_at, accepted_at=accepted_at)
    bounds = [posted_at, posted_at + timedelta(microseconds=1)]
    with time_machine.travel(accepted_at):
        total = handoff_statistics(bounds, get_office()).total.clocks.accepted_p50
        line = destination_lines(bounds[0], bounds[1], get_office())["fulfilment"]
    assert line.clocks.accepted_p50 == total
    return total


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(posted=MINUTES, waited=MINUTES)
def test_a_clock_is_the_working_time(
    open_office: Office, handoff: Handoff, posted: int, waited: int
) -> None:
    posted_at = BEGINS + timedelta(minutes=posted)
    accepted_at = posted_at + timedelta(minutes=waited)
    expected = working_time_between(posted_at, accepted_at, office=open_office).total_seconds()
    assert accepted_p50(handoff, posted_at, accepted_at) == pytest.approx(expected)


def test_a_weekend_does_not_count(open_office: Office, handoff: Handoff, maya: User) -> None:
    friday = datetime(2030, 3, 29, 17, tzinfo=UTC)
    monday = datetime(2030, 4, 1, 8, 30, tzinfo=UTC)  # 09:30, half an hour after opening
    assert accepted_p50(handoff, friday, monday) == 3600
    handoff.refresh_from_db()
    assert visible_handoff(maya, handoff, open_office).accepted_after == 3600


def test_a_range_in_which_the_office_never_opens_has_no_opening_time(
    open_office: Office, handoff: Handoff
) -> None:
    sunday = datetime(2030, 3, 31, 12, tzinfo=UTC)
    assert accepted_p50(handoff, sunday, sunday + timedelta(hours=2)) == 0


def test_what_is_accepted_before_the_office_opens_is_said_in_words(
    open_office: Office, handoff: Handoff, maya: User, client: Client
) -> None:
    sunday = datetime(2030, 3, 31, 12, tzinfo=UTC)
    draining.drain()
    Handoff.objects.filter(pk=handoff.pk).update(
        posted_at=sunday,
        delivered_at=sunday + timedelta(seconds=1),
        accepted_at=sunday + timedelta(hours=2),
    )
    with time_machine.travel(sunday + timedelta(days=1)):
        shown = select_range({"from": "2030-03-31", "to": "2030-03-31"}, open_office, default="7")
        built = statistics.build(maya, shown.range)
        client.force_login(maya)
        listed = client.get("/dashboards/handoffs/all/?accepted=yes").content.decode()
    stats = {each.label: each for each in built.stats}
    assert stats["Posted to accepted"].value == "while closed"
    charts = {each.id: each for each in built.charts}
    assert not charts["accepted"].is_empty
    assert [cell for row in charts["accepted"].rows for cell in row.cells if cell.url] == [
        ChartCell("while closed", point.url)
        for series in charts["accepted"].series
        for point in series.points
        if point.value == 0
    ]
    assert "while closed" in listed
    assert "0 ms" not in listed


def test_an_office_without_opening_hours_is_always_open(office: Office, handoff: Handoff) -> None:
    sunday = datetime(2030, 3, 31, 12, tzinfo=UTC)
    assert accepted_p50(handoff, sunday, sunday + timedelta(hours=2)) == 7200
