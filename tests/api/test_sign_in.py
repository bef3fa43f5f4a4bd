"""Signing in to the API."""

from __future__ import annotations

import pytest
from rest_framework.test import APIClient

from officeflow.staff.actions import (
    SignInChanged,
    change_password,
    deactivate_person,
    issue_token,
)
from officeflow.staff.forms import SignInForm
from officeflow.staff.models import User
from tests.api.conftest import Caller
from tests.people import PASSWORD

pytestmark = pytest.mark.django_db


def test_a_token_opens_the_api(rita: User, office: object) -> None:
    client = APIClient()
    answer = client.post("/api/v1/auth/login/", {"username": "rita", "password": PASSWORD})
    assert answer.status_code == 415  # JSON only
    answer = client.post(
        "/api/v1/auth/login/", {"username": "rita", "password": PASSWORD}, format="json"
    )
    assert set(answer.json()) == {"token", "expiry"}
    client.credentials(HTTP_AUTHORIZATION=f"Token {answer.json()['token']}")
    assert client.get("/api/v1/orders/").status_code == 200


def test_a_wrong_password_is_a_problem(rita: User) -> None:
    answer = APIClient().post(
        "/api/v1/auth/login/", {"username": "rita", "password": "wrong"}, format="json"
    )
    assert answer.status_code == 401
    assert answer["Content-Type"] == "application/problem+json"
    assert answer.json()["detail"] == SignInForm.error_messages["invalid_login"]


def test_repeated_failures_lock_out(rita: User) -> None:
    client = APIClient()
    codes = [
        client.post(
            "/api/v1/auth/login/", {"username": "rita", "password": "wrong"}, format="json"
        ).status_code
        for _ in range(8)
    ]
    assert codes[-1] == 429
    answer = client.post(
        "/api/v1/auth/login/", {"username": "rita", "password": PASSWORD}, format="json"
    )
    assert answer.status_code == 429


def test_a_token_is_required(office: object) -> None:
    answer = APIClient().get("/api/v1/orders/")
    assert answer.status_code == 401
    assert answer.json()["status"] == 401


def test_signing_out_ends_the_token(caller: Caller, office: object) -> None:
    rita = caller("rita")
    assert rita.send("auth/logout/").status_code == 204
    assert rita.read("orders/").status_code == 401


def test_deactivating_an_account_ends_its_tokens(caller: Caller, ada: User, rita: User) -> None:
    client = caller("rita")
    deactivate_person(actor=ada, user=rita)
    assert client.read("orders/").status_code == 401


def test_a_locked_out_caller_gets_a_problem(rita: User) -> None:
    client = APIClient()
    for _ in range(8):
        answer = client.post(
            "/api/v1/auth/login/", {"username": "rita", "password": "wrong"}, format="json"
        )
    assert set(answer.json()) == {"type", "title", "status", "detail", "errors"}
    assert int(answer["Retry-After"]) > 0


def test_a_forged_address_header_is_ignored(rita: User) -> None:
    client = APIClient()
    codes = [
        client.post(
            "/api/v1/auth/login/",
            {"username": f"nobody{n}", "password": "wrong"},
            format="json",
            headers={"X-Forwarded-For": f"198.51.100.{n}"},
        ).status_code
        for n in range(61)
    ]
    assert codes[-1] == 429


def test_no_token_survives_a_password_that_changes_meanwhile(rita: User) -> None:
    signed_in = User.objects.get(pk=rita.pk)
    change_password(actor=rita, user=rita, password="paper lantern at dusk")
    with pytest.raises(SignInChanged):
        issue_token(user=signed_in)
    deactivated = User.objects.get(pk=rita.pk)
    User.objects.filter(pk=rita.pk).update(is_active=False)
    with pytest.raises(SignInChanged):
        issue_token(user=deactivated)
