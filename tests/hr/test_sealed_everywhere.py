"""A sealed case, answered or not, on every page, in every export and in the API, for every role."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from backoffice.tickets.actions import complete_ticket, return_ticket, take_ticket
from backoffice.tickets.models import Ticket
from frontdesk.complaints.actions.complaints import (
    confirm_complaint,
    forget_told_answers,
    raise_complaint,
)
from frontdesk.complaints.models import Complaint, ComplaintCategory
from frontdesk.customers.models import Customer
from frontdesk.questions.actions import answer_question
from frontdesk.questions.models import DeskQuestion
from officeflow.audit.models import AuditEntry, Realm
from officeflow.catalogue.models import Product
from officeflow.company.models import Office
from officeflow.handoff.applying import draining
from officeflow.handoff.models import Handoff
from officeflow.permissions import Permission, Role
from officeflow.staff.actions import issue_token
from officeflow.staff.models import Presence
from tests.people import OF_ROLE, employ
from tests.staff.sample_records import SampleRecords, build
from tests.staff.test_permission_matrix import TABLE

pytestmark = pytest.mark.django_db

# The parts of the product that read complaints, customers, hand-offs, tickets or the trail.
READING = {"frontdesk", "dashboards", "tickets", "audit", "api", "mail", "search", "files"}
WORDS = "the walrus in the red scarf"
WISH = "an apology in writing"
ANSWER = "We have spoken with our colleague."
DESK_ANSWER = "It was the Tuesday with the rain."


@pytest.fixture
def records(mug: Product, nora: Customer, bare_error_pages: None) -> SampleRecords:
    return build(nora, mug)


@pytest.fixture
def case(records: SampleRecords, nora: Customer) -> Complaint:
    """A conduct complaint that Ravi logged, asked about, and answered by HR."""
    ravi, hanna = employ("ravi"), employ("hanna")
    complaint = raise_complaint(
        actor=ravi,
        customer=nora,
        category=ComplaintCategory.CONDUCT,
        description=WORDS,
        desired_outcome=WISH,
    )
    draining.drain()
    ticket = take_ticket(actor=hanna, ticket=Ticket.objects.get(subject=complaint.number))
    return_ticket(actor=hanna, ticket=ticket, reason="other", question="Which day was it?")
    draining.drain()
    question = DeskQuestion.objects.get(subject=complaint.number)
    answer_question(actor=employ("rita"), question=question, answer=DESK_ANSWER)
    draining.drain()
    ticket.refresh_from_db()
    complete_ticket(actor=hanna, ticket=ticket, outcome="upheld", message=ANSWER)
    draining.drain()
    complaint.refresh_from_db()
    return complaint


def places(records: SampleRecords, case: Complaint) -> Iterator[str]:
    """Yields the addresses that read records, their exports, and those of the case."""
    for row in TABLE:
        if not row.is_post and row.name.partition(":")[0] in READING:
            yield reverse(row.name, kwargs=row.kwargs(records))
    for name in ("frontdesk:complaint", "frontdesk:complaint-live", "frontdesk:complaint-reopen"):
        yield reverse(name, args=[case.number])
    ticket = Ticket.objects.get(subject=case.number)
    yield reverse("tickets:ticket", args=[ticket.number])
    for name in ("frontdesk:complaints", "audit:trail", "dashboards:handoff-list"):
        yield f"{reverse(name)}?export=csv"
    for handoff in Handoff.objects.filter(subject=case.number):
        yield reverse("dashboards:handoff", args=[handoff.pk])
    for text in (case.number, WORDS, ANSWER, "upheld", "Nora"):
        yield f"{reverse('search')}?q={text}"
        yield f"{reverse('audit:trail')}?text={text}"
    yield f"{reverse('audit:trail')}?record={case.number}"
    yield f"{reverse('dashboards:handoff-list')}?about={case.number}"
    yield f"/api/v1/complaints/{case.number}/"
    yield "/api/v1/complaints/?category=conduct"
    yield f"/api/v1/complaints/?customer={case.customer.number}"  # type: ignore[union-attr]
    yield f"/api/v1/tickets/?subject={case.number}"


def read(client: Client, address: str) -> str:
    answer = client.get(address)
    if answer.streaming:
        return b"".join(answer.streaming_content).decode(errors="replace")
    return answer.content.decode(errors="replace")


@pytest.mark.parametrize("role", [role for role in Role if role != Role.HR])
def test_nobody_outside_hr_reads_of_it(
    client: Client, records: SampleRecords, case: Complaint, role: Role
) -> None:
    person = employ(OF_ROLE[role])
    client.force_login(person)
    secrets = {
        WORDS,
        WISH,
        ANSWER,
        DESK_ANSWER,
        "upheld",
        "Upheld",
        "Hanna HR",
        "Ravi Receptionist",
    }
    found = []
    for address in places(records, case):
        text = read(client, address)
        # A page may repeat what was searched for, and lists of people name them.
        typed = address.partition("?")[2]
        found += [
            (address, secret)
            for secret in secrets
            if secret in text and secret not in typed and secret not in _named_by(address)
        ]
    assert not found, "\n".join(f"{address}: {secret}" for address, secret in found)
    confirm = reverse("frontdesk:complaint-confirm", args=[case.number])
    telling = read(client, confirm)
    assert (ANSWER in telling) == person.may(Permission.CONFIRM_COMPLAINT)
    assert "upheld" not in telling.lower()
    confirm_complaint(actor=employ("rita"), complaint=case)
    assert ANSWER not in read(client, confirm)


def _named_by(address: str) -> set[str]:
    """What a page says for another reason: the API's description, and lists of colleagues."""
    if address.startswith(("/api/schema/", "/api/docs")):
        return {"upheld", "Upheld"}
    if address.startswith("/administration/audit/"):  # where one can choose whose entries to see
        return {"Hanna HR", "Ravi Receptionist"}
    return set()


