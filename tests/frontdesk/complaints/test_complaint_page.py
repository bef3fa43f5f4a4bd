"""The pages of a complaint."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from django.test import Client

from frontdesk.complaints.models import Complaint
from frontdesk.complaints.states import ComplaintState
from frontdesk.customers.models import Customer
from frontdesk.orders.models import Order
from officeflow.handoff.models import Handoff
from officeflow.idempotency.models import Submission
from officeflow.staff.models import User
from tests.frontdesk.conftest import signed_in

pytestmark = pytest.mark.django_db
NEW = "/desk/complaints/new/"


def form_data(**given: str) -> dict[str, str]:
    return {
        "customer": "",
        "customer_name": "",
        "category": "goods",
        "severity": "normal",
        "order": "",
        "product": "",
        "description": "One mug is chipped",
        "desired_outcome": "",
        "idempotency_key": "key-1",
        **given,
    }


def address(complaint: Complaint, act: str = "") -> str:
    return f"/desk/complaints/{complaint.number}/{act}"


def test_a_complaint_is_logged_with_order_and_line(
    desk: Client, order: Order, nora: Customer
) -> None:
    answer = desk.post(NEW, form_data(order=order.number.lower(), order_line="1", severity="high"))
    complaint = Complaint.objects.get()
    assert answer["Location"] == address(complaint)
    assert (complaint.customer, complaint.order, complaint.severity) == (nora, order, "high")
    assert complaint.order_line == order.lines.get()
    desk.post(NEW, form_data(order=order.number.lower(), order_line="1", severity="high"))
    assert Complaint.objects.count() == 1


def test_the_form_starts_with_the_order_and_its_customer(desk: Client, order: Order) -> None:
    form = desk.get(NEW, {"order": order.number}).context["form"]
    assert form["customer_name"].value() == "Nora Nordmann"
    assert ("1", "2 × Blue mug") in form.fields["order_line"].choices


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"description": " "}, "description"),
        ({"category": ""}, "category"),
        ({"category": "weather"}, "category"),
        ({"order": "SO-999999"}, "order"),
        ({"order_line": "9"}, "order_line"),
        ({"product": "unheard of"}, "product"),
        ({"customer_name": "nobody"}, "customer_name"),
    ],
)
def test_errors_are_shown_beside_their_fields(
    desk: Client, nora: Customer, given: dict[str, str], field: str
) -> None:
    answer = desk.post(NEW, form_data(**{"desired_outcome": "A new one", **given}))
    assert answer.status_code == 422
    assert field in answer.context["form"].errors
    assert "A new one" in answer.content.decode()
    assert not Complaint.objects.exists()


def test_an_unknown_name_can_be_added_as_a_customer(desk: Client) -> None:
    typed = form_data(customer_name="Bo", desired_outcome="A new one", **{"new-customer": "1"})
    form = desk.post(NEW, typed).context["form"]
    assert (form["customer"].value(), form["new_name"].value()) == ("new", "Bo")
    assert form["desired_outcome"].value() == "A new one"


def test_somebody_elses_order_is_refused(desk: Client, order: Order, mug: object) -> None:
    data = form_data(order=order.number, customer="new", customer_name="Bo", new_name="Bo")
    answer = desk.post(NEW, data)
    assert answer.context["form"].errors["order"] == ["This order belongs to another customer."]
    assert not Customer.objects.filter(name="Bo").exists()


def test_the_form_offers_the_lines_of_the_chosen_order(desk: Client, order: Order) -> None:
    page = desk.post("/desk/complaints/about/", form_data(order=order.number)).content.decode()
    assert "Blue mug" in page


def test_the_page_shows_the_complaint_and_its_timeline(desk: Client, complaint: Complaint) -> None:
    page = desk.get(address(complaint)).content.decode()
    for text in ("One mug is chipped", "Complaint logged", "Fulfilment", "Nora Nordmann"):
        assert text in page
    first = desk.get(address(complaint, "now/"))
    again = desk.get(address(complaint, "now/"), headers={"If-None-Match": first["ETag"]})
    assert again.status_code == 304


def test_a_satisfied_customer_confirms_the_complaint(
    desk: Client, complaint: Complaint, report_answer: Callable[[Complaint, str], None]
) -> None:
    assert desk.get(address(complaint, "confirm/")).status_code == 302
    report_answer(complaint, "A new mug is on its way")
    to_tell = desk.get(address(complaint, "confirm/")).content.decode()
    assert "A new mug is on its way" in to_tell
    assert complaint.description in to_tell
    desk.post(address(complaint, "confirm/"))
    complaint.refresh_from_db()
    assert complaint.state == ComplaintState.CONFIRMED


def test_a_dissatisfied_customer_reopens_the_complaint(
    desk: Client, complaint: Complaint, report_answer: Callable[[Complaint, str], None]
) -> None:
    report_answer(complaint, "A new mug is on its way")
    assert desk.post(address(complaint, "reopen/"), {"reason": ""}).status_code == 422
    desk.post(address(complaint, "reopen/"), {"reason": "It was the last of its kind"})
    complaint.refresh_from_db()
    assert complaint.state == ComplaintState.REOPENED


def test_what_is_typed_while_telling_the_customer_is_kept(
    desk: Client, complaint: Complaint, report_answer: Callable[[Complaint, str], None]
) -> None:
    report_answer(complaint, "A new mug is on its way")
    page = desk.get(address(complaint, "confirm/"))
    assert "no-store" in page["Cache-Control"]
    name = page.context["draft"].name
    assert (name.form, name.context) == ("reopen", complaint.number)
    assert f'value="{name.text}"' in page.content.decode()
    typed = {"reason": "", "draft": name.text}
    again = desk.post(address(complaint, "reopen/"), typed)
    assert f'value="{name.text}"' in again.content.decode()


def test_a_sealed_complaint_shows_number_customer_date_and_state(
    desk: Client, sealed: Complaint, rita: User
) -> None:
    for page in (
        desk.get(address(sealed)).content.decode(),
        desk.get("/desk/complaints/").content.decode(),
        desk.get("/desk/").content.decode(),
        desk.get("/desk/search/", {"q": "nora"}).content.decode(),
    ):
        assert sealed.number in page
        assert "Nora Nordmann" in re.sub("</?mark[^>]*>", "", page)
        assert "shouted" not in page
        assert "apology" not in page
        assert "Conduct of a colleague" not in page
    page = desk.get(address(sealed)).content.decode()
    assert "only HR can read this" in page
    assert "Delivered" not in page
    assert "History" not in page


def test_the_desk_stores_no_text_of_a_sealed_complaint(desk: Client, nora: Customer) -> None:
    secret = "He shouted at me by the till"
    form = form_data(category="conduct", description=secret, customer=nora.number)
    answer = desk.post(NEW, form, follow=True)
    assert answer.status_code == 200
    assert secret not in answer.content.decode()
    submission = Submission.objects.get(endpoint="desk.complaint-new")
    assert secret not in f"{submission.result}{submission.body_hash}"
    handoff = Handoff.objects.get(contract="ComplaintRaised")
    assert handoff.is_sealed
    assert handoff.destination == "hr"


def test_a_sealed_complaint_is_not_linked_to_its_order(desk: Client, order: Order) -> None:
    desk.post(NEW, form_data(category="conduct", order=order.number))
    complaint = Complaint.objects.get()
    page = desk.get(f"/desk/orders/{order.number}/now/").content.decode()
    assert complaint.number not in page


def test_all_routes_but_conduct_can_be_changed(
    ada: User, desk: Client, office: object, order: Order
) -> None:
    url = "/desk/complaints/routes/"
    assert desk.get(url).status_code == 403
    client = signed_in(ada)
    assert [form.prefix for form in client.get(url).context["forms"]] == [
        "billing",
        "goods",
        "other",
        "service",
    ]
    routes = {
        "billing-destination": "accounting",
        "goods-destination": "management",
        "other-destination": "management",
        "service-destination": "management",
        "conduct-destination": "management",
    }
    assert client.post(url, routes).status_code == 302
    assert client.post(url, routes | {"goods-destination": "hr"}).status_code == 422
    late = client.post(
        url, routes | {"goods-destination": "accounting", "goods-before": "fulfilment"}
    )
    assert "A colleague has chosen Management" in late.content.decode()
    assert 'name="goods-before" value="management"' in late.content.decode()
    desk.post(NEW, form_data())
    desk.post(NEW, form_data(category="conduct", idempotency_key="key-2"))
    told = Complaint.objects.order_by("id").values_list("destination", flat=True)
    assert list(told) == ["management", "hr"]


@pytest.mark.parametrize(
    ("state", "standing", "next_step"),
    [
        ("logged", "Waiting in Fulfilment", "Wait for the answer of Fulfilment"),
        ("in_hand", "Fulfilment works on it", "Wait for the answer of Fulfilment"),
        ("reopened", "Waiting in Fulfilment again", "Wait for the answer of Fulfilment"),
        ("resolved", "Fulfilment has answered", "Tell the customer"),
        ("confirmed", "The customer is satisfied", "Nothing"),
    ],
)
def test_the_page_says_where_it_stands_and_what_comes_next(
    desk: Client, complaint: Complaint, state: str, standing: str, next_step: str
) -> None:
    Complaint.objects.update(state=state)
    actions = desk.get(address(complaint)).context["actions"]
    assert actions.standing == standing
    assert actions.next_step.startswith(next_step)
