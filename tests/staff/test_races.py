"""Concurrent writes: administrators, user names, setting up the office."""

from __future__ import annotations

import pytest

from officeflow.company.actions import AlreadySetUp, set_up_office
from officeflow.company.models import Office
from officeflow.errors import Refused
from officeflow.permissions import Role
from officeflow.staff.actions import LastAdministrator, add_person, deactivate_person, grant_role
from officeflow.staff.models import User
from tests.people import employ
from tests.races import outcomes_at_once

pytestmark = pytest.mark.django_db(transaction=True)


def test_two_administrators_cannot_deactivate_each_other() -> None:
    ada, maya = employ("ada"), employ("maya")
    grant_role(actor=ada, user=maya, role=Role.ADMINISTRATOR)
    results = outcomes_at_once(
        lambda: deactivate_person(actor=ada, user=maya),
        lambda: deactivate_person(actor=maya, user=ada),
    )
    assert sorted(results) == [LastAdministrator.__name__, "done"]
    assert User.objects.filter(is_active=True).count() == 1


def test_a_user_name_is_taken_once() -> None:
    ada = employ("ada")

    def add() -> None:
        add_person(
            actor=ada, username="olga", full_name="Olga Office", password=None, roles=[Role.HR]
        )

    assert sorted(outcomes_at_once(add, add)) == [Refused.__name__, "done"]
    assert User.objects.get(username="olga").roles == {Role.HR}


def test_two_concurrent_set_ups_create_one_office() -> None:
    def open_it() -> None:
        set_up_office(
            actor=None,
            name="The Paper Lantern",
            time_zone="Europe/London",
            currency="GBP",
            language="en",
            site_name="Main shop",
        )

    assert sorted(outcomes_at_once(open_it, open_it)) == [AlreadySetUp.__name__, "done"]
    assert Office.objects.count() == 1
