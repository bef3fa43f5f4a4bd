"""HR's sealed case, looked for by everybody else in every room that they can enter."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from playwright.sync_api import Page, expect

from backoffice.hr.models import ConductCase
from backoffice.tickets.models import Ticket
from frontdesk.complaints.models import Complaint
from frontdesk.customers.models import Customer
from officeflow.staff.models import User
from tests.journeys.conftest import axe_clean, sign_in
from tests.people import employ

pytestmark = pytest.mark.django_db(transaction=True)

# A word that stands nowhere else in the house.
WORD = "quetzalcoatl"
OTHERS = ("rita", "femi", "amir", "maya", "ada", "nils")
NAVIGATION = re.compile(r"<nav.*?</nav>", re.DOTALL)
LINK = re.compile(r"""<a\s[^>]*?href=["'](/[^"'#]*)""")


def log_conduct_complaint(page: Page) -> None:
    """The author types it at the counter."""
    page.goto("/desk/complaints/new/")
    page.get_by_label("Conduct of a colleague").check()
    page.get_by_label("What happened?").fill(f"He shouted {WORD} at my grandmother")
    page.get_by_role("button", name="Log complaint").click()
    expect(page.locator("#complaint-badges")).to_contain_text("Logged")


def places(ticket: Ticket, complaint: Complaint) -> list[str]:
    """Where somebody curious would look, and every link of the navigation besides."""
    return [
        f"/desk/complaints/{complaint.number}/",
        "/desk/complaints/",
        "/desk/",
        f"/desk/search/?q={WORD}",
        f"/desk/search/?q={ticket.number}",
        f"/office/tickets/{ticket.number}/",
        "/office/queue/hr/",
        "/dashboards/handoffs/",
        "/dashboards/handoffs/consistency/",
        "/office/hr/commissions/",
        f"/api/v1/tickets/?subject={complaint.number}",
        "/api/v1/complaints/",
        "/api/v1/handoffs/?destination=hr",
        "/admin/",
    ]


def as_user(user: User) -> Client:
    """Somebody who types addresses by hand."""
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def read(client: Client, place: str) -> tuple[int, str]:
    """The status and the text of a page, wherever it leads."""
    answer = client.get(place, follow=True)
    return answer.status_code, answer.getvalue().decode(errors="replace")


def links(client: Client) -> set[str]:
    """The addresses that the navigation of the first page offers."""
    status, page = read(client, "/")
    assert status == 200
    found = {link for part in NAVIGATION.findall(page) for link in LINK.findall(part)}
    assert found
    return found


def test_a_sealed_case_is_read_by_hr_and_found_by_nobody_else(
    page: Page, rita: User, hanna: User, nora: Customer, drain: Callable[[], int]
) -> None:
    sign_in(page, rita)
    log_conduct_complaint(page)
    drain()
    complaint, ticket = Complaint.objects.get(), Ticket.objects.get(department="hr")
    assert WORD in ConductCase.objects.get().description

    sign_in(page, hanna)
    page.goto("/office/queue/hr/")
    page.goto(f"/office/tickets/{ticket.number}/")
    expect(page.locator("main")).to_contain_text(WORD)
    axe_clean(page)

    for name in OTHERS:
        client = as_user(employ(name))
        for place in [*places(ticket, complaint), *sorted(links(client))]:
            assert_not_found(client, place, name)

    User.objects.filter(username="ada").update(is_staff=True, is_superuser=True)
    client = as_user(employ("ada"))
    for place in places(ticket, complaint):
        assert_not_found(client, place, "a superuser")


def assert_not_found(client: Client, place: str, who: str) -> None:
    """Nothing of the case stands there; a search repeats what was typed, and no more."""
    status, text = read(client, place)
    assert status < 500, (who, place)
    assert "shouted" not in text, (who, place)
    assert WORD not in text or place.endswith(WORD), (who, place)


def test_the_text_lies_in_hrs_room_and_in_no_other_table(
    page: Page, rita: User, nora: Customer, drain: Callable[[], int]
) -> None:
    sign_in(page, rita)
    log_conduct_complaint(page)
    drain()
    holding = []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(
                f'SELECT count(*) FROM "{table}" AS row WHERE row::text LIKE %s', [f"%{WORD}%"]
            )
            if cursor.fetchone()[0]:
                holding.append(table)
    assert holding == [ConductCase._meta.db_table]
