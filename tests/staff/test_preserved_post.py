"""A form that is sent after its session has ended, or with another session's key, is preserved."""

from __future__ import annotations

import re

import pytest
from django.test import Client
from django.utils.html import escape

from officeflow.staff.models import User

ADDRESS = "/desk/orders/new/"
TYPED = {"customer_name": "Ağça & Söhne", "note": "two\nlines", "place": "1"}
PASSWORD = "a long password, 12"


@pytest.fixture
def rita_with_password(rita: User) -> User:
    rita.set_password(PASSWORD)
    rita.save()
    return rita


def sealed(page: str) -> str:
    found = re.search(r'name="preserved" value="([^"]+)"', page)
    assert found is not None
    return found[1]


def test_a_form_is_preserved_while_signing_in(
    client: Client, rita_with_password: User, office: object
) -> None:
    asked = client.post(ADDRESS, TYPED)
    assert asked.status_code == 401
    preserved = sealed(asked.content.decode())
    sign_in_form = {"username": "rita", "password": "wrong", "preserved": preserved}
    again = client.post("/sign-in/", sign_in_form)
    page = client.post(
        "/sign-in/",
        sign_in_form | {"password": PASSWORD, "preserved": sealed(again.content.decode())},
    ).content.decode()
    assert f'action="{ADDRESS}"' in page
    for name, value in TYPED.items():
        assert f'<textarea name="{name}" hidden>\n{escape(value)}</textarea>' in page


def test_a_form_is_offered_after_signing_in_in_another_window(
    client: Client, rita: User, office: object
) -> None:
    preserved = sealed(client.post(ADDRESS, TYPED).content.decode())
    client.force_login(rita)
    assert "two\nlines" in client.post("/sign-in/", {"preserved": preserved}).content.decode()


def test_a_tampered_form_is_not_offered(
    client: Client, rita_with_password: User, office: object
) -> None:
    preserved = sealed(client.post(ADDRESS, TYPED).content.decode())
    sign_in_form = {"username": "rita", "password": PASSWORD, "preserved": preserved[:-2]}
    assert client.post("/sign-in/", sign_in_form).status_code == 302


def test_a_form_with_a_password_is_not_preserved(client: Client, office: object) -> None:
    assert client.post("/password/", {"new_password1": "x", "other": "y"}).status_code == 302


@pytest.mark.parametrize(("origin", "is_kept"), [("http://testserver", True), ("null", False)])
def test_a_form_with_an_old_csrf_token_is_offered_if_it_is_of_our_origin(
    rita: User, office: object, origin: str, is_kept: bool
) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(rita)
    answer = client.post(ADDRESS, TYPED, headers={"Origin": origin})
    assert answer.status_code == 403
    assert ("two\nlines" in answer.content.decode()) == is_kept
