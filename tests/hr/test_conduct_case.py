"""Sealed conduct cases."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.apps import apps
from django.contrib import admin
from django.db import connection

from backoffice.hr.models import ConductCase
from backoffice.tickets.actions import complete_ticket, return_ticket, take_ticket
from backoffice.tickets.models import Ticket
from backoffice.tickets.states import Outcome, ReturnReason
from frontdesk.complaints.actions.complaints import raise_complaint, reopen_complaint
from frontdesk.complaints.models import ComplaintCategory
from frontdesk.questions.actions import answer_question
from frontdesk.questions.models import DeskQuestion
from officeflow.audit.models import AuditEntry, Realm
from officeflow.handoff.models import Handoff
from officeflow.permissions import Department
from officeflow.staff.models import User
from tests.hr.conftest import SECRET, WISH, complaint, deliver, reopened
from tests.people import PASSWORD

pytestmark = pytest.mark.django_db

BACKEND = "django.contrib.auth.backends.ModelBackend"


def places_of(words: str) -> set[str]:
    """Returns every column in the database that contains a text."""
    found = set()
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT table_name, column_name FROM information_schema.columns "
            "WHERE table_schema = 'public' AND data_type IN "
            "('text', 'character varying', 'jsonb', 'json')"
        )
        for table, column in cursor.fetchall():
            cursor.execute(
                f'SELECT count(*) FROM "{table}" WHERE "{column}"::text LIKE %s', [f"%{words}%"]
            )
            if cursor.fetchone()[0]:
                found.add(f"{table}.{column}")
    return found


def test_the_text_is_stored_in_hrs_case() -> None:
    deliver(complaint(), is_sealed=True)
    case = ConductCase.objects.get()
    assert (case.description, case.desired_outcome) == (SECRET, WISH)
    assert case.ticket.department == Department.HR
    assert case.ticket.subject == "CP-000001"


def test_the_desks_answer_to_hr_is_sealed(
    office: object, rita: User, hanna: User, drain: Callable[[], int]
) -> None:
    raise_complaint(
        actor=rita, customer=None, category=ComplaintCategory.CONDUCT, description=SECRET
    )
    drain()
    ticket = take_ticket(actor=hanna, ticket=Ticket.objects.get())
    return_ticket(actor=hanna, ticket=ticket, reason=ReturnReason.OTHER, question="Who was there?")
    drain()
    answer_question(actor=rita, question=DeskQuestion.objects.get(), answer=WISH)
    drain()
    assert places_of(WISH) == {"tickets_ticketquestion.answer"}


def test_the_text_is_stored_nowhere_else() -> None:
    deliver(complaint(), is_sealed=True)
    assert places_of(SECRET) == {"hr_conductcase.description"}
    assert places_of(WISH) == {"hr_conductcase.desired_outcome"}
    assert Handoff.objects.get(subject="CP-000001").payload == {}


def test_a_reopened_complaint_opens_another_sealed_case() -> None:
    deliver(complaint(), is_sealed=True)
    deliver(reopened(), is_sealed=True)
    assert ConductCase.objects.filter(complaint_number="CP-000001").count() == 2
    assert places_of("It happened again on Tuesday") == {"hr_conductcase.description"}
    assert Ticket.objects.filter(subject="CP-000001").count() == 2


def test_a_reopened_case_keeps_its_severity() -> None:
    deliver(complaint(severity="high"), is_sealed=True)
    deliver(reopened(), is_sealed=True)  # the desk knows no severity and says normal
    assert [case.severity for case in ConductCase.objects.all()] == ["high", "high"]
    first, second = ConductCase.objects.order_by("pk")
    assert second.order_number == first.order_number == "SO-000001"


def test_a_severe_case_is_due_earlier() -> None:
    deliver(complaint("CP-000001", severity="high"), is_sealed=True)
    deliver(complaint("CP-000002", severity="normal"), is_sealed=True)
    severe, ordinary = Ticket.objects.order_by("subject")
    assert severe.due_at < ordinary.due_at


def test_audit_entries_of_a_case_are_hrs_alone() -> None:
    deliver(complaint(), is_sealed=True)
    realms = AuditEntry.objects.filter(action__in=["open_conduct_case", "open_ticket"])
    assert set(realms.values_list("realm", flat=True)) == {Realm.HR}
    assert realms.count() == 2


def test_hr_has_no_pages_in_djangos_admin() -> None:
    registered = {model._meta.app_label for model in admin.site._registry}
    assert "hr" not in registered
    assert apps.get_app_config("hr") is not None


def test_hr_reads_the_case_on_the_tickets_page(client, hanna) -> None:
    deliver(complaint(), is_sealed=True)
    client.force_login(hanna, backend=BACKEND)
    page = client.get(f"/office/tickets/{Ticket.objects.get().number}/")
    assert page.status_code == 200
    assert SECRET in page.content.decode()
    assert WISH in page.content.decode()


def test_texts_between_desk_and_hr_are_sealed(rita, nora, hanna, drain) -> None:
    raised = raise_complaint(
        actor=rita,
        customer=nora,
        category=ComplaintCategory.CONDUCT,
        description=SECRET,
        desired_outcome=WISH,
    )
    drain()
    ticket = Ticket.objects.get(subject=raised.number)
    take_ticket(actor=hanna, ticket=ticket)
    complete_ticket(
        actor=hanna, ticket=ticket, outcome=Outcome.UPHELD, message="We are sorry and spoke to them"
    )
    drain()
    assert "frontdesk_complaint.message" in places_of("We are sorry and spoke to them")
    reopen_complaint(actor=rita, complaint=raised, reason="He never heard an apology himself")
    drain()
    assert places_of(SECRET) == {"hr_conductcase.description"}
    assert places_of(WISH) == {"hr_conductcase.desired_outcome"}
    assert places_of("He never heard an apology") == {"hr_conductcase.description"}
    assert places_of("We are sorry and spoke to them") == {"tickets_resolution.message"}


@pytest.mark.parametrize("who", ["rita", "femi", "wanda", "amir", "maya", "ada", "nils", "root"])
def test_other_departments_cannot_find_the_ticket(client, request, who: str) -> None:
    deliver(complaint(), is_sealed=True)
    if who == "root":  # the technical administrator: opens nothing of HR
        person = User.objects.create_superuser("root", PASSWORD, full_name="Root")
    else:
        person = request.getfixturevalue(who)
    client.force_login(person, backend=BACKEND)
    page = client.get(f"/office/tickets/{Ticket.objects.get().number}/")
    assert page.status_code in (403, 404)
    assert SECRET not in page.content.decode()
