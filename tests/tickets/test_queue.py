"""A queue's filters, order, saved views and bulk actions."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from urllib.parse import parse_qsl

import pytest
import time_machine
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.http import HttpRequest
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from backoffice.tickets.actions import (
    comment_ticket,
    hold_ticket,
    return_ticket,
    save_view,
    set_priority,
    take_ticket,
)
from backoffice.tickets.models import SavedView, Ticket
from backoffice.tickets.queries import QueueFilter, beginning, queue, waiting_counts
from backoffice.tickets.states import TicketState
from frontdesk.complaints.models import ComplaintCategory
from officeflow.company.queries import office_date
from officeflow.errors import Refused
from officeflow.permissions import Department
from officeflow.staff.models import User
from officeflow.ui.counts import counted
from tests.moments import Moment, any_day

pytestmark = pytest.mark.django_db

QUEUE = "/office/queue/fulfilment/"


@pytest.fixture
def femis_browser(femi: User, client: Client) -> Client:
    client.force_login(femi)
    return client


def shown(client: Client, query: str) -> set[Ticket]:
    return {row["ticket"] for row in client.get(f"{QUEUE}?{query}").context["rows"]}


@any_day
def test_filters_are_in_the_address(
    moment: Moment,
    ordered: Callable[..., Ticket],
    complain: Callable[..., Ticket],
    femi: User,
    fay: User,
    maya: User,
    femis_browser: Client,
) -> None:
    plain, urgent, held, asked, hers = (ordered() for _ in range(5))
    goods = complain(ComplaintCategory.GOODS)
    set_priority(actor=maya, ticket=urgent, priority="urgent", seen="normal")
    take_ticket(actor=femi, ticket=held)
    hold_ticket(actor=femi, ticket=held, reason="Waits", until_date=moment.day + timedelta(days=3))
    take_ticket(actor=femi, ticket=asked)
    return_ticket(actor=femi, ticket=asked, reason="out_of_stock", question="Red?")
    take_ticket(actor=fay, ticket=hers)
    assert shown(femis_browser, "tab=held") == {held}
    assert shown(femis_browser, "tab=mine") == {held, asked}
    assert shown(femis_browser, "tab=all&assignee=me") == {held, asked}
    assert shown(femis_browser, "tab=all&assignee=fay") == {hers}
    assert shown(femis_browser, "assignee=nobody&kind=complaint") == {goods}
    assert shown(femis_browser, "priority=urgent") == {urgent}
    assert shown(femis_browser, "state=returned") == {asked}
    assert shown(femis_browser, "tab=all&reason=out_of_stock") == {asked}
    assert shown(femis_browser, f"tab=all&text=nora+{plain.number.lower()}") == {plain}
    today = moment.day.isoformat()
    assert shown(femis_browser, f"tab=all&since={today}&until={today}&kind=complaint") == {goods}
    assert shown(femis_browser, "tab=all&age=1") == set()
    with time_machine.travel(timezone.now() + timedelta(days=9)):
        # What is on hold is not late.
        femis_browser.force_login(femi)
        assert shown(femis_browser, "tab=all&late=1") == {plain, urgent, asked, hers, goods}


@pytest.mark.parametrize(
    "query",
    [
        "tab=x&state=y&assignee=%25&age=99&since=nonsense&until=0001-01-01&sort=up&late=2",
        "view=gone",
    ],
)
def test_unknown_filters_are_ignored(ticket: Ticket, femis_browser: Client, query: str) -> None:
    assert femis_browser.get(f"{QUEUE}?{query}").status_code == 200


def test_urgent_tickets_come_first_and_the_order_can_be_chosen(
    ordered: Callable[..., Ticket],
    maya: User,
    femis_browser: Client,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("officeflow.ui.paging.PAGE_SIZE", 2)
    first, second, third = (ordered() for _ in range(3))
    set_priority(actor=maya, ticket=third, priority="urgent", seen="normal")
    page = femis_browser.get(QUEUE)
    assert [row["ticket"] for row in page.context["rows"]] == [third, first]
    following = femis_browser.get(page.context["next_url"])
    assert [row["ticket"] for row in following.context["rows"]] == [second]
    back = femis_browser.get(following.context["previous_url"])
    assert [row["ticket"] for row in back.context["rows"]] == [third, first]
    newest = femis_browser.get(f"{QUEUE}?sort=new")
    assert [row["ticket"] for row in newest.context["rows"]] == [third, second]


def test_filters_are_read_back_from_their_address() -> None:
    address = "tab=all&assignee=a+b%26c&since=2026-01-02&late=1"
    assert QueueFilter.read(dict(parse_qsl(address))).query == address


def test_the_api_and_the_queue_share_their_filters(
    ordered: Callable[..., Ticket],
    complain: Callable[..., Ticket],
    femi: User,
    femis_browser: Client,
) -> None:
    plain, goods = ordered(), complain(ComplaintCategory.GOODS)
    take_ticket(actor=femi, ticket=plain)
    for query in ("state=open&assignee=me", "kind=complaint", "text=nora", "assignee=nobody"):
        answer = femis_browser.get(f"/api/v1/tickets/?department=fulfilment&{query}").json()
        numbers = {row["number"] for row in answer["results"]}
        assert numbers == {each.number for each in shown(femis_browser, f"tab=all&{query}")}, query
        assert numbers <= {plain.number, goods.number}
    assert femis_browser.get("/api/v1/tickets/?state=nonsense").status_code == 400


def test_next_and_previous_follow_the_queue_of_the_address(
    ordered: Callable[..., Ticket], femi: User, femis_browser: Client
) -> None:
    first, second, third = (ordered() for _ in range(3))
    take_ticket(actor=femi, ticket=second)  # it left the queue, and its place is known
    address = f"/office/tickets/{second.number}/"
    answer = femis_browser.get(address + "next/?queue=tab%3Dwaiting")
    assert answer["Location"] == f"/office/tickets/{third.number}/?queue=tab%3Dwaiting"
    answer = femis_browser.get(address + "previous/?queue=tab%3Dwaiting")
    assert answer["Location"].startswith(f"/office/tickets/{first.number}/")
    last = femis_browser.get(f"/office/tickets/{third.number}/next/", follow=True)
    assert "This is the last ticket in the queue." in last.text


def test_views_are_own_or_shared_and_the_queue_opens_with_the_default(
    ordered: Callable[..., Ticket], femi: User, fay: User, maya: User, femis_browser: Client
) -> None:
    fulfilment = Department.FULFILMENT
    ticket = ordered()
    take_ticket(actor=fay, ticket=ticket)
    own = save_view(actor=femi, department=fulfilment, name="Hers", query="tab=all&assignee=fay")
    shared = save_view(
        actor=maya,
        department=fulfilment,
        name="Late",
        query="tab=all&late=1",
        is_shared=True,
        is_default=True,
    )
    labels = [tab["label"] for tab in femis_browser.get(f"{QUEUE}?tab=waiting").context["tabs"]]
    assert labels[-2:] == ["Hers", "Late"]
    assert femis_browser.get(QUEUE).context["view"] == shared
    femis_browser.post(f"{QUEUE}views/{own.key}/default/")
    page = femis_browser.get(QUEUE)
    assert page.context["view"] == own
    assert [row["ticket"] for row in page.context["rows"]] == [ticket]
    assert femis_browser.post(f"{QUEUE}views/{shared.key}/remove/").status_code == 403
    femis_browser.post(f"{QUEUE}views/{own.key}/remove/")
    assert not SavedView.objects.get(pk=own.pk).is_active
    with pytest.raises(PermissionDenied):
        save_view(actor=femi, department=fulfilment, name="All", query="tab=all", is_shared=True)
    with pytest.raises(PermissionDenied):
        save_view(actor=femi, department=Department.HR, name="All", query="tab=all")
    with pytest.raises(Refused):
        save_view(actor=femi, department=fulfilment, name=" ", query="tab=all")


def test_saving_a_view_again_replaces_its_filters(
    office: object, femi: User, femis_browser: Client
) -> None:
    for late in ("", "&late=1"):
        femis_browser.post(f"{QUEUE}views/", {"name": "Mine", "query": f"tab=mine{late}"})
    view = SavedView.objects.get()
    assert (view.query, view.version) == ("tab=mine&late=1", 2)


def test_a_view_is_renamed_and_its_address_opens_it_for_a_colleague(
    office: object, femi: User, fay: User, femis_browser: Client
) -> None:
    fulfilment = Department.FULFILMENT
    view = save_view(
        actor=femi, department=fulfilment, name="Mine", query="tab=all", is_default=True
    )
    save_view(actor=femi, department=fulfilment, name="Late", query="tab=all&late=1")
    page = f"{QUEUE}views/{view.key}/"
    taken = femis_browser.post(page, {"version": 1, "name": "Late", "is_shared": "on"})
    assert "a view with this name" in taken.text
    assert femis_browser.post(page, {"version": 1, "name": "All of it"}).status_code == 302
    stale = femis_browser.post(page, {"version": 1, "name": "Everything"})
    assert stale.status_code == 409
    view.refresh_from_db()
    assert (view.name, view.is_default, view.is_shared) == ("All of it", False, False)
    fays = Client()
    fays.force_login(fay)
    shown = fays.get(f"{QUEUE}?view={view.key}")
    assert [tab["label"] for tab in shown.context["tabs"] if tab["current"]] == ["All of it"]
    assert fays.get(page).status_code == 404
    assert "All of it" not in fays.get(QUEUE).text
    assert "no longer exists" in fays.get(f"{QUEUE}?view=nonsense").text


def test_taking_many_tickets_shows_why_each_was_refused(
    ordered: Callable[..., Ticket], femi: User, fay: User, femis_browser: Client
) -> None:
    free, hers = ordered(), ordered()
    take_ticket(actor=fay, ticket=hers)
    both = [free.number, hers.number]
    page = femis_browser.post(f"{QUEUE}bulk/", {"operation": "take", "ticket": both})
    assert page.status_code == 200
    assert "You took 1 ticket." in page.text
    assert "Fay Fulfilment has already taken this ticket" in page.text
    free.refresh_from_db()
    assert free.assignee == femi
    done = femis_browser.post(
        f"{QUEUE}bulk/", {"operation": "complete", "ticket": [free.number]}, follow=True
    )
    assert "1 ticket is completed." in done.text


def test_shipping_many_tickets_must_be_confirmed_and_complaints_are_refused(
    ordered: Callable[..., Ticket],
    complain: Callable[..., Ticket],
    femi: User,
    femis_browser: Client,
) -> None:
    from frontdesk.orders.models import Delivery

    parcel = ordered(delivery=Delivery.DELIVERY, delivery_address="1 High Street")
    goods = complain(ComplaintCategory.GOODS)
    for each in (parcel, goods):
        take_ticket(actor=femi, ticket=each)
    wanted = {"operation": "complete", "ticket": [parcel.number, goods.number]}
    page = femis_browser.post(f"{QUEUE}bulk/", wanted)
    assert "Some of this is final after a few seconds" in page.text
    page = femis_browser.post(f"{QUEUE}bulk/", {**wanted, "confirmed": "1"})
    assert "Complete complaints one by one: each needs its own answer." in page.text
    parcel.refresh_from_db()
    goods.refresh_from_db()
    assert (parcel.state, goods.state) == (TicketState.COMPLETED, TicketState.TAKEN)


def test_bulk_actions_are_limited_to_the_department_and_its_workers(
    ticket: Ticket, complain: Callable[..., Ticket], hanna: User, wanda: User, femis_browser: Client
) -> None:
    case = complain(ComplaintCategory.CONDUCT)
    femis_browser.post(f"{QUEUE}bulk/", {"operation": "take", "ticket": [case.number]})
    case.refresh_from_db()
    assert case.state == TicketState.WAITING
    femis_browser.force_login(wanda)
    assert femis_browser.post(f"{QUEUE}bulk/", {"ticket": [ticket.number]}).status_code == 403


def test_a_longer_timeline_needs_no_more_queries(
    ticket: Ticket, femi: User, fay: User, femis_browser: Client
) -> None:
    def count_queries() -> int:
        femis_browser.get(f"/office/tickets/{ticket.number}/")  # what is new is read then
        with CaptureQueriesContext(connection) as queries:
            assert femis_browser.get(f"/office/tickets/{ticket.number}/").status_code == 200
        return len(queries)

    take_ticket(actor=femi, ticket=ticket)
    for n in range(2):
        comment_ticket(actor=fay, ticket=ticket, text=f"{n}")
    few = count_queries()
    for n in range(6):
        comment_ticket(actor=fay if n % 2 else femi, ticket=ticket, text=f"@femi {n}")
    assert count_queries() == few


def test_an_export_has_the_filtered_tickets(
    ordered: Callable[..., Ticket], maya: User, femis_browser: Client
) -> None:
    plain, urgent = ordered(), ordered()
    set_priority(actor=maya, ticket=urgent, priority="urgent", seen="normal")
    answer = femis_browser.get(f"{QUEUE}?priority=urgent&export=csv")
    text = b"".join(answer.streaming_content if answer.streaming else [answer.content]).decode()
    assert urgent.number in text
    assert plain.number not in text


def test_the_page_of_saved_views_offers_changes_of_ones_own(
    office: object, femi: User, femis_browser: Client
) -> None:
    view = save_view(
        actor=femi, department=Department.FULFILMENT, name="Late", query="tab=all&late=1"
    )
    page = femis_browser.get(f"{QUEUE}views/").content.decode()
    assert f'href="{QUEUE}views/{view.key}/"' in page
    answer = femis_browser.post(f"{QUEUE}views/", {"name": "N" * 500, "query": "tab=all"})
    assert "N" * 500 in answer.content.decode()


def test_what_is_wanted_today_comes_before_what_has_no_date(
    ordered: Callable[..., Ticket], femi: User, client: Client, rf: RequestFactory
) -> None:
    undated, tomorrow = ordered(), ordered(wanted_by_date=office_date() + timedelta(days=1))
    wanted = ordered(wanted_by_date=office_date())
    Ticket.objects.filter(pk=undated.pk).update(due_at=timezone.now() - timedelta(days=2))
    request = rf.get("/")
    request.user = femi
    filters = QueueFilter.read({"tab": "waiting"}, request)
    rows = queue(user=femi, department=Department.FULFILMENT, filters=filters)
    assert list(rows.order_by(*filters.order)) == [wanted, undated, tomorrow]
    client.force_login(femi)
    after = client.get(f"/office/queue/fulfilment/?tab=waiting&after={wanted.number}").text
    assert undated.number in after
    assert f"open-{wanted.number}" not in after


@pytest.mark.parametrize(
    ("query", "words"),
    [("tab=waiting", "promised for today"), ("tab=all", "newest tickets come first")],
)
def test_the_headline_says_how_the_tickets_are_sorted(
    ticket: Ticket, femi: User, client: Client, query: str, words: str
) -> None:
    client.force_login(femi)
    assert words in client.get(f"/office/queue/fulfilment/?{query}").text


def test_the_beginning_of_a_queue_is_that_of_all_its_tickets(
    ordered: Callable[..., Ticket], femi: User
) -> None:
    now = timezone.now()
    tickets = [ordered() for _ in range(9)]
    for place, ticket in enumerate(tickets):
        Ticket.objects.filter(pk=ticket.pk).update(
            priority=("normal", "urgent", "normal", "low", "normal")[place % 5],
            is_promised=place % 3 > 0,
            due_at=now + timedelta(hours=(7 * place) % 60 - 20, days=place % 2),
        )
    take_ticket(actor=femi, ticket=Ticket.objects.get(pk=tickets[0].pk))
    for query in ("", "tab=waiting", "tab=in_work", "tab=mine", "tab=waiting&late=1", "sort=due"):
        filters = QueueFilter.read(dict(parse_qsl(query)), _request_of(femi))
        rows = queue(user=femi, department=Department.FULFILMENT, filters=filters)
        for size in (1, 3, 20):
            first = beginning(rows, department=Department.FULFILMENT, filters=filters, size=size)
            expected = list(rows.order_by(*filters.order)[:size])
            assert list(first.order_by(*filters.order)[:size]) == expected, query
            assert expected


def _request_of(person: User) -> HttpRequest:
    request = RequestFactory().get(QUEUE)
    request.user = person
    return request


def test_tabs_count_up_to_a_limit(
    ordered: Callable[..., Ticket],
    femi: User,
    femis_browser: Client,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for _ in range(3):
        ordered()
    assert counted(waiting_counts(femi)["fulfilment"]) == "3"
    monkeypatch.setattr("officeflow.ui.counts.MOST", 2)
    monkeypatch.setattr("backoffice.tickets.queries.tickets.LIMIT", 3)
    ordered()
    page = femis_browser.get(QUEUE)
    assert page.context["tabs"][0]["count"] == "2+"
    number = 'id="count-tickets-queue-fulfilment"'
    assert f'<span class="count" {number}>2+</span>' in page.content.decode()
    part = femis_browser.get(page.context["live_url"])
    assert f'<span class="count" {number} hx-swap-oob="true">2+</span>' in part.content.decode()


@pytest.mark.usefixtures("stopped_clock")
def test_a_refresh_without_changes_reads_no_ticket(
    ordered: Callable[..., Ticket], femis_browser: Client
) -> None:
    ordered()
    page = femis_browser.get(f"{QUEUE}?tab=all&text=nora")
    headers = {"If-None-Match": page.context["version"]}
    with CaptureQueriesContext(connection) as asked:
        refreshed = femis_browser.get(page.context["live_url"], headers=headers)
    assert refreshed.status_code == 304
    assert len(asked) <= 5


def test_a_queue_needs_a_constant_number_of_queries(
    ordered: Callable[..., Ticket], femis_browser: Client
) -> None:
    for _ in range(3):
        ordered()
    with CaptureQueriesContext(connection) as asked:
        assert len(femis_browser.get(QUEUE).context["rows"]) == 3
    assert len(asked) <= 11
