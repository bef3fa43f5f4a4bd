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


def test_what_was_typed_survives_signing_in(
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


def test_whoever_signed_in_in_another_window_goes_on(
    client: Client, rita: User, office: object
) -> None:
    preserved = sealed(client.post(ADDRESS, TYPED).content.decode())
    client.force_login(rita)
    assert "two\nlines" in client.post("/sign-in/", {"preserved": preserved}).content.decode()


def test_a_changed_form_is_not_given_back(
    client: Client, rita_with_password: User, office: object
) -> None:
    preserved = sealed(client.post(ADDRESS, TYPED).content.decode())
    sign_in_form = {"username": "rita", "password": PASSWORD, "preserved": preserved[:-2]}
    assert client.post("/sign-in/", sign_in_form).status_code == 302


def test_a_password_is_never_kept(client: Client, office: object) -> None:
    assert client.post("/password/", {"new_password1": "x", "other": "y"}).status_code == 302


@pytest.mark.parametrize(("origin", "is_kept"), [("http://testserver", True), ("null", False)])
def test_a_form_with_an_old_key_is_offered_again_if_it_is_ours(
    rita: User, office: object, origin: str, is_kept: bool
) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(rita)
    answer = client.post(ADDRESS, TYPED, headers={"Origin": origin})
    assert answer.status_code == 403
    assert ("two\nlines" in answer.content.decode()) == is_kept
