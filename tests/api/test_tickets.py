"""Tickets over HTTP: taken by one, returned, answered for complaints."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from frontdesk.questions.models import DeskQuestion
from officeflow.catalogue.models import Product
from tests.api.conftest import Caller, Client

pytestmark = pytest.mark.django_db
Drain = Callable[[], int]


@pytest.fixture
def desk(caller: Caller, mug: Product) -> Client:
    return caller("rita")


@pytest.fixture
def number(desk: Client, caller: Caller, drain: Drain) -> str:
    """The number of the ticket of a new order."""
    desk.send("orders/", {"lines": [{"sku": "MUG", "quantity": 1}]})
    drain()
    return caller("femi").read("tickets/").json()["results"][0]["number"]


def test_a_ticket_is_taken_once_and_the_conflict_names_who_has_it(
    caller: Caller, number: str
) -> None:
    taken = caller("femi").send(f"tickets/{number}/take/")
    assert taken.json()["state"] == "taken"
    assert taken.json()["assignee"] == "femi"
    late = caller("fay").send(f"tickets/{number}/take/")
    assert late.status_code == 409
    assert "Femi" in late.json()["detail"]


def test_a_ticket_is_visible_in_its_department(caller: Caller, number: str) -> None:
    assert caller("femi").read(f"tickets/{number.lower()}/").json()["number"] == number
    assert caller("amir").read(f"tickets/{number}/").status_code == 404
    assert caller("rita").read(f"tickets/{number}/").status_code == 403


def test_a_ticket_is_untaken(caller: Caller, number: str) -> None:
    femi = caller("femi")
    femi.send(f"tickets/{number}/take/")
    assert femi.send(f"tickets/{number}/untake/").json()["state"] == "waiting"


@pytest.mark.parametrize(
    "body",
    [
        {"reason": "out_of_stock", "question": "There are none; is red all right?"},
        {"reason": "There are none; is red all right?"},
    ],
)
def test_a_ticket_is_returned_with_a_question(
    caller: Caller, number: str, drain: Drain, body: dict[str, str]
) -> None:
    femi = caller("femi")
    femi.send(f"tickets/{number}/take/")
    assert femi.send(f"tickets/{number}/return/", body).json()["state"] == "returned"
    drain()
    assert DeskQuestion.objects.get().text == "There are none; is red all right?"


def test_a_return_needs_a_question(caller: Caller, number: str) -> None:
    femi = caller("femi")
    femi.send(f"tickets/{number}/take/")
    answer = femi.send(f"tickets/{number}/return/")
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["field"] == "question"


def test_a_complaint_is_answered_with_an_outcome_and_a_message(
    desk: Client, caller: Caller, drain: Drain
) -> None:
    desk.send("complaints/", {"category": "service", "description": "I waited for an hour"})
    drain()
    maya = caller("maya")
    (ticket,) = maya.read("tickets/", department="management").json()["results"]
    maya.send(f"tickets/{ticket['number']}/take/")
    assert maya.send(f"tickets/{ticket['number']}/complete/").status_code == 400
    odd = maya.send(
        f"tickets/{ticket['number']}/complete/", {"outcome": "whatever", "message": "Sorry"}
    )
    assert "partly_upheld" in odd.json()["errors"][0]["message"]
    done = maya.send(
        f"tickets/{ticket['number']}/complete/",
        {"outcome": "upheld", "message": "We are sorry; the coffee is on us."},
    )
    assert done.json()["state"] == "completed"
    drain()
    (complaint,) = desk.read("complaints/").json()["results"]
    assert complaint["state"] == "resolved"
    assert complaint["message"] == "We are sorry; the coffee is on us."


def test_tickets_of_hr_are_visible_to_hr_alone(desk: Client, caller: Caller, drain: Drain) -> None:
    desk.send("complaints/", {"category": "conduct", "description": "He shouted"})
    drain()
    (ticket,) = caller("hanna").read("tickets/").json()["results"]
    for other in ("femi", "amir", "maya", "wanda"):
        client = caller(other)
        assert client.read("tickets/", department="hr").json()["results"] == []
        assert client.read(f"tickets/{ticket['number']}/").status_code == 404
        assert client.send(f"tickets/{ticket['number']}/take/").status_code == 404
    assert desk.read("tickets/").status_code == 403


def test_the_warehouse_sees_but_cannot_take_tickets_of_fulfilment(
    caller: Caller, number: str
) -> None:
    wanda = caller("wanda")
    assert [row["number"] for row in wanda.read("tickets/").json()["results"]] == [number]
    assert wanda.send(f"tickets/{number}/take/").status_code == 403


def test_an_unknown_department_is_a_problem(caller: Caller, number: str) -> None:
    answer = caller("femi").read("tickets/", department="kitchen")
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["field"] == "department"


def test_a_ticket_is_held_resumed_and_reassigned(caller: Caller, number: str) -> None:
    from datetime import timedelta

    from officeflow.company.queries import office_date

    femi, fay = caller("femi"), caller("fay")
    femi.send(f"tickets/{number}/take/")
    day = (office_date() + timedelta(days=2)).isoformat()
    held = femi.send(f"tickets/{number}/hold/", {"reason": "Waits", "until_date": day})
    assert held.json()["state"] == "held"
    assert (
        femi.send(f"tickets/{number}/hold/", {"reason": "", "until_date": day}).status_code == 400
    )
    assert fay.send(f"tickets/{number}/resume/").status_code == 409
    assert femi.send(f"tickets/{number}/resume/").json()["state"] == "taken"
    taken_over = fay.send(f"tickets/{number}/take-over/", {"holder": "femi", "note": "Go home."})
    assert taken_over.json()["assignee"] == "fay"
    late = femi.send(f"tickets/{number}/take-over/", {"holder": "femi"})
    assert late.status_code == 409
    given = fay.send(f"tickets/{number}/reassign/", {"to": "femi", "holder": "fay"})
    assert given.json()["assignee"] == "femi"
    assert (
        fay.send(f"tickets/{number}/reassign/", {"to": "femi", "holder": "fay"}).status_code == 409
    )
    nowhere = femi.send(f"tickets/{number}/reassign/", {"to": "nobody", "holder": "femi"})
    assert nowhere.status_code == 400


def test_a_priority_needs_a_permission_and_the_current_value(caller: Caller, number: str) -> None:
    maya, fay = caller("maya"), caller("fay")
    wanted = {"priority": "urgent", "seen": "normal"}
    assert fay.send(f"tickets/{number}/priority/", wanted).status_code == 400  # no reason
    lower = {**wanted, "priority": "low", "reason": "It can wait"}
    assert fay.send(f"tickets/{number}/priority/", lower).status_code == 403
    assert maya.send(f"tickets/{number}/priority/", wanted).json()["priority"] == "urgent"
    assert (
        maya.send(f"tickets/{number}/priority/", {**wanted, "priority": "low"}).status_code == 409
    )
    assert [row["number"] for row in fay.read("tickets/", priority="urgent").json()["results"]] == [
        number
    ]
    assert fay.read("tickets/", late="true").json()["results"] == []


def test_a_comment_is_added_once_and_visible_to_the_department(caller: Caller, number: str) -> None:
    fay = caller("fay")
    answer = fay.send(f"tickets/{number}/comments/", {"text": "Top shelf, @femi"})
    assert answer.status_code == 201
    assert answer.json()["text"] == "Top shelf, @femi"
    (comment,) = caller("wanda").read(f"tickets/{number}/comments/").json()
    assert comment["author"] == "fay"
    assert caller("amir").read(f"tickets/{number}/comments/").status_code == 404
