"""The hand-offs dashboard: what it shows, and that refreshing it is cheap."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.conf import settings
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from backoffice.tickets.actions import return_ticket, take_ticket
from backoffice.tickets.models import Ticket
from backoffice.tickets.states import ReturnReason
from frontdesk.orders.models import Order
from officeflow.company.queries import get_office
from officeflow.dashboards import handoffs
from officeflow.handoff.applying import draining
from officeflow.handoff.models import Destination, Handoff
from officeflow.staff.models import User

pytestmark = pytest.mark.django_db

DASHBOARD = "/dashboards/handoffs/"
LIVE = "/dashboards/handoffs/live/"
As = Callable[[User], Client]
Place = Callable[[], Order]
Kill = Callable[[str, str], Handoff]


def row(user: User, destination: Destination) -> handoffs.DestinationRow:
    built = handoffs.build(user, get_office())
    return next(each for each in built.rows if each.destination == destination)


def test_the_dashboard_shows_that_nothing_is_lost(order: Place, as_: As, maya: User) -> None:
    order()
    draining.drain()
    page = as_(maya).get(DASHBOARD).content.decode()
    assert "Nothing is lost" in page
    assert "equation--good" in page


def test_the_dashboard_shows_a_lost_row(order: Place, as_: As, maya: User) -> None:
    order()
    Handoff.objects.filter(destination="hr").delete()
    page = as_(maya).get(DASHBOARD).content.decode()
    assert "Something is lost or duplicated" in page
    assert "equation--bad" in page
    assert reverse("dashboards:consistency") in page


def test_a_dead_handoff_is_stuck_and_not_well(
    order: Place, killed: Kill, as_: As, maya: User
) -> None:
    order()
    killed("OrderPlaced", "accounting")
    page = as_(maya).get(DASHBOARD).content.decode()
    assert "Nothing is lost, but something is stuck" in page
    assert "1 hand-off is dead" in page
    assert "equation--warn" in page


def test_a_handoff_that_waits_long_is_stuck(order: Place, maya: User) -> None:
    order()
    assert handoffs.build(maya, get_office()).verdict == handoffs.Verdict.WELL
    limit = timedelta(seconds=settings.HANDOFF_STUCK_SECONDS + 1)
    Handoff.objects.filter(destination="hr").update(posted_at=timezone.now() - limit)
    built = handoffs.build(maya, get_office())
    assert (built.verdict, built.waiting_long) == (handoffs.Verdict.STUCK, 1)


def test_a_ticket_whose_assignee_may_not_work_on_it_is_stuck(
    order: Place, femi: User, maya: User
) -> None:
    order()
    draining.drain()
    take_ticket(actor=femi, ticket=Ticket.objects.get(department="fulfilment"))
    assert handoffs.build(maya, get_office()).stranded == 0
    femi.grants.all().delete()
    built = handoffs.build(maya, get_office())
    assert (built.verdict, built.stranded) == (handoffs.Verdict.STUCK, 1)


def test_each_destination_shows_where_its_work_stands(order: Place, maya: User, femi: User) -> None:
    for _ in range(3):
        order()
    draining.drain()
    first, second, _ = Ticket.objects.filter(department="fulfilment").order_by("id")
    take_ticket(actor=femi, ticket=first)
    take_ticket(actor=femi, ticket=second)
    return_ticket(
        actor=femi,
        ticket=Ticket.objects.get(pk=second.pk),
        reason=ReturnReason.INFORMATION_MISSING,
        question="Which colour?",
    )
    before = row(maya, Destination.FRONTDESK)
    assert before.waiting > 0
    draining.drain()
    fulfilment = row(maya, Destination.FULFILMENT)
    assert (fulfilment.to_take, fulfilment.in_work, fulfilment.returned) == (1, 1, 1)
    assert fulfilment.clocks.delivered_p50 is not None
    assert fulfilment.clocks.accepted_p50 is not None
    assert fulfilment.oldest_at is not None
    assert row(maya, Destination.FRONTDESK).to_take == 1
    assert row(maya, Destination.MANAGEMENT).oldest_at is None


def test_dead_handoffs_are_listed_with_their_error(
    order: Place, killed: Kill, as_: As, maya: User
) -> None:
    placed = order()
    dead = killed("OrderPlaced", "accounting")
    page = as_(maya).get(DASHBOARD).content.decode()
    assert "PermanentError" in page
    assert placed.number in page
    assert reverse("dashboards:handoff-replay", args=[dead.pk]) in page
    assert row(maya, Destination.ACCOUNTING).dead == 1


def test_the_refresh_answers_304_until_something_happens(
    order: Place, as_: As, maya: User, still_clock: None
) -> None:
    browser = as_(maya)
    seen = browser.get(LIVE)["ETag"]
    with CaptureQueriesContext(connection) as captured:
        assert browser.get(LIVE, headers={"if-none-match": seen}).status_code == 304
    assert len(captured) <= 7  # who, what they may, the office, and three for the version
    order()
    fresh = browser.get(LIVE, headers={"if-none-match": seen})
    assert fresh.status_code == 200
    draining.drain()
    assert browser.get(LIVE, headers={"if-none-match": fresh["ETag"]}).status_code == 200


def test_the_version_moves_when_a_ticket_is_taken(
    order: Place, femi: User, still_clock: None
) -> None:
    order()
    draining.drain()
    before = handoffs.version()
    take_ticket(actor=femi, ticket=Ticket.objects.get(department="fulfilment"))
    draining.drain()
    assert handoffs.version() != before


def test_the_page_and_the_refresh_are_one_partial(as_: As, maya: User, office: object) -> None:
    browser = as_(maya)
    part = browser.get(LIVE).content.decode().strip()
    assert part.startswith('<div id="handoffs-now"')
    assert part.splitlines()[1] in browser.get(DASHBOARD).content.decode()


def test_the_number_of_queries_does_not_grow_with_the_rows(
    order: Place, killed: Kill, as_: As, maya: User
) -> None:
    browser = as_(maya)

    def queries() -> int:
        cache.clear()
        with CaptureQueriesContext(connection) as captured:
            assert browser.get(DASHBOARD).status_code == 200
        return len(captured)

    order()
    killed("OrderPlaced", "accounting")
    few = queries()
    for _ in range(6):
        order()
    killed("OrderPlaced", "fulfilment")
    assert queries() <= few


def test_the_dashboard_works_before_there_is_an_office(as_: As, maya: User) -> None:
    assert as_(maya).get(DASHBOARD).status_code == 200


@pytest.mark.parametrize("name", ["rita", "femi", "amir", "hanna", "nils"])
def test_nobody_else_may_see_it(
    name: str, request: pytest.FixtureRequest, as_: As, office: object
) -> None:
    browser = as_(request.getfixturevalue(name))
    for path in (
        DASHBOARD,
        LIVE,
        "/dashboards/handoffs/consistency/",
        "/dashboards/handoffs/dead/",
    ):
        assert browser.get(path).status_code == 403


def test_anonymous_visitors_are_sent_to_sign_in(client: Client, office: object) -> None:
    assert client.get(DASHBOARD).status_code == 302


@pytest.fixture
def still_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    """The version moves with the clock too; here only with what happens."""
    monkeypatch.setattr(handoffs, "MAX_AGE_SECONDS", 10**11)
