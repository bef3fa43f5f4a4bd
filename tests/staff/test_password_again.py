"""Changes of how colleagues sign in need the own password again."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.conf import settings
from django.test import Client
from django.urls import reverse

from officeflow.permissions import Role
from officeflow.second_factor.models import SecondFactor
from officeflow.staff.models import RoleGrant, User
from tests.people import PASSWORD

NOON = datetime.fromisoformat("2026-03-02T12:00:00+00:00")
NEW = "paper lantern at dusk"


@pytest.fixture(autouse=True)  # before the people, whose roles begin when they are hired
def clock() -> Any:
    with time_machine.travel(NOON, tick=False) as traveller:
        yield traveller


@pytest.fixture
def found_open(client: Client, ada: User, clock: Any) -> Client:
    """Returns Ada's browser, a while after she entered her password."""
    client.force_login(ada)
    clock.shift(timedelta(minutes=16))
    return client


def test_a_role_is_given_after_the_password_and_the_form_survives(
    found_open: Client, rita: User
) -> None:
    address = reverse("staff:person-grant", args=["rita"])
    sent = {"role": "hr", "valid_from": "", "valid_until": ""}
    page = found_open.post(address, sent).content.decode()
    assert 'name="role" value="hr"' in page
    assert not RoleGrant.objects.filter(user=rita, role=Role.HR).exists()
    wrong = found_open.post(address, {**sent, "again-password": "wrong"})
    assert wrong.status_code == 422
    assert 'name="role" value="hr"' in wrong.content.decode()
    assert found_open.post(address, {**sent, "again-password": PASSWORD}).status_code == 302
    assert RoleGrant.objects.filter(user=rita, role=Role.HR).exists()
    # For some minutes it is not asked for again.
    other = {"full_name": "Rita R", "email": "rita@example.org", "version": rita.version}
    assert found_open.post(reverse("staff:person", args=["rita"]), other).status_code == 302


@pytest.mark.parametrize(
    ("name", "args", "sent"),
    [
        ("staff:person-new", [], {"full_name": "Eve", "username": "eve", "roles": ["hr"]}),
        ("staff:person", ["rita"], {"full_name": "Rita", "email": "eve@example.org", "version": 1}),
        ("staff:person-grant", ["rita"], {"role": "hr"}),
        ("staff:person-password", ["rita"], {"password": NEW}),
        ("staff:person-reset-link", ["rita"], {}),
        ("staff:person-reactivate", ["rita"], {}),
        ("staff:invite", [], {"full_name": "Eve", "roles": ["hr"]}),
        ("second_factor:reset", ["rita"], {}),
    ],
)
def test_nothing_is_done_without_the_password(
    found_open: Client, rita: User, name: str, args: list[str], sent: dict[str, Any]
) -> None:
    before = User.objects.values().get(pk=rita.pk), User.objects.count()
    answer = found_open.post(reverse(name, args=args), sent)
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"].count("no-store") == 1
    assert 'name="again-password"' in answer.content.decode()
    assert (User.objects.values().get(pk=rita.pk), User.objects.count()) == before


def test_guesses_of_the_password_lead_to_the_lockout(found_open: Client, rita: User) -> None:
    address = reverse("staff:person-reset-link", args=["rita"])
    answers = [
        found_open.post(address, {"again-password": "wrong"}).status_code
        for _ in range(settings.AXES_FAILURE_LIMIT)
    ]
    assert answers[-1] == 429
    assert found_open.post(address, {"again-password": PASSWORD}).status_code == 429


def test_guesses_of_the_old_password_lead_to_the_lockout(client: Client, rita: User) -> None:
    client.force_login(rita)
    sent = {"new_password1": NEW, "new_password2": NEW}
    for _ in range(settings.AXES_FAILURE_LIMIT):
        answer = client.post(reverse("staff:password-change"), {**sent, "old_password": "wrong"})
    assert answer.status_code == 429
    right = client.post(reverse("staff:password-change"), {**sent, "old_password": PASSWORD})
    assert right.status_code == 429


def test_an_administrator_cannot_change_the_own_sign_in_on_the_pages_for_colleagues(
    client: Client, ada: User
) -> None:
    client.force_login(ada)
    SecondFactor.objects.create(user=ada, key=b"x", added_at=NOON)
    own = reverse("staff:person-password", args=["ada"])
    assert client.post(own, {"password": NEW})["Location"] == reverse("staff:password-change")
    client.post(reverse("second_factor:reset", args=["ada"]))
    assert User.objects.get(pk=ada.pk).check_password(PASSWORD)
    assert SecondFactor.objects.filter(user=ada).exists()
