"""The text of a sealed case, searched for by everybody but HR on every page that they can open."""

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

# A word that is in no other text.
WORD = "quetzalcoatl"
OTHERS = ("rita", "femi", "amir", "maya", "ada", "nils")
NAVIGATION = re.compile(r"<nav.*?</nav>", re.DOTALL)
LINK = re.compile(r"""<a\s[^>]*?href=["'](/[^"'#]*)""")


def log_conduct_complaint(page: Page) -> None:
    """Logs the complaint on the page, with the word."""
    page.goto("/desk/complaints/new/")
    page.get_by_label("Conduct of a colleague").check()
    page.get_by_label("What happened?").fill(f"He shouted {WORD} at my grandmother")
    page.get_by_role("button", name="Log complaint").click()
    expect(page.locator("#complaint-badges")).to_contain_text("Logged")


def addresses(ticket: Ticket, complaint: Complaint) -> list[str]:
    """Returns the addresses on which the text might appear."""
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


def client_of(user: User) -> Client:
    """Returns a client with a session of this person."""
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def read(client: Client, address: str) -> tuple[int, str]:
    """Returns status and text of a page, after redirects."""
    answer = client.get(address, follow=True)
    return answer.status_code, answer.getvalue().decode(errors="replace")


def links(client: Client) -> set[str]:
    """Returns the links of the navigation."""
    status, page = read(client, "/")
    assert status == 200
    found = {link for part in NAVIGATION.findall(page) for link in LINK.findall(part)}
    assert found
    return found


def test_hr_alone_can_read_a_sealed_case(
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
        client = client_of(employ(name))
        for address in [*addresses(ticket, complaint), *sorted(links(client))]:
            assert_not_found(client, address, name)

    User.objects.filter(username="ada").update(is_staff=True, is_superuser=True)
    client = client_of(employ("ada"))
    for address in addresses(ticket, complaint):
        assert_not_found(client, address, "a superuser")


def assert_not_found(client: Client, address: str, who: str) -> None:
    """Asserts that the page has nothing of the case; a search repeats its query."""
    status, text = read(client, address)
    assert status < 500, (who, address)
    assert "shouted" not in text, (who, address)
    assert WORD not in text or address.endswith(WORD), (who, address)


def test_the_text_is_in_hrs_table_alone(
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
