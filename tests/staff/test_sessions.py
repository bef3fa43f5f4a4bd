"""Sessions and tokens end with the password or the account."""

from __future__ import annotations

import pytest
from django.conf import settings
from django.contrib.sessions.models import Session
from django.test import Client
from django.urls import reverse
from knox.auth import TokenAuthentication
from knox.models import AuthToken
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.test import APIRequestFactory

from officeflow.audit.models import AuditEntry
from officeflow.staff.actions import AlreadyInactive, deactivate_person
from officeflow.staff.models import User
from tests.people import PASSWORD

NEW_PASSWORD = "paper lantern at dusk"
INSIDE = reverse("staff:password-change")


@pytest.fixture
def elsewhere(client: Client, rita: User) -> Client:
    """Returns another client in which Rita is signed in, besides `client`."""
    client.force_login(rita)
    second = Client()
    second.force_login(rita)
    assert second.get(INSIDE).status_code == 200
    return second


def change_password(client: Client, old: str = PASSWORD):
    return client.post(
        INSIDE,
        {"old_password": old, "new_password1": NEW_PASSWORD, "new_password2": NEW_PASSWORD},
    )


def opens_the_api(token: str) -> bool:
    request = APIRequestFactory().get("/", headers={"Authorization": f"Token {token}"})
    try:
        return TokenAuthentication().authenticate(request) is not None
    except AuthenticationFailed:
        return False


def test_a_new_password_keeps_this_session_and_ends_the_others(
    client: Client, elsewhere: Client
) -> None:
    assert change_password(client).status_code == 302
    assert client.get(INSIDE).status_code == 200
    assert elsewhere.get(INSIDE).status_code == 302


def test_each_sign_in_begins_a_new_session_with_a_long_random_key(rita: User) -> None:
    guessed = "a" * 32
    keys = {guessed}
    for given in ("", guessed):
        client = Client()
        client.cookies[settings.SESSION_COOKIE_NAME] = given
        client.post(reverse("staff:sign-in"), {"username": "rita", "password": PASSWORD})
        keys.add(client.session.session_key)
    assert len(keys) == 3
    assert {len(key) for key in keys} == {32}


def test_a_new_password_ends_api_tokens(client: Client, elsewhere: Client, rita: User) -> None:
    _, token = AuthToken.objects.create(rita)
    assert opens_the_api(token)
    change_password(client)
    assert not opens_the_api(token)


def test_a_wrong_old_password_changes_nothing(client: Client, elsewhere: Client) -> None:
    assert change_password(client, old="not this").status_code == 422
    assert elsewhere.get(INSIDE).status_code == 200


def test_a_password_change_is_audited_without_the_password(
    client: Client, elsewhere: Client
) -> None:
    change_password(client)
    entry = AuditEntry.objects.get(action="change_password", subject="rita")
    assert entry.changes == {"password": None}


def test_deactivating_an_account_ends_its_sessions_and_tokens(
    client: Client, elsewhere: Client, rita: User, ada: User
) -> None:
    _, token = AuthToken.objects.create(rita)
    assert opens_the_api(token)
    deactivate_person(actor=ada, user=rita)
    assert client.get(INSIDE).status_code == 302
    assert elsewhere.get(INSIDE).status_code == 302
    assert not opens_the_api(token)
    assert not Session.objects.exists()


def test_deactivating_an_account_keeps_other_sessions(
    client: Client, rita: User, ravi: User, ada: User
) -> None:
    client.force_login(ravi)
    deactivate_person(actor=ada, user=rita)
    assert client.get(INSIDE).status_code == 200


def test_an_account_is_deactivated_once(rita: User, ada: User) -> None:
    deactivate_person(actor=ada, user=rita)
    with pytest.raises(AlreadyInactive):
        deactivate_person(actor=ada, user=rita)
