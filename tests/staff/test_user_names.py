"""User names that look the same are one name: when they are given, signed in with and counted."""

from __future__ import annotations

import pytest
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction
from django.test import Client

from officeflow import limits
from officeflow.company.models import Office
from officeflow.errors import Refused
from officeflow.permissions import Role
from officeflow.staff.actions import accept_invitation, add_person, invite
from officeflow.staff.management import person_named
from officeflow.staff.models import User
from officeflow.staff.queries import propose_username
from officeflow.staff.resets import users_by_email_or_name
from tests.people import PASSWORD
from tests.staff.test_sign_in import sign_in

pytestmark = pytest.mark.django_db

# The user name of Rita in capitals, full-width letters and with another R.
SAME = ("RITA", "rita", " rita ", "\uff52\uff49\uff54\uff41", "\u211bita")
CYRILLIC_A = "\u0430"


def add(name: str) -> User:
    return add_person(
        actor=None, username=name, full_name="Another", password=PASSWORD, roles=[Role.HR]
    )


def token_status(name: str, password: str = PASSWORD) -> int:
    body = {"username": name, "password": password}
    return Client().post("/api/v1/auth/login/", body, content_type="application/json").status_code


@pytest.mark.parametrize("name", SAME)
def test_a_name_that_looks_the_same_is_taken(rita: User, ada: User, name: str) -> None:
    with pytest.raises(Refused, match="already has this user name"):
        add(name)
    issued = invite(actor=ada, full_name="Olga", roles=[Role.HR])
    with pytest.raises(Refused, match="already has this user name"):
        accept_invitation(token=issued.token, username=name, full_name="O", password=PASSWORD)
    with transaction.atomic(), pytest.raises(IntegrityError):
        User.objects.create_user(name.strip())
    assert User.objects.filter(full_name="Another").count() == 0


@pytest.mark.parametrize("name", SAME)
def test_it_signs_in_on_the_page_and_for_a_token(rita: User, name: str) -> None:
    client = Client()
    assert sign_in(client, name).status_code == 302
    assert client.session["_auth_user_id"] == str(rita.pk)
    assert token_status(name) == 200


def test_failures_count_for_the_name_however_it_is_typed(rita: User) -> None:
    assert settings.AXES_FAILURE_LIMIT == 6
    wrong = [sign_in(Client(), name, "wrong").status_code for name in (*SAME, "rITA")]
    assert wrong == [422] * 5 + [429]
    assert sign_in(Client(), "rita").status_code == 429
    assert token_status("Rita") == 429
    call_command("reset_password", SAME[3])
    assert sign_in(Client(), "rita").status_code == 302


@pytest.mark.parametrize("name", [f"rit{CYRILLIC_A}", f"{CYRILLIC_A}da", "\u03c1ita"])
def test_a_name_has_letters_of_one_alphabet(office: Office, name: str) -> None:
    with pytest.raises(Refused, match="one alphabet"):
        add(name)
    assert add("\u0430\u043d\u043d\u0430").username  # Anna in Cyrillic letters alone
    assert add("\u7530\u4e2d\u3055\u3093_2").username  # Chinese and Japanese characters


def test_the_longest_name_can_sign_in(office: Office) -> None:
    longest = "n" * limits.USER_NAME
    add(longest)
    with pytest.raises(Refused):
        add(longest + "n")
    assert sign_in(Client(), longest).status_code == 302
    assert token_status(longest) == 200
    assert sign_in(Client(), longest + "n").status_code == 422
    assert token_status(longest + "n") == 400
    with pytest.raises(Refused):  # it is too long when it is normalised
        add("\ufb03" * (limits.USER_NAME - 10))


def test_a_password_has_the_same_limit_everywhere(rita: User) -> None:
    for length, page, token in ((limits.PASSWORD, 422, 401), (limits.PASSWORD + 1, 422, 400)):
        answer = sign_in(Client(), "rita", "p" * length)
        assert (answer.status_code, token_status("rita", "p" * length)) == (page, token)
        is_counted = "password" not in answer.context["form"].errors
        assert is_counted == (length == limits.PASSWORD)


def test_an_account_from_before_signs_in_with_its_exact_name(rita: User) -> None:
    User.objects.filter(pk=add("other").pk).update(username="Rita", username_key=None)
    client = Client()
    sign_in(client, "Rita")
    assert client.session["_auth_user_id"] != str(rita.pk)
    client = Client()
    sign_in(client, "rita")
    assert client.session["_auth_user_id"] == str(rita.pk)


def test_a_proposed_name_is_free(rita: User) -> None:
    User.objects.filter(pk=rita.pk).update(username="Rita")
    assert propose_username("rita rossi") == "rita2"


def test_the_operators_command_refuses_it_too(rita: User) -> None:
    with pytest.raises(ValidationError):
        User(username=f"rit{CYRILLIC_A}", full_name="x").full_clean()
    with pytest.raises(IntegrityError):
        User.objects.create_superuser("RITA", PASSWORD)


def test_of_two_old_names_that_look_the_same_the_exact_one_is_meant(rita: User) -> None:
    old = add("other")
    User.objects.filter(pk=old.pk).update(username="Rita", username_key=None, email="o@e.example")
    for typed, person in (("Rita", old), (" Rita ", old), ("rita", rita), ("RITA", rita)):
        assert User.objects.get_by_natural_key(typed) == person
        assert users_by_email_or_name(typed) == [person]
    assert User.objects.best_named("RITA", "Rita", "rita", "nobody") == [rita, old]
    User.objects.filter(pk=old.pk).update(is_active=False)
    assert users_by_email_or_name("Rita") == []


@pytest.mark.parametrize("command", ["reset_password", "reset_second_factor"])
def test_a_command_acts_on_the_exact_name_and_refuses_one_that_several_look_like(
    rita: User, command: str
) -> None:
    User.objects.filter(pk=add("other").pk).update(
        username="Rita", username_key=None, is_active=False
    )
    with pytest.raises(CommandError, match=r"look like RITA: Rita, rita\. Type one exactly"):
        call_command(command, "RITA")
    with pytest.raises(CommandError, match="no user name nobody"):
        call_command(command, "nobody")
    assert person_named("Rita").is_active is False
    assert person_named("rita") == rita
