"""The lockout after too many wrong passwords."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.conf import settings
from django.test import Client, RequestFactory
from django.urls import reverse

from officeflow.company.models import Office
from officeflow.staff.callers import counted_address
from officeflow.staff.models import User
from tests.people import PASSWORD

NOON = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)


def try_once(client: Client, username: str, password: str, address: str = "10.0.0.1"):
    return client.post(
        reverse("staff:sign-in"),
        {"username": username, "password": password},
        REMOTE_ADDR=address,
    )


def fail_to_the_limit(client: Client, username: str):
    for _ in range(settings.AXES_FAILURE_LIMIT - 1):
        assert try_once(client, username, "wrong").status_code == 422
    return try_once(client, username, "wrong")


def test_the_lockout_page_says_when_to_try_again(
    client: Client, office: Office, rita: User
) -> None:
    with time_machine.travel(NOON, tick=False):
        answer = fail_to_the_limit(client, "rita")
        assert answer.status_code == 429
        assert answer.headers["Retry-After"] == "900"
        assert "Try again at 12:15 p.m." in answer.content.decode()
        assert try_once(client, "rita", PASSWORD).status_code == 429


def test_after_the_lockout_the_right_password_works(client: Client, rita: User) -> None:
    with time_machine.travel(NOON, tick=False) as clock:
        fail_to_the_limit(client, "rita")
        clock.shift(timedelta(minutes=15, seconds=1))
        assert try_once(client, "rita", PASSWORD).status_code == 302


def test_the_same_name_at_another_address_is_not_locked_out(client: Client, rita: User) -> None:
    fail_to_the_limit(client, "rita")
    assert try_once(client, "rita", PASSWORD, address="10.0.0.2").status_code == 302


def test_a_colleague_at_the_same_address_is_not_locked_out(
    client: Client, rita: User, ravi: User
) -> None:
    fail_to_the_limit(client, "rita")
    assert try_once(client, "ravi", PASSWORD).status_code == 302


def test_a_successful_sign_in_resets_the_failures(client: Client, rita: User) -> None:
    for _ in range(settings.AXES_FAILURE_LIMIT - 1):
        try_once(client, "rita", "wrong")
    assert try_once(client, "rita", PASSWORD).status_code == 302
    client.logout()
    assert try_once(client, "rita", "wrong").status_code == 422


def test_a_network_of_addresses_counts_as_one(rita: User, settings: Any) -> None:
    client = Client()
    for number in range(settings.AXES_FAILURE_LIMIT - 1):
        try_once(client, "rita", "wrong", address=f"2001:db8:0:1::{number}")
    assert try_once(client, "rita", "wrong", address="2001:db8:0:1:ffff::1").status_code == 429
    assert try_once(client, "rita", PASSWORD, address="2001:db8:0:2::1").status_code == 302
    mapped = RequestFactory().get("/", REMOTE_ADDR="::ffff:192.0.2.1")
    assert counted_address(mapped) == "192.0.2.1"


def test_an_address_that_tries_many_names_is_locked_out(
    rita: User, settings: Any, caplog: pytest.LogCaptureFixture
) -> None:
    settings.SPRAYING_LIMIT = 5
    client, elsewhere = Client(), Client(REMOTE_ADDR="192.0.2.9")
    for number in range(5):
        sent = {"username": f"nobody{number}", "password": "Spring2026!"}
        assert client.post("/sign-in/", sent).status_code == 422
    right = {"username": "rita", "password": PASSWORD}
    assert client.post("/sign-in/", right).status_code == 429
    answer = client.post("/api/v1/auth/login/", right, content_type="application/json")
    assert answer.status_code == 429
    assert "security.locked_out" in caplog.text
    assert elsewhere.post("/sign-in/", right).status_code == 302


def test_a_known_device_is_not_locked_out_with_its_network(
    rita: User, ravi: User, settings: Any
) -> None:
    settings.SPRAYING_LIMIT = 5
    known, visitor = Client(), Client()
    assert try_once(known, "rita", PASSWORD).status_code == 302
    cookie = known.cookies[settings.DEVICE_COOKIE_NAME]
    assert (cookie["httponly"], cookie["samesite"]) == (True, "Strict")
    known.post(reverse("staff:sign-out"))
    for number in range(5):
        try_once(visitor, f"nobody{number}", "wrong")
    assert try_once(visitor, "ravi", PASSWORD).status_code == 429
    forged = Client()
    forged.cookies[settings.DEVICE_COOKIE_NAME] = "device:forged"
    assert try_once(forged, "ravi", PASSWORD).status_code == 429
    assert try_once(known, "ravi", PASSWORD).status_code == 302
    known.post(reverse("staff:sign-out"))
    for number in range(20):  # it is a guesser itself
        try_once(known, f"somebody{number}", "wrong")
    assert try_once(known, "rita", PASSWORD).status_code == 429
