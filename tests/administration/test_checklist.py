"""The set-up checklist."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from officeflow.catalogue.models import Product
from officeflow.company.actions import OFFICE_HOURS, set_opening_hours
from officeflow.company.models import Office
from officeflow.permissions import Role
from officeflow.staff.actions import grant_role, invite
from officeflow.staff.models import RoleGrant, User
from officeflow.ui import checklist
from tests.html import compact

INDEX = reverse("administration:index")


def done(user: User) -> set[str]:
    return {step.key for step in checklist.steps(user) if step.is_done}


@pytest.fixture
def desk(client: Client, office: Office, ada: User) -> Client:
    """Returns a client in which Ada is signed in."""
    client.force_login(ada)
    return client


def test_a_step_is_done_when_its_data_exist(office: Office, ada: User) -> None:
    assert not {"contact", "hours", "products", "staff", "roles", "order"} & done(ada)
    set_opening_hours(actor=ada, hours=OFFICE_HOURS)
    Office.objects.update(email="shop@example.org", tax_number="GB1")
    office.main_site.address = "1 High Street"
    office.main_site.save()
    everything = [role for role in Role if role != Role.ADMINISTRATOR]
    invite(actor=ada, full_name="Olga Office", roles=everything)
    assert done(ada) >= {"contact", "hours", "staff", "roles"}
    assert "products" not in done(ada)


def test_a_role_is_missing_after_its_grant_has_ended(ada: User, desk: Client) -> None:
    for role in Role:
        if role != Role.ADMINISTRATOR:
            grant_role(actor=ada, user=ada, role=role)
    assert "roles" in done(ada)
    grants = RoleGrant.objects.filter(role=Role.HR)
    grants.update(
        valid_from=timezone.now() - timedelta(days=2), valid_until=timezone.now() - timedelta(1)
    )
    assert "Nobody has the role HR yet" in desk.get(INDEX).content.decode()


def test_an_administrator_sees_and_hides_the_checklist(desk: Client, mug: Product) -> None:
    assert desk.get("/").headers["Location"] == INDEX
    text = compact(desk.get(INDEX).content.decode())
    assert "left to set up" in text
    assert 'data-step="products" data-done="yes"' in text
    desk.post(reverse("administration:checklist-hide"))
    assert "Hide this list" not in desk.get(INDEX).content.decode()
    desk.post(reverse("administration:checklist-show"))
    assert "Hide this list" in desk.get(INDEX).content.decode()


def test_a_step_links_only_to_pages_the_person_may_open(ada: User) -> None:
    urls = {step.key: step.url for step in checklist.steps(ada)}
    assert urls["products"]
    assert not urls["order"]


def test_the_index_has_a_heading_for_each_section(desk: Client) -> None:
    page = desk.get(INDEX)
    for section in page.context["sections"]:
        heading = f'id="section-{section.section}">{section.label}</h2>'
        assert heading in page.content.decode()
