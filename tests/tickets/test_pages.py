"""The pages of the queue and of a ticket."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from backoffice.tickets.actions import take_ticket
from backoffice.tickets.models import Ticket
from backoffice.tickets.states import TicketState
from frontdesk.complaints.models import ComplaintCategory
from officeflow.staff.models import User

pytestmark = pytest.mark.django_db

QUEUE = "/office/queue/fulfilment/"


@pytest.fixture
def sign_in_as(client: Client) -> Callable[[User], Client]:
    def sign_in(user: User) -> Client:
        client.force_login(user)
        return client

    return sign_in


def address(ticket: Ticket, action: str = "") -> str:
    return f"/office/tickets/{ticket.number}/{action}"


def test_the_queue_lists_waiting_tickets(ticket: Ticket, femi: User, sign_in_as: Callable) -> None:
    page = sign_in_as(femi).get(QUEUE)
    assert page.status_code == 200
    assert ticket.number in page.text
    assert "Nora Nordmann" in page.text
    assert address(ticket, "take/") in page.text


def test_taking_from_the_queue_opens_the_ticket(
    ticket: Ticket, femi: User, sign_in_as: Callable
) -> None:
    answer = sign_in_as(femi).post(address(ticket, "take/"), {"from": "queue"}, follow=True)
    assert answer.redirect_chain[-1][0] == address(ticket)
    ticket.refresh_from_db()
    assert ticket.assignee == femi
    assert "Assigned to you" in answer.text


def test_taking_a_taken_ticket_shows_the_queue_and_the_colleague(
    ticket: Ticket, femi: User, fay: User, sign_in_as: Callable
) -> None:
    take_ticket(actor=femi, ticket=ticket)
    answer = sign_in_as(fay).post(address(ticket, "take/"), {"from": "queue"}, follow=True)
    assert answer.redirect_chain[-1][0] == QUEUE
    assert "Femi Fulfilment has already taken this ticket" in answer.text


@pytest.mark.parametrize("action", ["take/", "untake/"])
def test_actions_refuse_get_requests(
    ticket: Ticket, femi: User, sign_in_as: Callable, action: str
) -> None:
    assert sign_in_as(femi).get(address(ticket, action)).status_code == 405


def test_warehouse_sees_fulfilments_tickets_but_cannot_take_them(
    ticket: Ticket, wanda: User, sign_in_as: Callable
) -> None:
    client = sign_in_as(wanda)
    page = client.get(QUEUE)
    assert ticket.number in page.text
    assert address(ticket, "take/") not in page.text
    assert address(ticket, "take/") not in client.get(address(ticket)).text
    for action in ("take/", "untake/", "return/", "complete/"):
        assert client.post(address(ticket, action)).status_code == 403


@pytest.mark.parametrize("username", ["amir", "hanna"])
def test_another_departments_ticket_is_404(
    ticket: Ticket, username: str, request: pytest.FixtureRequest, sign_in_as: Callable
) -> None:
    client = sign_in_as(request.getfixturevalue(username))
    assert client.get(QUEUE).status_code == 404
    assert client.get(QUEUE + "live/").status_code == 404
    for action in ("", "live/", "return/", "complete/"):
        assert client.get(address(ticket, action)).status_code == 404
    for action in ("take/", "untake/", "return/", "complete/"):
        assert client.post(address(ticket, action)).status_code == 404


def test_an_unknown_department_is_404(femi: User, sign_in_as: Callable) -> None:
    assert sign_in_as(femi).get("/office/queue/kitchen/").status_code == 404


def test_the_return_form_keeps_typed_values_and_shows_errors(
    ticket: Ticket, femi: User, sign_in_as: Callable
) -> None:
    take_ticket(actor=femi, ticket=ticket)
    page = sign_in_as(femi).post(address(ticket, "return/"), {"question": "Blue or <green>?"})
    assert page.status_code == 422
    assert "Choose a reason." in page.text
    assert "Blue or &lt;green&gt;?" in page.text


def test_the_return_form_focuses_the_reason_without_a_choice(
    ticket: Ticket, femi: User, sign_in_as: Callable
) -> None:
    take_ticket(actor=femi, ticket=ticket)
    page = sign_in_as(femi).get(address(ticket, "return/")).text
    assert page.count(" autofocus") == 1
    reasons = page.split('id="id_reason_0"')[1].split("</fieldset>")[0]
    assert " autofocus" in reasons.split(">")[0]
    assert " checked" not in reasons


def test_a_returned_ticket_shows_its_question(
    ticket: Ticket, femi: User, sign_in_as: Callable
) -> None:
    take_ticket(actor=femi, ticket=ticket)
    client = sign_in_as(femi)
    answer = client.post(
        address(ticket, "return/"), {"reason": "other", "question": "Blue or green?"}
    )
    assert answer.status_code == 302
    page = client.get(address(ticket))
    assert "Blue or green?" in page.text
    assert "The front desk has your question." in page.text


def test_a_conflict_is_shown_in_the_form_with_typed_values(
    ticket: Ticket, femi: User, fay: User, sign_in_as: Callable
) -> None:
    take_ticket(actor=femi, ticket=ticket)
    page = sign_in_as(fay).post(
        address(ticket, "return/"), {"reason": "other", "question": "Blue or green?"}
    )
    assert page.status_code == 422
    assert "Femi Fulfilment has this ticket" in page.text
    assert "Blue or green?" in page.text


@pytest.mark.parametrize("action", ["return", "complete", "hold", "reassign"])
def test_an_unavailable_form_is_not_shown(
    ticket: Ticket, femi: User, fay: User, sign_in_as: Callable, action: str
) -> None:
    client = sign_in_as(fay)
    waiting = client.get(address(ticket, f"{action}/"))
    assert waiting.status_code == 409
    assert "Take it first" in waiting.text
    assert address(ticket, "take/") in waiting.text
    take_ticket(actor=femi, ticket=ticket)
    page = client.get(address(ticket, f"{action}/"))
    assert "Femi Fulfilment has this ticket" in page.text
    assert address(ticket, "take-over/") in page.text


def test_a_pick_up_order_is_completed_without_a_confirmation(
    ticket: Ticket, femi: User, sign_in_as: Callable
) -> None:
    take_ticket(actor=femi, ticket=ticket)
    client = sign_in_as(femi)
    assert "Ready for pick-up" in client.get(address(ticket)).text
    answer = client.post(address(ticket, "complete/"), follow=True)
    assert answer.redirect_chain[-1][0] == QUEUE
    ticket.refresh_from_db()
    assert ticket.state == TicketState.COMPLETED


def test_completing_twice_shows_a_message_on_the_ticket(
    ticket: Ticket, femi: User, sign_in_as: Callable
) -> None:
    take_ticket(actor=femi, ticket=ticket)
    client = sign_in_as(femi)
    client.post(address(ticket, "complete/"))
    answer = client.post(address(ticket, "complete/"), follow=True)
    assert answer.redirect_chain[-1][0] == address(ticket)
    assert "already completed" in answer.text


def test_the_answer_form_keeps_typed_values(
    complaint_ticket: Ticket, maya: User, sign_in_as: Callable
) -> None:
    take_ticket(actor=maya, ticket=complaint_ticket)
    client = sign_in_as(maya)
    page = client.post(address(complaint_ticket, "complete/"), {"message": "So sorry."})
    assert page.status_code == 422
    assert "Choose the outcome of the complaint." in page.text
    assert "So sorry." in page.text
    answer = client.post(
        address(complaint_ticket, "complete/"), {"outcome": "goodwill", "message": "So sorry."}
    )
    assert answer.status_code == 302
    assert "So sorry." in client.get(address(complaint_ticket)).text


@pytest.mark.usefixtures("stopped_clock")
def test_a_refresh_without_a_change_is_a_304(
    ticket: Ticket, femi: User, sign_in_as: Callable
) -> None:
    client = sign_in_as(femi)
    for part in (QUEUE + "live/?tab=waiting", address(ticket, "live/")):
        first = client.get(part)
        assert first.status_code == 200
        again = client.get(part, headers={"If-None-Match": first["ETag"]})
        assert again.status_code == 304
        assert not again.content


def test_a_change_shows_at_the_next_refresh(
    ticket: Ticket, femi: User, sign_in_as: Callable
) -> None:
    client = sign_in_as(femi)
    parts = (QUEUE + "live/?tab=waiting", address(ticket, "live/"))
    tags = [client.get(part)["ETag"] for part in parts]
    take_ticket(actor=femi, ticket=ticket)
    for part, tag in zip(parts, tags, strict=True):
        assert client.get(part, headers={"If-None-Match": tag}).status_code == 200


def test_tabs_show_matching_tickets(
    ordered: Callable[..., Ticket], femi: User, fay: User, sign_in_as: Callable
) -> None:
    waiting, mine, hers, done = (ordered() for _ in range(4))
    take_ticket(actor=femi, ticket=mine)
    take_ticket(actor=fay, ticket=hers)
    client = sign_in_as(femi)
    take_ticket(actor=femi, ticket=done)
    client.post(address(done, "complete/"))
    expected = {
        "waiting": {waiting},
        "mine": {mine},
        "in_work": {mine, hers},
        "returned": set(),
        "done": {done},
    }
    for tab, tickets in expected.items():
        page = client.get(QUEUE, {"tab": tab})
        assert {row["ticket"] for row in page.context["rows"]} == tickets, tab
        (shown,) = [each for each in page.context["tabs"] if each["current"]]
        assert shown["count"] == (str(len(tickets)) if tickets else ""), tab


@pytest.mark.parametrize(
    "after",
    ["x", "2026-01-01_1", "_", "2026-01-01T00:00:00+00:00_x", "0001-01-01T00:00:00+14:00_1"],
)
def test_a_malformed_page_key_shows_the_first_page(
    ticket: Ticket, femi: User, sign_in_as: Callable, after: str
) -> None:
    page = sign_in_as(femi).get(QUEUE, {"after": after})
    assert page.status_code == 200
    assert ticket.number in page.text


def test_consecutive_pages_have_no_gaps(
    ordered: Callable[..., Ticket],
    femi: User,
    sign_in_as: Callable,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("officeflow.ui.paging.PAGE_SIZE", 2)
    tickets = [ordered() for _ in range(3)]
    client = sign_in_as(femi)
    first = client.get(QUEUE)
    assert [row["ticket"] for row in first.context["rows"]] == tickets[:2]
    second = client.get(first.context["next_url"])
    assert [row["ticket"] for row in second.context["rows"]] == tickets[2:]
    assert not second.context["next_url"]


def test_a_longer_queue_needs_no_more_queries(
    ordered: Callable[..., Ticket], femi: User, sign_in_as: Callable
) -> None:
    client = sign_in_as(femi)

    def count_queries() -> int:
        with CaptureQueriesContext(
            connection,
        ) as queries:
            assert client.get(QUEUE).status_code == 200
        return len(queries)

    for _ in range(3):
        ordered()
    few = count_queries()
    for _ in range(9):
        ordered()
    assert count_queries() == few


def test_the_page_of_a_ticket_asks_for_each_thing_once(
    ticket: Ticket,
    femi: User,
    fay: User,
    sign_in_as: Callable,
    django_assert_max_num_queries: Callable[..., Any],
) -> None:
    client = sign_in_as(femi)
    client.get(address(ticket))
    with django_assert_max_num_queries(18):
        client.get(address(ticket))
    take_ticket(actor=fay, ticket=ticket)
    with django_assert_max_num_queries(18):
        client.get(address(ticket))


def test_the_version_is_one_query(ticket: Ticket, django_assert_num_queries: Callable) -> None:
    from backoffice.tickets.queries import queue_version
    from officeflow.permissions import Department

    with django_assert_num_queries(1):
        queue_version(Department.FULFILMENT)


def test_the_navigation_counts_waiting_tickets(
    ordered: Callable[..., Ticket],
    complain: Callable[..., Ticket],
    maya: User,
    sign_in_as: Callable,
) -> None:
    ordered()
    ordered()
    complain(ComplaintCategory.SERVICE)
    page = sign_in_as(maya).get("/office/queue/management/")
    (group,) = [group for group in page.context["nav"].groups if group.area == "backoffice"]
    counts = {str(item.label): item.count for item in group.links}
    assert counts["Fulfilment"] == 2
    assert counts["Management"] == 1
    assert "HR" not in counts