def test_hr_reads_it(client: Client, case: Complaint) -> None:
    client.force_login(employ("hanna"))
    ticket = Ticket.objects.get(subject=case.number)
    text = read(client, reverse("tickets:ticket", args=[ticket.number]))
    for words in (WORDS, WISH, ANSWER, DESK_ANSWER):
        assert words in text
    assert case.number in read(client, reverse("audit:trail"))


def test_the_trail_of_a_sealed_case_is_hrs(case: Complaint) -> None:
    confirm_complaint(actor=employ("rita"), complaint=case)
    about = AuditEntry.objects.filter(subject=case.number)
    assert set(about.values_list("realm", flat=True)) == {Realm.HR}
    assert {"raise_complaint", "answer_question", "confirm_complaint"} <= set(
        about.values_list("action", flat=True)
    )


@pytest.mark.parametrize("way", ["page", "api"])
def test_who_added_a_customer_with_a_sealed_case_is_hrs_too(office: Office, way: str) -> None:
    ravi, client = employ("ravi"), Client()
    if way == "page":
        client.force_login(ravi)
        typed = {"category": "conduct", "severity": "normal", "description": WORDS}
        typed |= {"customer": "new", "new_name": "Nora New", "idempotency_key": "0" * 32}
        assert client.post(reverse("frontdesk:complaint-new"), typed).status_code == 302
    else:
        headers = {"Authorization": f"Token {issue_token(user=ravi)[1]}", "Idempotency-Key": "k"}
        body = {"category": "conduct", "description": WORDS, "customer": {"name": "Nora New"}}
        answer = client.post(
            "/api/v1/complaints/", body, content_type="application/json", headers=headers
        )
        assert answer.status_code == 201, answer.content
    assert Complaint.objects.get().customer == Customer.objects.get()
    by_ravi = AuditEntry.objects.filter(actor=ravi).exclude(subject_kind="staff")
    assert {"add_customer", "raise_complaint"} <= set(by_ravi.values_list("action", flat=True))
    assert set(by_ravi.values_list("realm", flat=True)) == {Realm.HR}


def test_nobody_sees_who_has_a_sealed_case_open(case: Complaint) -> None:
    ravi, rita = Client(), Client()
    ravi.force_login(employ("ravi"))
    rita.force_login(employ("rita"))
    address = reverse("staff:presence", args=["complaint", case.number])
    assert address not in ravi.get(reverse("frontdesk:complaint", args=[case.number])).text
    assert ravi.get(address).status_code == rita.get(address).status_code == 404
    assert not Presence.objects.exists()


def test_the_desk_stores_no_outcome_and_the_answer_until_it_is_told(case: Complaint) -> None:
    assert (case.outcome, case.message) == ("", ANSWER)
    confirm_complaint(actor=employ("rita"), complaint=case)
    with time_machine.travel(timezone.now() + timedelta(minutes=1)):
        forget_told_answers()
    case.refresh_from_db()
    assert case.message == ""
    assert not any(
        ANSWER in str(payload) or WORDS in str(payload)
        for payload in Handoff.objects.filter(subject=case.number).values_list("payload", flat=True)
    )
