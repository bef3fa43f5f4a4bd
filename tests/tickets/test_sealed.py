"""The ticket of a sealed complaint, which HR alone sees."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from backoffice.tickets.actions import complete_ticket, return_ticket, take_ticket
from backoffice.tickets.models import ComplaintBrief, Ticket
from backoffice.tickets.queries import visible_tickets
from backoffice.tickets.reports import complaint_ticket_counts, department_statistics
from frontdesk.complaints.models import Complaint, ComplaintCategory
from frontdesk.questions.models import DeskQuestion
from officeflow.audit.models import AuditEntry, Realm
from officeflow.company.queries import get_office
from officeflow.permissions import Department
from officeflow.staff.models import User
from tests.people import STAFF
from tests.tickets.conftest import deliver

pytestmark = pytest.mark.django_db

WORDS = "The tall one was rude to my mother."


@pytest.fixture
def conduct(complain: Callable[..., Ticket]) -> Ticket:
    return complain(ComplaintCategory.CONDUCT, description=WORDS)


def test_the_ticket_has_no_text_of_the_complaint(conduct: Ticket) -> None:
    assert conduct.department == Department.HR
    assert WORDS not in f"{conduct.title} {conduct.details}"
    assert not ComplaintBrief.objects.filter(ticket=conduct).exists()


@pytest.mark.parametrize("username", [name for name in STAFF if name != "hanna"])
def test_other_departments_cannot_find_the_ticket(
    conduct: Ticket, username: str, request: pytest.FixtureRequest, client: Client
) -> None:
    person = request.getfixturevalue(username)
    assert not visible_tickets(person).filter(number=conduct.number).exists()
    client.force_login(person)
    for path in (
        "/office/queue/hr/",
        "/office/queue/hr/live/",
        f"/office/tickets/{conduct.number}/",
        f"/office/tickets/{conduct.number}/live/",
    ):
        page = client.get(path)
        assert page.status_code in (403, 404)
        assert conduct.subject not in page.text


def test_a_superuser_cannot_find_the_ticket(conduct: Ticket, client: Client) -> None:
    root = User.objects.create_superuser("root", "x", full_name="Root")
    client.force_login(root)
    assert client.get(f"/office/tickets/{conduct.number}/").status_code == 403
    assert not visible_tickets(root).exists()


def test_the_browser_stores_no_page_of_the_ticket(
    conduct: Ticket, hanna: User, client: Client
) -> None:
    client.force_login(hanna)
    for path in (
        "/office/queue/hr/",
        "/office/queue/hr/live/",
        f"/office/tickets/{conduct.number}/",
        f"/office/tickets/{conduct.number}/live/",
    ):
        assert client.get(path).headers["Cache-Control"] == "private, no-store"
    assert client.get("/you/").headers["Cache-Control"] == "private, no-store"


def test_hr_sees_the_ticket_and_its_audit_entries(
    conduct: Ticket, hanna: User, client: Client
) -> None:
    client.force_login(hanna)
    assert WORDS in client.get(f"/office/tickets/{conduct.number}/").text
    take_ticket(actor=hanna, ticket=conduct)
    return_ticket(actor=hanna, ticket=conduct, reason="other", question="Which day was it?")
    about = AuditEntry.objects.filter(subject=conduct.number)
    assert about.count() == 3
    assert set(about.values_list("realm", flat=True)) == {Realm.HR}


def test_the_desk_sees_only_the_question_and_the_answer(conduct: Ticket, hanna: User) -> None:
    take_ticket(actor=hanna, ticket=conduct)
    return_ticket(actor=hanna, ticket=conduct, reason="other", question="Which day was it?")
    deliver()
    assert DeskQuestion.objects.get().text == "Which day was it?"


def test_the_message_for_the_customer_is_posted_to_the_desk(conduct: Ticket, hanna: User) -> None:
    take_ticket(actor=hanna, ticket=conduct)
    complete_ticket(actor=hanna, ticket=conduct, outcome="upheld", message="We apologise.")
    deliver()
    complaint = Complaint.objects.get(number=conduct.subject)
    assert (complaint.message, complaint.description) == ("We apologise.", "")


def test_the_dashboards_get_counts_and_no_subject(conduct: Ticket) -> None:
    figures = department_statistics(get_office())[Department.HR]
    assert figures.waiting == 1
    assert figures.oldest_waiting_at == conduct.created_at
    assert conduct.subject not in repr(figures)
    assert complaint_ticket_counts([conduct.subject]) == {(conduct.subject, "hr"): 1}


def test_hr_is_warned_that_the_desk_reads_the_text(
    conduct: Ticket, hanna: User, client: Client
) -> None:
    take_ticket(actor=hanna, ticket=conduct)
    client.force_login(hanna)
    for verb, words in (("return", "The front desk reads this question"), ("complete", "reads")):
        assert words in client.get(f"/office/tickets/{conduct.number}/{verb}/").text
