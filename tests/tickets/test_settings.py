"""Return reasons and service goals."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client

from backoffice.tickets.actions import QuestionMissing, return_ticket, take_ticket
from backoffice.tickets.models import ReasonToReturn, ServiceGoal, Ticket, TicketQuestion
from backoffice.tickets.reference import ensure
from frontdesk.questions.models import DeskQuestion
from officeflow.staff.models import User
from tests.tickets.conftest import deliver

pytestmark = pytest.mark.django_db

REASON = {"label": "Colour is unclear", "department": "fulfilment", "position": "15"}


@pytest.fixture
def adas_browser(ada: User, client: Client) -> Client:
    client.force_login(ada)
    return client


def test_an_office_adds_return_reasons_and_the_desk_sees_their_labels(
    ticket: Ticket, femi: User, adas_browser: Client
) -> None:
    adas_browser.post("/office/return-reasons/new/", {**REASON, "code": "colour_unclear"})
    take_ticket(actor=femi, ticket=ticket)
    return_ticket(actor=femi, ticket=ticket, reason="colour_unclear", question="Which blue?")
    ReasonToReturn.objects.filter(code="colour_unclear").update(label="Something else")
    deliver()
    assert TicketQuestion.objects.get().reason_label == "Colour is unclear"
    assert DeskQuestion.objects.get().reason_label == "Colour is unclear"


def test_an_inactive_reason_or_one_of_another_department_is_refused(
    ticket: Ticket, femi: User
) -> None:
    take_ticket(actor=femi, ticket=ticket)
    ReasonToReturn.objects.filter(code="other").update(is_active=False)
    ReasonToReturn.objects.filter(code="ask_customer").update(department="accounting")
    for code in ("other", "ask_customer", "nonsense"):
        with pytest.raises(QuestionMissing):
            return_ticket(actor=femi, ticket=ticket, reason=code, question="Which?")


def test_a_colleagues_change_of_a_reason_is_shown_beside_the_typed_one(
    adas_browser: Client,
) -> None:
    address = "/office/return-reasons/other/"
    form = {**REASON, "is_active": "on", "version": "1"}
    assert adas_browser.post(address, form).status_code == 302
    stale = adas_browser.post(address, {**form, "label": "Odd"})
    assert stale.status_code == 409
    assert "Colour is unclear" in stale.text
    assert "Odd" in stale.text
    assert ReasonToReturn.objects.get(code="other").label == "Colour is unclear"


@pytest.mark.parametrize("code", ["other", "new", "Ü", "x y", ""])
def test_an_invalid_code_is_refused(adas_browser: Client, code: str) -> None:
    page = adas_browser.post("/office/return-reasons/new/", {**REASON, "code": code})
    assert page.status_code == 422
    assert "Colour is unclear" in page.text


def test_a_goal_applies_to_new_tickets(
    ordered: Callable[..., Ticket], adas_browser: Client
) -> None:
    before = ordered()
    page = adas_browser.get("/office/goals/")
    form = {}
    for goal in page.context["forms"]:
        form[goal.add_prefix("version")] = str(goal.initial["version"])
        form[goal.add_prefix("hours")] = str(goal.initial["hours"])
    form["fulfilment-order-hours"] = "1.5"
    assert adas_browser.post("/office/goals/", form).status_code == 302
    assert ServiceGoal.objects.get(department="fulfilment", kind="order").minutes == 90
    after = ordered()
    assert after.due_at - after.created_at < timedelta(minutes=91)
    assert before.due_at - before.created_at > timedelta(hours=7)
    # The same page again is of an older version.
    form["fulfilment-order-hours"] = "2"
    stale = adas_browser.post("/office/goals/", form)
    assert stale.status_code == 422
    assert "A colleague has changed this to 1.5" in stale.text
    ensure()
    # Hours that were left as the old page showed them are a colleague's to change.
    for goal in page.context["forms"]:
        form[goal.add_prefix("version-shown")] = goal["version"].shown()
        if goal.prefix == "fulfilment-order":
            form["fulfilment-order-hours"] = str(goal.initial["hours"])
    form["accounting-complainthigh-hours"] = "3"
    assert adas_browser.post("/office/goals/", form).status_code == 302
    assert ServiceGoal.objects.get(department="fulfilment", kind="order").minutes == 90
