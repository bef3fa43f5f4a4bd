"""Signing in, and the home page of each role."""

from __future__ import annotations

import re
from unittest.mock import patch

import pytest
from django.contrib.auth.hashers import get_hasher
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from officeflow.permissions import Role
from officeflow.staff.actions import grant_role
from officeflow.staff.models import User
from tests.people import PASSWORD


def sign_in(client: Client, username: str, password: str = PASSWORD, **data: str):
    return client.post(
        reverse("staff:sign-in"), {"username": username, "password": password, **data}
    )


def test_signing_in_leads_to_the_home_page(client: Client, rita: User) -> None:
    assert sign_in(client, "rita").headers["Location"] == reverse("staff:home")
    assert client.session["_auth_user_id"] == str(rita.pk)


def test_signing_in_leads_to_the_requested_page(client: Client, rita: User) -> None:
    asked = client.get(reverse("staff:password-change"))
    assert asked.status_code == 302
    answer = sign_in(client, "rita", next=reverse("staff:password-change"))
    assert answer.headers["Location"] == reverse("staff:password-change")


def test_signing_in_does_not_lead_to_another_host(client: Client, rita: User) -> None:
    answer = sign_in(client, "rita", next="https://elsewhere.example/")
    assert answer.headers["Location"] == reverse("staff:home")


def test_a_wrong_password_shows_an_error(client: Client, rita: User) -> None:
    answer = sign_in(client, "rita", "wrong")
    assert answer.status_code == 422
    assert answer.context["form"].errors
    assert "_auth_user_id" not in client.session


@pytest.mark.parametrize("way", ["page", "api"])
def test_a_refusal_costs_the_same_for_names_that_do_not_exist(
    rita: User, ravi: User, way: str
) -> None:
    User.objects.filter(pk=ravi.pk).update(is_active=False)

    def work(username: str) -> tuple[int, int, list[str]]:
        """Returns the status, how often a password was hashed, and the statements."""
        typed = {"username": username, "password": "wrong"}
        hasher = type(get_hasher())
        counting = patch.object(hasher, "encode", autospec=True, side_effect=hasher.encode)
        with CaptureQueriesContext(connection) as done, counting as hashed:
            if way == "page":
                answer = Client().post(reverse("staff:sign-in"), typed)
            else:
                answer = Client().post(
                    "/api/v1/auth/login/", typed, content_type="application/json"
                )
        words = [re.sub(r"'[^']*'|\d+", "…", query["sql"]) for query in done]
        return answer.status_code, hashed.call_count, words

    work("somebody")  # the first failure of an address begins its count
    assert work("rita") == work("ravi") == work("nobody")


def test_signing_out_ends_the_session_and_needs_a_post(client: Client, rita: User) -> None:
    client.force_login(rita)
    assert client.get(reverse("staff:sign-out")).status_code == 405
    answer = client.post(reverse("staff:sign-out"))
    assert answer.status_code == 200
    assert "_auth_user_id" not in client.session


@pytest.mark.parametrize(
    ("username", "address"),
    [
        ("rita", "/desk/"),
        ("femi", "/office/queue/fulfilment/"),
        ("wanda", "/office/queue/warehouse/"),
        ("amir", "/office/accounting/invoices/"),
        ("hanna", "/office/queue/hr/"),
        ("maya", "/dashboards/handoffs/"),
        ("ada", "/administration/"),
    ],
)
def test_each_role_has_its_home_page(
    client: Client, request: pytest.FixtureRequest, username: str, address: str
) -> None:
    client.force_login(request.getfixturevalue(username))
    assert client.get("/").headers["Location"] == address


def test_a_person_with_several_roles_starts_at_the_counter(client: Client, amir: User) -> None:
    grant_role(actor=None, user=amir, role=Role.RECEPTIONIST)
    client.force_login(amir)
    assert client.get("/").headers["Location"] == "/desk/"


def test_a_person_without_a_role_sees_whom_to_ask(client: Client, nils: User) -> None:
    client.force_login(nils)
    answer = client.get("/")
    assert answer.status_code == 200
    assert b"Ask your administrator" in answer.content
