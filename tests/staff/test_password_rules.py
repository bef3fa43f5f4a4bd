"""Passwords that are on lists, or made of the office's or the person's own words, are refused."""

from __future__ import annotations

import pytest

from officeflow.company.models import Office
from officeflow.errors import Refused
from officeflow.staff.actions import change_password
from officeflow.staff.models import User
from officeflow.staff.passwords import pronounceable_password
from tests.people import PASSWORD

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    "password",
    [
        "1q2w3e4r5t6y",
        "Password2026!",
        "iloveyou1234",
        "ritareceptionist",
        "Receptionist2026",
        "thepaperlantern",
        "PaperLantern1!",
        "officeflow2026",
        "rita@example.org",
    ],
)
def test_a_password_that_is_easy_to_guess_is_refused(
    rita: User, office: Office, password: str
) -> None:
    with pytest.raises(Refused):
        change_password(actor=rita, user=rita, password=password)


@pytest.mark.parametrize(
    ("password", "says"),
    [
        ("fg7$kQp2!", "Use at least 10 characters."),
        ("83027465918", "Use words or letters beside the digits."),
        ("1q2w3e4r5t6y", "This password is easy to guess."),
    ],
)
def test_the_refusal_says_what_to_do(rita: User, password: str, says: str) -> None:
    with pytest.raises(Refused, match=says):
        change_password(actor=rita, user=rita, password=password)


def test_good_and_made_up_passwords_are_accepted(rita: User) -> None:
    for password in (PASSWORD, "fg7$kQp2!vLz9", "x" * 40 + PASSWORD * 20, pronounceable_password()):
        change_password(actor=rita, user=rita, password=password)
